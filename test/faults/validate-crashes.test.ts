import { describe, expect, test } from 'vitest';
import { type ReleaseScene, releaseSceneOf } from '../acceptance/support/release-scene.ts';
import { until } from '../support/until.ts';
import { expectNoEarlyGo, expectSameEnd } from './support/release-ending.ts';
import { type Played, patienceMs, playRelease } from './support/release-play.ts';
import { type ReleaseFaultTown, startReleaseFaultTown } from './support/release-town.ts';
import type { Moment } from './support/release-troubles.ts';
import { startBreakablePostgres } from './support/servers.ts';

/**
 * The only worker dies (SIGKILL) in the narrow windows of a validation, each hit on purpose: an answer hangs for
 * longer than the worker lives, after the effect and before anyone could record it.
 */
const delayMs = 60_000;

interface Window {
  name: string;
  /** The step in which the worker dies. */
  moment: Moment;
  /** Lets an answer hang, so that the worker is caught in the window. */
  prepare(town: ReleaseFaultTown): Promise<unknown>;
  /** Whether the worker is in the window. */
  isIn(town: ReleaseFaultTown, scene: ReleaseScene, id: string): Promise<boolean>;
}

const linearHangs = (operation: string) => ({
  prepare: ({ tracker }: ReleaseFaultTown) =>
    tracker.addFault({ kind: 'acceptThenTimeout', operation, times: 1, delayMs }),
});

const windows: Window[] = [
  {
    name: 'GitLab is asked what should be running',
    moment: 'open',
    prepare: ({ forge }) =>
      forge.addFault({ kind: 'acceptThenTimeout', route: 'GET /deployments', times: 1, delayMs }),
    isIn: async ({ forge }) => (await forge.faults()).some(({ struck }) => struck > 0),
  },
  {
    name: 'a check has begun',
    moment: 'open',
    prepare: ({ errors }) => errors.addFault({ kind: 'acceptThenTimeout', delayMs }),
    isIn: async (_, scene, id) => {
      const events = await scene.eventsOf(id);
      return events.some(({ type, data }) => type === 'CheckStarted' && gateIn(data) === 'sentry');
    },
  },
  {
    name: 'the Linear issue was made and not looked at',
    moment: 'open',
    ...linearHangs('issueCreate'),
    isIn: async ({ tracker }, _, id) => (await issueOf(tracker, id)) !== undefined,
  },
  {
    name: 'a comment was made and not recorded',
    moment: 'decision',
    ...linearHangs('commentCreate'),
    isIn: async ({ tracker }, _, id) =>
      ((await issueOf(tracker, id))?.comments ?? []).some(({ body }) => body.includes('NO-GO')),
  },
  {
    name: 'the description was rewritten and not recorded',
    moment: 'recheck',
    ...linearHangs('issueUpdate'),
    isIn: async ({ tracker }) => (await tracker.faults()).some(({ struck }) => struck > 0),
  },
];

const halves = {
  'while a validation begins': windows.filter(({ moment }) => moment === 'open'),
  'while it goes on': windows.filter(({ moment }) => moment !== 'open'),
};

describe.concurrent('a worker dies', () => {
  test.each(Object.entries(halves))(
    '%s: the same decision, nothing twice',
    async (_, half) => {
      const postgres = await startBreakablePostgres();
      const town = await startReleaseFaultTown({ databaseUrl: postgres.url, workers: 1 });
      const scene = releaseSceneOf(town);
      try {
        const undisturbed = await playRelease(town, scene, 'undisturbed');
        for (const [index, window] of half.entries())
          await dieIn(town, scene, `w${index}`, window, undisturbed).catch((cause: Error) => {
            throw new Error(`${window.name}: ${cause.message}`, { cause });
          });
      } finally {
        await scene.close();
        await town.stop();
        await postgres.close();
      }
    },
    600_000,
  );
});

async function dieIn(
  town: ReleaseFaultTown,
  scene: ReleaseScene,
  id: string,
  { moment, prepare, isIn }: Window,
  undisturbed: Played,
): Promise<void> {
  let deaths = 0;
  const played = await playRelease(town, scene, id, async (now, step) => {
    if (now !== moment) return step();
    await prepare(town);
    await step();
    await until('the worker to be in the window', () => isIn(town, scene, id), patienceMs);
    await town.replaceWorker();
    deaths += 1;
    await Promise.all([town.forge.removeFault(), town.tracker.removeFault(), town.errors.removeFault()]);
  });
  expect(deaths, 'it died').toBe(1);
  expectNoEarlyGo(played, []);
  await expectSameEnd(town, scene, played, undisturbed);
}

async function issueOf(tracker: ReleaseFaultTown['tracker'], id: string) {
  return (await tracker.issues()).find(({ title }) => title.endsWith(` ${id}`));
}

function gateIn(data: unknown): unknown {
  return typeof data === 'object' && data !== null && 'gate' in data ? data.gate : undefined;
}
