import { setTimeout as pause } from 'node:timers/promises';
import { describe, test } from 'vitest';
import { type Draw, drawFrom } from './support/draw.ts';
import { expectExactlyOnce, untilAllIsDone } from './support/ending.ts';
import { startBreakablePostgres } from './support/servers.ts';
import { type FaultTown, startFaultTown } from './support/town.ts';
import { addFaults, clearFaults } from './support/troubles.ts';

/**
 * Exactly once, whatever dies: 50 projects, workers killed with SIGKILL at drawn moments, GitLab and Slack losing
 * answers of what they did. The seed fixes the faults and the pauses between kills; what a kill hits is chance.
 */
const seeds = Array.from({ length: Number(process.env['GONOGO_FAULT_SEEDS'] ?? 3) }, (_, index) => index + 1);
const projects = 50;
const workers = 2;
const patienceMs = 240_000;

describe.concurrent('workers die and answers get lost', () => {
  test.each(seeds)('seed %i: one pipeline a project, one message a target', async (seed) => {
    // A server of its own: the processes of several runs at once need more connections than one server has.
    const postgres = await startBreakablePostgres();
    const town = await startFaultTown({
      projects,
      workers,
      pipelinesPerMinute: 150,
      databaseUrl: postgres.url,
    });
    try {
      const startedAt = performance.now();
      const draw = drawFrom(seed);
      await addFaults(town, draw);
      await town.deployAll(draw.chance(0.5) ? 2 : 1);
      if (draw.chance(0.5)) await town.people.redeliver('command');
      if (draw.chance(0.5)) await town.people.redeliver('interaction');
      const kills = await killWorkers(town, draw);
      await untilAllIsDone(town, patienceMs);
      const faults = await clearFaults(town);
      const { pipelines, messages } = await expectExactlyOnce(town);
      const seconds = Math.round((performance.now() - startedAt) / 1_000);
      console.info(
        `seed ${seed}: ${seconds} s, ${kills} kills, ${faults} faults, ${pipelines} pipelines, ${messages} messages`,
      );
    } finally {
      await town.stop();
      await postgres.close();
    }
  });
});

/**
 * Kills workers, now and then both at once, while the fan-out goes on, and asks a few to stop in order as a roll-out
 * does; each is replaced. Gives how many were killed.
 */
async function killWorkers(town: FaultTown, draw: Draw): Promise<number> {
  const rounds = draw.between(6, 12);
  let kills = 0;
  for (let round = 0; round < rounds; round += 1) {
    await pause(draw.between(100, 3_000));
    if (draw.chance(0.15)) {
      await town.replaceWorker(draw.between(1, workers), 'SIGTERM');
      continue;
    }
    const victims = draw.chance(0.2) ? [1, 2] : [draw.between(1, workers)];
    kills += victims.length;
    await Promise.all(victims.map((at) => town.replaceWorker(at, 'SIGKILL')));
  }
  return kills;
}
