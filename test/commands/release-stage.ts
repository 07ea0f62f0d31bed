import { onTestFinished } from 'vitest';
import type { Screen, View } from '../../sandbox/slack/screen.ts';
import type { SimulatedSlack } from '../../sandbox/slack/server.ts';
import { createSlackEdge } from '../../src/adapters/slack/bolt.ts';
import { createWebClient } from '../../src/adapters/slack/web-client.ts';
import { StoreDeliveries } from '../../src/adapters/store/deliveries.ts';
import { EventStore } from '../../src/adapters/store/event-store.ts';
import { Outbox } from '../../src/adapters/store/outbox.ts';
import { registerCommands } from '../../src/commands/index.ts';
import type { Catalogue } from '../../src/core/catalogue/catalogue.ts';
import { decide } from '../../src/core/release/decide.ts';
import type { ReleaseEvent } from '../../src/core/release/events.ts';
import { releaseChange } from '../../src/core/release/orders.ts';
import { releaseStream } from '../../src/core/release/stream.ts';
import { releaseMessage } from '../../src/views/release-message.ts';
import { clock, database } from '../adapters/store/stored.ts';
import { stage } from '../sandbox/slack/stage.ts';
import { ada, catalogueOf, nora, releases, rita, tess } from '../support/catalogue.ts';
import { keptLog } from '../support/log.ts';
import { until } from '../support/until.ts';
import { opening, phase, sha256 } from './sample-release.ts';

/** Further testers. */
export const timo = 'U0TIMO';
export const tara = 'U0TARA';
const people = { rita, tess, timo, tara, nora, ada };

/** Removes what looks like the one secret of these tests. */
const secrets = { remove: async (text: string) => text.replaceAll('hunter2', '[removed: password]') };

/**
 * The Slack edge alone: real Bolt and store, a simulated Slack with people in it, and no jobs. What the jobs would
 * record is recorded with `record`.
 */
export async function releaseStage(change: Partial<Catalogue> = {}) {
  const db = await database();
  const time = clock('2026-11-20T12:00:00.000Z');
  const pool = db.pool();
  const store = new EventStore(pool, time.now, () => undefined);
  const deliveries = new StoreDeliveries(pool);
  const desk = new Outbox(pool, time.now, () => undefined);
  const catalogue = catalogueOf(1, {
    roles: {
      releaseEngineer: { users: [rita], groups: [] },
      tester: { users: [tess, timo, tara], groups: [] },
      admin: { users: [ada], groups: [] },
    },
    phases: [phase],
    ...change,
  });
  const world = {
    people: Object.entries(people).map(([name, id]) => ({ id, name, realName: name })),
    channels: [{ id: releases, name: 'releases', botIsMember: true }],
    userGroups: [],
  };
  const { slack, control, client } = await stage({ world, timeScale: 100 });
  const log = keptLog();
  await startEdge(slack, log, (app) =>
    registerCommands(app, {
      store,
      catalogue,
      membersOf: async () => [],
      secrets,
      digest: sha256,
      desk,
      deliveries,
      permalink: async ({ channel, ts }) => `https://slack.test/archives/${channel}/p${ts}`,
      now: time.now,
      log,
    }),
  );
  const record = (events: ReleaseEvent[], actor = 'gonogo', id = '2026.47') =>
    store.change(releaseStream, id, (snapshot) =>
      releaseChange(id, snapshot, events, { actor, at: time.now(), digest: sha256 }),
    );
  const openAs = (details: ReturnType<typeof opening>, ...events: ReleaseEvent[]) =>
    record(
      [{ type: 'ReleaseOpened', data: details }, { type: 'PassStarted', data: { pass: 1 } }, ...events],
      rita,
    );
  const history = () => store.history('release/2026.47');
  const release = async (id = '2026.47') => {
    const { state } = await store.read(releaseStream, id);
    if (!state) throw new Error(`no release ${id}`);
    return state;
  };
  return {
    db,
    store,
    deliveries,
    desk,
    time,
    log,
    control,
    record,
    release,
    /** Opens the release as its form would, with what the jobs would have found. */
    open: (...events: ReleaseEvent[]) => openAs(opening(), ...events),
    openAs,
    history,
    /** Types of the events of the release after it was opened. */
    events: async () => (await history()).map(({ type }) => type).slice(2),
    /** Posts the release's message, as its job would. */
    post: async () => {
      const state = await release();
      const body = releaseMessage(state, decide(state, time.now(), sha256), time.now());
      const { text, blocks } = body;
      await client.chat.postMessage({ channel: releases, text, blocks: blocks as never });
    },
    /** Posts buttons of the bot. */
    say: (buttons: { name: string; value: string }[]) => {
      const elements = buttons.map(({ name, value }) => ({
        type: 'button',
        action_id: name,
        value,
        text: { type: 'plain_text', text: name },
      }));
      const blocks = [{ type: 'actions', elements }] as never;
      return client.chat.postMessage({ channel: releases, text: 'Buttons', blocks });
    },
    settled: (ask: () => Promise<boolean>) => until('it is recorded', ask),
    ...handsOf(control),
  };
}

async function startEdge(
  slack: SimulatedSlack,
  log: ReturnType<typeof keptLog>,
  register: (app: ReturnType<typeof createSlackEdge>['app']) => void,
): Promise<void> {
  const { botToken, apiUrl, appToken } = slack;
  const settings = { botToken, apiUrl, delivery: { kind: 'socket' as const, appToken } };
  const edge = createSlackEdge(settings, createWebClient(settings, log), log);
  register(edge.app);
  await edge.start();
  onTestFinished(() => edge.stop());
}

/** What a person does in one step, and what they see then. */
function handsOf(control: Awaited<ReturnType<typeof stage>>['control']) {
  const type = (user: string, text: string) =>
    control.command({ user, channel: releases, command: '/release', text });
  const press = (user: string, actionId: string, value?: string, times = 1) =>
    control.press({ user, actionId, times, ...(value !== undefined && { value }) });
  const inChannel = (user: string, actionId: string, times = 1) =>
    control.press({ user, channel: releases, actionId, times });
  const views = async (user: string) => (await control.screen(user)).views;
  /** Waits until the person's top view is what `fits` says. */
  const top = (user: string, fits: (view: View) => boolean) =>
    control.until(user, (screen: Screen) => {
      const view = screen.views.at(-1);
      return view && fits(view) ? view : undefined;
    });
  const titled = (user: string, title: string) => top(user, (view) => view.title === title);
  const enter = (user: string, block: string, value: string) =>
    control.type({ user, blockId: block, actionId: block, value });
  const choose = (user: string, block: string, value: string) =>
    control.choose({ user, blockId: block, actionId: block, values: [value] });
  const submit = (user: string, times = 1) => control.submit({ user, times });
  /** The latest words that only this person sees. */
  const whisper = (user: string) =>
    control.until(user, (screen) =>
      screen.channels
        .flatMap(({ messages }) => messages.flatMap((message) => [message, ...message.replies]))
        .findLast(({ ephemeral }) => ephemeral),
    );
  /** The latest words for this person alone, once they hold `text`. */
  const heard = async (user: string, text: string) => {
    const said = () => whisper(user).then((shown) => (wordsOf(shown).includes(text) ? shown : null));
    return until(`${user} reads "${text}"`, said);
  };
  return { type, press, inChannel, views, top, titled, enter, choose, submit, whisper, heard };
}

/** Everything that a view or message says, as one text. */
export function wordsOf(shown: object): string {
  return JSON.stringify(shown);
}
