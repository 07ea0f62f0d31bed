import type { Case } from '../case.ts';
import type { Row } from '../report.ts';
import { dataFolder, freshDatabase, serverPid, startPostgres } from '../stage/postgres.ts';
import { asShipped, plainly, type Stage } from '../stage/process.ts';
import { peakResidentMb, postgresMb, residentMb } from '../stage/resident.ts';
import { startTown, type Town, unlimitedGitLab, unlimitedSlack } from '../stage/town.ts';
import { allStarted, until } from '../stage/watch.ts';

const projects = 200;
const mostMb = 250;

/** Resident memory of bot and worker. */
export const memory: Case = {
  name: 'memory',
  about: `resident memory after the start, and after a cut-off of ${projects} projects whose pipelines have all ended, with the peak in
between; as one process with the embedded PostgreSQL (whose processes are counted apart, shared pages once), started as plain Node
and as it is shipped (V8 lets its heap grow to more than twice what is alive where there is memory; the flags keep it near that), and
as an edge and a worker beside a PostgreSQL.`,
  run: async (stage, { rounds, quick }) => {
    const count = quick ? 20 : projects;
    const postgres = await startPostgres(stage);
    const seen: Record<string, number[]> = {};
    const note = (what: string, mb: number | null) => {
      if (mb !== null) seen[what] = [...(seen[what] ?? []), mb];
    };
    for (let round = 0; round < rounds; round += 1) {
      await asOne(stage, count, note, 'plain Node');
      await asOne(stage, count, note, 'as shipped');
      await asTwo(stage, count, postgres, note);
    }
    return Object.entries(seen).map(([what, values]): Row => {
      const isGoal = !/PostgreSQL|plain/.test(what);
      return { what, unit: 'MB', values, ...(isGoal && { goal: { atMost: mostMb } }) };
    });
  },
};

const launches = { 'plain Node': plainly, 'as shipped': asShipped };

type Note = (what: string, mb: number | null) => void;

function town(stage: Stage, count: number): Promise<Town> {
  return startTown(stage, {
    projects: count,
    pipelinesPerMinute: 10_000,
    delivery: 'socket',
    slackTimeScale: unlimitedSlack,
    gitlabTimeScale: 10,
    gitlab: { ...unlimitedGitLab, latencyMs: 20 },
  });
}

async function asOne(stage: Stage, count: number, note: Note, how: keyof typeof launches): Promise<void> {
  const place = await town(stage, count);
  const folder = await dataFolder(stage);
  const bot = await place.startBot(['serve'], { folder }, launches[how]);
  const database = (await serverPid(folder)) ?? 0;
  const name = `one process, ${how}`;
  const isShipped = how === 'as shipped';
  note(`${name}, after the start`, await residentMb(bot.pid));
  if (isShipped) note('  its embedded PostgreSQL', await postgresMb(database));
  await fanOut(place, count);
  note(`${name}, after the fan-out`, await residentMb(bot.pid));
  note(`${name}, peak`, await peakResidentMb(bot.pid));
  if (isShipped) note('  its embedded PostgreSQL, after the fan-out', await postgresMb(database));
  await bot.stop();
  await place.stop();
}

async function asTwo(stage: Stage, count: number, postgres: string, note: Note): Promise<void> {
  const place = await town(stage, count);
  const database = { url: await freshDatabase(postgres) };
  const edge = await place.startBot(['serve', '--no-work'], database);
  const worker = await place.startBot(['worker'], database);
  note('edge + worker, after the start', (await residentMb(edge.pid)) + (await residentMb(worker.pid)));
  await fanOut(place, count);
  const [edgeMb, workerMb] = [await residentMb(edge.pid), await residentMb(worker.pid)];
  note('edge + worker, after the fan-out', edgeMb + workerMb);
  const peaks = [await peakResidentMb(edge.pid), await peakResidentMb(worker.pid)];
  note('edge + worker, both peaks', peaks.some((mb) => mb === null) ? null : sum(peaks));
  await edge.stop();
  await worker.stop();
  await place.stop();
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

async function fanOut(place: Town, count: number): Promise<void> {
  await place.cutOffAll();
  await allStarted(place.forge, count);
  await until('every pipeline to end', async () => {
    const pipelines = await place.forge.pipelines();
    return pipelines.every(({ status }) => status === 'success') ? pipelines : null;
  });
}
