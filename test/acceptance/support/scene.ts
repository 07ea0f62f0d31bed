import { vi } from 'vitest';
import type { Channel, Message, View } from '../../../sandbox/slack/screen.ts';
import { EventStore } from '../../../src/adapters/store/event-store.ts';
import { verifyChain } from '../../../src/adapters/store/hash-chain.ts';
import { Outbox } from '../../../src/adapters/store/outbox.ts';
import { createPool, endPool, storeSchema } from '../../../src/adapters/store/pool.ts';
import { releases, rita } from '../../support/catalogue.ts';
import type { Town } from '../../support/town.ts';
import { until } from '../../support/until.ts';

/** Every wait here ends as soon as what is awaited is there; the limit is for machines that are very busy. */
const patienceMs = 100_000;
vi.setConfig({ testTimeout: 150_000, hookTimeout: 150_000 });

/** Who acts, and where. */
interface Place {
  user?: string;
  channel?: string;
}

export type Scene = ReturnType<typeof sceneOf>;

/** What people do in a town in one step, and what they and GitLab show afterwards. */
export function sceneOf(town: Town) {
  const { people, forge } = town;

  /** Types `/release <text>`. */
  const type = (text: string, { user = rita, channel = releases }: Place = {}) =>
    people.command({ user, channel, command: '/release', text });
  const choose = (block: 'action' | 'project' | 'confirm', value: string, user = rita) =>
    people.choose({ user, blockId: block, actionId: block, values: [value] });
  /** `/release <text>`, confirm, Start. */
  const start = async (text: string, place: Place = {}, times = 1) => {
    const user = place.user ?? rita;
    await type(text, place);
    await choose('confirm', 'yes', user);
    return people.submit({ user, times });
  };
  const channelOf = async (user: string, id: string): Promise<Channel> => {
    const channel = (await people.screen(user)).channels.find((one) => one.id === id);
    if (!channel) throw new Error(`${user} does not see ${id}`);
    return channel;
  };
  /** What only this person sees, oldest first. */
  const whispers = async (user = rita, channel = releases) =>
    (await channelOf(user, channel)).messages.filter(({ ephemeral }) => ephemeral);
  const topView = async (user = rita) => (await people.screen(user)).views.at(-1);
  /** The parent messages of invocations, oldest first. */
  const parents = async () =>
    (await channelOf(rita, releases)).messages.filter((message) => isParent(message));
  /** Waits for the one parent whose text is `text`, or begins with it. */
  const parent = (text: string, timeoutMs = patienceMs) =>
    people.until(
      rita,
      (screen) =>
        screen.channels
          .find(({ id }) => id === releases)
          ?.messages.find((message) => isParent(message) && message.text.startsWith(text)),
      { timeoutMs },
    );
  /** The same, once each of its `count` thread replies has been written to its end too. */
  const told = (text: string, count: number, timeoutMs = patienceMs) =>
    people.until(
      rita,
      (screen) =>
        screen.channels
          .find(({ id }) => id === releases)
          ?.messages.find(
            (message) =>
              isParent(message) &&
              message.text.startsWith(text) &&
              message.replies.length >= count &&
              message.replies.every((reply) => !/: (waiting|starting|running)$/.test(reply.text)),
          ),
      { timeoutMs },
    );
  const press = (actionId: string, ts: string, { user = rita, times = 1 } = {}) =>
    people.press({ user, channel: releases, ts, actionId, times });
  /** Paths of the projects that have a pipeline, once for each pipeline, sorted. */
  const started = async () => (await forge.pipelines()).map(({ project }) => project).sort();
  return { type, choose, start, whispers, topView, parents, parent, told, press, started };
}

function isParent(message: Message): boolean {
  return !message.ephemeral && / of /.test(message.text) && message.blocks.length > 0;
}

/** Every text of a message or view as a person reads it, buttons and dialogs included. */
export function wordsOf(shown: Message | View | undefined): string {
  if (!shown) return '';
  const found: string[] = [];
  const walk = (value: unknown) => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) {
        if (name === 'text' && typeof inner === 'string') found.push(inner);
        else walk(inner);
      }
  };
  walk(shown.blocks);
  return found.join('\n');
}

/** What must never reach a person: the inside of the program. */
export const innards =
  /\bat .+:\d+|\b\w*Error\b|undefined|\[object|\bNaN\b|node_modules|gonogo\.\w|select |insert /;

/** A second pair of eyes on the bot's database. Give it back with `close`. */
export function archiveOf(town: Town) {
  const pool = createPool(town.settings.databaseUrl ?? '', storeSchema, town.log, { max: 2 });
  const now = () => new Date();
  const store = new EventStore(pool, now, () => undefined);
  const outbox = new Outbox(pool, now, () => undefined);
  return {
    outbox,
    store,
    ids: () => store.latest('invocation', 100),
    /** The types of an invocation's events in order; throws when its chain does not hold. */
    async eventsOf(id: string) {
      const stream = `invocation/${id}`;
      const events = await store.history(stream);
      const broken = verifyChain(
        events.map((event) => ({ ...event, stream })),
        await store.head(stream),
      );
      if (broken) throw new Error(`The history of ${id} does not hold at ${broken.seq}: ${broken.what}`);
      return events;
    },
    /** Waits until nothing is left to do but to look for what people start in GitLab. */
    rest: (timeoutMs = patienceMs) =>
      until(
        'all work done',
        async () => Object.keys(await outbox.openCounts()).every((kind) => kind === 'discover'),
        timeoutMs,
      ),
    close: () => endPool(pool),
  };
}

export type Archive = ReturnType<typeof archiveOf>;
