import { describe, expect, test } from 'vitest';
import { type ReleaseScene, releaseSceneOf } from '../acceptance/support/release-scene.ts';
import { until } from '../support/until.ts';
import { drawFrom } from './support/draw.ts';
import { expectNoEarlyGo, expectSameEnd } from './support/release-ending.ts';
import { type AtMoment, isAllDone, patienceMs, playRelease, untilSaid } from './support/release-play.ts';
import { type ReleaseFaultTown, startReleaseFaultTown } from './support/release-town.ts';
import { type Moment, type ServiceName, sides, type Trouble } from './support/release-troubles.ts';
import { startBreakablePostgres } from './support/servers.ts';

/**
 * GitLab, Linear, Sentry or Slack fails in mid-validation, in every way and at a drawn moment each, for so many
 * requests; once it is mended the validation ends as if nothing had been. GONOGO_FAULT_SEED draws other moments.
 */
const seed = Number(process.env['GONOGO_FAULT_SEED'] ?? 1);
/** A service fails for at least so many requests; it may lose one answer only, where one write was all that was to do. */
const [blindRequests, lostAnswers] = [5, 2];

const said: Record<ServiceName, RegExp | null> = {
  GitLab: /GitLab could not be read/,
  Linear: /Linear could not be (read|written)/,
  Sentry: /Sentry could not be read/,
  Slack: null,
};

describe.concurrent('a service fails in mid-validation', () => {
  test.each(Object.keys(sides) as ServiceName[])(
    '%s: the same decision once it is back, nothing twice, no GO in between',
    async (service) => {
      const postgres = await startBreakablePostgres();
      const town = await startReleaseFaultTown({ databaseUrl: postgres.url, workers: 0 });
      const scene = releaseSceneOf(town);
      try {
        await playAll(town, scene, service);
      } finally {
        await scene.close();
        await town.stop();
        await postgres.close();
      }
    },
    600_000,
  );
});

async function playAll(town: ReleaseFaultTown, scene: ReleaseScene, service: ServiceName): Promise<void> {
  const { troubles, moments } = sides[service];
  const draw = drawFrom(seed * 100 + service.length);
  const shift = draw.between(0, moments.length - 1);
  const undisturbed = await playRelease(town, scene, 'undisturbed');
  expectNoEarlyGo(undisturbed, []);
  await expectSameEnd(town, scene, undisturbed, undisturbed);
  for (const [index, trouble] of troubles.entries()) {
    // Every moment comes up, whatever the draw.
    const moment = moments[(index + shift) % moments.length] ?? 'open';
    const name = `${service}, ${trouble.name}, at ${moment}`;
    const began = performance.now();
    try {
      await playOne(town, scene, `r${index}`, { service, trouble, moment, undisturbed });
    } catch (cause) {
      const told = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${name}: ${told}`, { cause });
    }
    console.info(`${name}: ${Math.round((performance.now() - began) / 1_000)} s`);
  }
}

interface Disturbance {
  service: ServiceName;
  trouble: Trouble;
  moment: Moment;
  undisturbed: Awaited<ReturnType<typeof playRelease>>;
}

async function playOne(
  town: ReleaseFaultTown,
  scene: ReleaseScene,
  id: string,
  { service, trouble, moment, undisturbed }: Disturbance,
): Promise<void> {
  const side = sides[service];
  const blind: { from: number; to: number }[] = [];
  const fail = async () => {
    await side.break(town, trouble);
    return Date.now();
  };
  const mend = async (from: number) => {
    const enough = trouble.isBlind ? blindRequests : lostAnswers;
    const hasFailed = async () => {
      const failed = await side.failed(town, from);
      return failed >= enough || (!trouble.isBlind && failed > 0 && (await isAllDone(town)));
    };
    await until('requests to fail', hasFailed, patienceMs);
    const words = said[service];
    if (trouble.name === 'outage' && words) await untilSaid(town, id, words);
    if (trouble.isBlind) blind.push({ from, to: Date.now() });
    await side.mend(town);
  };
  const disturbed: AtMoment = async (now, step) => {
    if (now !== moment) return step();
    // Without Slack nobody can press anything, and a check that is under way has begun before.
    const isAfter = service === 'Slack' || moment === 'checks';
    if (isAfter) await step();
    const from = await fail();
    if (!isAfter) await step();
    await mend(from);
  };
  const played = await playRelease(town, scene, id, disturbed);
  expectNoEarlyGo(played, blind);
  await expectSameEnd(town, scene, played, undisturbed);
  expect(blind, 'the service failed').toHaveLength(trouble.isBlind ? 1 : 0);
}
