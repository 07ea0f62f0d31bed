import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { promotionKeys } from '../../src/core/promotion/orders.ts';
import { regionState } from '../../src/core/promotion/state.ts';
import {
  type PromotionArchive,
  patienceMs,
  promotionArchiveOf,
} from '../acceptance/support/promotion-archive.ts';
import { apiToken, cluster, eu, image, path, us } from '../acceptance/support/promotion-town.ts';
import { rita } from '../support/catalogue.ts';
import { freshDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { pages } from './support/ending.ts';
import { environmentOf, type PromotionFaultTown, startPromotionFaultTown } from './support/promotion-town.ts';

/**
 * The only worker dies (SIGKILL) at every step of a deployment's validation, each hit on purpose: an answer or a row
 * of the database hangs for longer than the worker lives. Afterwards it ends as if nothing had happened.
 */
const delayMs = 120_000;

/** One deployment, and what is known of it. */
interface Deployed {
  of: string;
  commit: string;
}
type Step = 'begin' | 'end' | 'recheck';

interface Window {
  of: string;
  name: string;
  /** The step in which the worker dies. */
  step: Step;
  /** Lets something hang, so that the worker is caught in the window; gives what ends that. */
  prepare?(deployed: Deployed): Promise<() => Promise<unknown>>;
  /** Whether the worker is in the window. */
  isIn(deployed: Deployed): Promise<boolean>;
}

let database: Awaited<ReturnType<typeof freshDatabase>>;
let town: PromotionFaultTown;
let archive: PromotionArchive;

const has = async ({ of, commit }: Deployed, type: string) =>
  (await archive.state(commit, of)) !== null &&
  (await archive.eventsOf(commit, of)).some((event) => event.type === type);
const gitlabHangs = (route: string) => async () => {
  await town.forge.addFault({ kind: 'acceptThenTimeout', route, times: 1, delayMs });
  return () => town.forge.removeFault();
};
const isGitLabStruck = async () => (await town.forge.faults()).some(({ struck }) => struck > 0);
const awsHangs = async () => {
  await town.cloud.addFault({ kind: 'acceptThenTimeout', operation: 'DescribeTasks', times: 1, delayMs });
  return () => town.cloud.removeFault();
};
const isAwsStruck = async () => (await town.cloud.state()).faults.some(({ struck }) => struck > 0);

const windows: Window[] = [
  {
    of: 'w-hook',
    name: 'GitLab is asked what the hook was about',
    step: 'begin',
    prepare: gitlabHangs('GET /deployments'),
    isIn: isGitLabStruck,
  },
  {
    of: 'w-snapshot',
    name: 'the state before was recorded',
    step: 'begin',
    isIn: (deployed) => has(deployed, 'SnapshotTaken'),
  },
  {
    of: 'w-began',
    name: 'GitLab is asked who deployed',
    step: 'end',
    prepare: gitlabHangs('GET /pipelines/:id'),
    isIn: isGitLabStruck,
  },
  { of: 'w-look', name: 'AWS is looked at', step: 'end', prepare: awsHangs, isIn: isAwsStruck },
  {
    of: 'w-looked',
    name: 'AWS was looked at, and what it said is about to be recorded',
    step: 'recheck',
    prepare: ({ of, commit }) => holdStream(`promotion/${archive.idOf(commit, of)}`),
    isIn: isStreamAwaited,
  },
  {
    of: 'w-verdict',
    name: 'the verdict was recorded',
    step: 'end',
    isIn: (deployed) => has(deployed, 'RegionDecided'),
  },
  {
    of: 'w-message',
    name: 'the message was posted and not noted',
    step: 'end',
    prepare: async () => {
      await town.people.addFault({
        kind: 'acceptThenTimeout',
        method: 'chat.postMessage',
        times: 1,
        delayMs,
      });
      return () => town.people.clearFaults();
    },
    isIn: async ({ of, commit }) => {
      const { channels } = await town.people.screen(rita);
      return JSON.stringify(channels).includes(archive.idOf(commit, of));
    },
  },
  {
    of: 'w-status',
    name: 'the commit status was written and not noted',
    step: 'end',
    prepare: gitlabHangs('POST /statuses/:sha'),
    isIn: isGitLabStruck,
  },
  { of: 'w-recheck', name: 'AWS is looked at again', step: 'recheck', prepare: awsHangs, isIn: isAwsStruck },
];

beforeAll(async () => {
  database = await freshDatabase();
  town = await startPromotionFaultTown(
    database.url,
    windows.map(({ of }) => of),
  );
  archive = promotionArchiveOf(database.url, '');
});
afterAll(async () => {
  await archive?.close();
  await town?.stop();
  await database?.drop();
});

describe('a worker dies', () => {
  test.each(windows.map((window): [string, Window] => [window.name, window]))(
    'while %s: one run, the same decision, nothing twice, and the gate never open early',
    async (_, window) => {
      const gate = watchGate(window.of);
      try {
        const deployed = await play(window);
        const isTakenBack = window.step === 'recheck';
        await until('the gate to be open, or held again', () => isTakenBack || gate.opened.length > 0);
        await gate.stop();
        await expectSameEnd(deployed, isTakenBack);
        await expectNeverEarly(deployed, gate.opened, isTakenBack);
      } finally {
        await gate.stop();
      }
    },
    600_000,
  );
});

/** One deployment that goes well; before a re-check, somebody has put another one in its place. */
async function play(window: Window): Promise<Deployed> {
  const { of } = window;
  await town.forge.push({ project: path, ref: 'release', title: 'A change to deploy' });
  const head = { project: path, ref: 'release', environment: environmentOf(of, eu) };
  const known: { made?: Awaited<ReturnType<typeof town.forge.deploy>> } = {};
  const die = dieIn(window, () => ({ of, commit: known.made?.sha ?? '' }));
  await die('begin', async () => {
    known.made = await town.forge.deploy({ ...head, status: 'running', user: 'r.engineer' });
  });
  const { sha: commit = '', pipelineId = 0 } = known.made ?? {};
  const about = { region: eu, cluster, service: of, image: `${image}:${commit}` };
  await wait('the state before', () => has({ of, commit }, 'SnapshotTaken'));
  // It began when Terraform did, so that the first look finds it done.
  await town.cloud.deploy({ ...about, script: 'healthy-fast', pace: 10, agoMs: 60_000 });
  await die('end', () => town.forge.finish({ project: path, pipelineId, status: 'success' }));
  await wait('a GO', async () => (await decisionsOf({ of, commit })).at(-1) === 'GO');
  if (window.step !== 'recheck') return { of, commit };
  await die('recheck', async () => {
    await town.cloud.deploy({ ...about, script: 'healthy-fast', image: `${image}:${'f'.repeat(40)}` });
    await archive.hasten(`-/${eu}`);
  });
  await wait('the GO to be taken back', async () => (await decisionsOf({ of, commit })).at(-1) !== 'GO');
  return { of, commit };
}

/** Does the step; where it is the window's, the worker dies in it and another one takes its place. */
function dieIn(window: Window, deployed: () => Deployed) {
  return async (step: Step, act: () => Promise<unknown>): Promise<void> => {
    if (step !== window.step) return void (await act());
    const end = await window.prepare?.(deployed());
    try {
      await act();
      await wait(`the worker to be in the window: ${window.name}`, () => window.isIn(deployed()));
      await town.killWorker();
    } finally {
      await end?.();
    }
    await town.newWorker();
  };
}

async function expectSameEnd({ of, commit }: Deployed, isTakenBack: boolean): Promise<void> {
  const id = archive.idOf(commit, of);
  const first = await archive.state(commit, of);
  const state = first && regionState(first, eu);
  expect(await decisionsOf({ of, commit })).toEqual(isTakenBack ? ['GO', 'INCONCLUSIVE'] : ['GO']);
  const events = await archive.eventsOf(commit, of);
  for (const type of ['PromotionOpened', 'SnapshotTaken', 'RolloutStarted'])
    expect(
      events.filter((event) => event.type === type),
      type,
    ).toHaveLength(1);
  expect(state).toMatchObject({ run: 1, startedBy: 'gitlab:r.engineer' });
  await wait('all work but the standing looks to be done', async () => {
    const { rows } = await archive.pool.query(
      `select kind, key from outbox
         where finished < wanted and kind not in ('discover', 'rollout-news', 'rollouts')`,
    );
    return rows.length === 0;
  });
  const wanted = [
    promotionKeys.parent(id),
    promotionKeys.rollout(id, eu, 1),
    ...(first?.notices ?? []).map(({ seq }) => promotionKeys.notice(id, seq)),
  ];
  const keys = (await keysInSlack()).filter((key) => key.startsWith(`promotion/${id}/`));
  expect(keys.sort(), 'each message once').toEqual(wanted.sort());
  expect((await town.people.refusals()).filter(({ method }) => method.startsWith('chat.'))).toEqual([]);
  const { projects } = await town.forge.state();
  const statuses = projects
    .flatMap(({ commitStatuses }) => commitStatuses)
    .filter(({ sha }) => sha === commit);
  expect(statuses.map(({ name, state: is }) => [name, is])).toEqual([
    [`gonogo/${eu}`, isTakenBack ? 'failed' : 'success'],
  ]);
}

/** The keys of all our messages and replies, as often as each stands there. */
async function keysInSlack(): Promise<string[]> {
  const top = await pages(town.slack, 'conversations.history', {});
  const threads = await Promise.all(top.map(({ ts }) => pages(town.slack, 'conversations.replies', { ts })));
  const byTs = new Map([...top, ...threads.flat()].map((message) => [message.ts, message]));
  return [...byTs.values()].map(({ metadata }) => metadata?.event_payload.key ?? '');
}

/** The gate of the second region opened for this commit alone, and never before its GO was recorded. */
async function expectNeverEarly(
  deployed: Deployed,
  opened: { commit: string; at: number }[],
  isTakenBack: boolean,
): Promise<void> {
  const { of, commit } = deployed;
  const state = await archive.state(commit, of);
  const go = Date.parse((state && regionState(state, eu).decisions[0]?.at) ?? '');
  expect(opened.length, 'it opened').toBeGreaterThan(0);
  for (const { commit: asked, at } of opened) {
    expect(asked).toBe(commit);
    expect(at, 'a GO stands').toBeGreaterThanOrEqual(go);
  }
  expect(await isOpen(of, commit)).toBe(!isTakenBack);
}

/** Asks for the gate of the second region all the time, for whatever is at the head of the branch. */
function watchGate(of: string) {
  const opened: { commit: string; at: number }[] = [];
  const ending = new AbortController();
  const asking = (async () => {
    while (!ending.signal.aborted) {
      const { projects } = await town.forge.state();
      const commit = projects.flatMap(({ deployments }) => deployments).at(-1)?.sha;
      if (!commit) continue;
      if (await isOpen(of, commit)) opened.push({ commit, at: Date.now() });
    }
  })();
  let stopped: Promise<void> | null = null;
  return {
    opened,
    stop: () => {
      ending.abort();
      stopped ??= asking;
      return stopped;
    },
  };
}

async function isOpen(of: string, commit: string): Promise<boolean> {
  const response = await fetch(`${town.url}/api/gates/${of}/${us}?commit=${commit}&asked=x`, {
    headers: { authorization: `Bearer ${apiToken}` },
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { open: boolean }).open;
}

async function decisionsOf({ of, commit }: Deployed): Promise<string[]> {
  const state = await archive.state(commit, of);
  return state ? regionState(state, eu).decisions.map(({ decision }) => decision) : [];
}

/** Keeps everybody else from appending to a stream, until it is ended. */
async function holdStream(name: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: database.url });
  // The database goes with the test.
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin');
  await client.query('select 1 from gonogo.stream where name = $1 for update', [name]);
  return async () => {
    await client.query('rollback');
    await client.end();
  };
}

async function isStreamAwaited(): Promise<boolean> {
  const { rows } = await archive.pool.query(
    `select 1 from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like '%from stream%'`,
  );
  return rows.length > 0;
}

/** Waits generously; what the processes logged last is told when it was in vain. */
async function wait(what: string, isSo: () => Promise<boolean>): Promise<void> {
  await until(what, isSo, patienceMs).catch((cause: unknown) => {
    const logs = town.bots.map((bot) => bot.log().slice(-15).join('\n')).join('\n---\n');
    throw new Error(`In vain: ${what}\n${logs}`, { cause });
  });
}
