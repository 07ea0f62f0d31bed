import type { RolloutRules } from '../../src/core/rollout/rules.ts';
import type { Row } from '../report.ts';
import { type FleetWish, imageFlags, startFleet } from '../stage/fleet.ts';
import { type Looks, looksOf } from '../stage/fleet-looks.ts';
import { freshDatabase } from '../stage/postgres.ts';
import type { Stage } from '../stage/process.ts';
import { cpuSeconds, peakResidentMb, residentMb } from '../stage/resident.ts';
import { percentile } from '../statistics.ts';

export const fleetRegions = ['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2', 'ap-southeast-2'];
/** How long is watched once all rollouts are open, and how often the requests are read meanwhile, in ms. */
const watchedMs = 120_000;
const readEveryMs = 15_000;
/** The last rollout begins so long after the first, in ms: ECS shows each before a look could call it not deployed. */
export const spreadMs = 20_000;

/** A rollout that is judged by ECS alone and that nothing ends while it is measured. */
const endless: RolloutRules = {
  soakSeconds: 3_600,
  deadlineSeconds: 7_200,
  emptyPasses: false,
  imageTag: '{commit}',
  logs: null,
  migration: null,
};

/** V8 lets its heap grow to more than twice what is alive where there is memory; with this it grows by a third. */
const growSlowly = '--optimize-for-size';

interface Seen {
  rollouts: number;
  /** Still watched at the end. */
  open: number;
  mb: { start: number; end: number; peak: number | null };
  /** Of one processor. */
  busy: number;
  calls: number;
  throttled: number;
  looks: Looks;
}

/** Thousands of rollouts in five regions, watched by one worker; and one alone, for what its looks cost. */
export async function fleetRows(
  stage: Stage,
  postgres: string,
  rounds: number,
  quick: boolean,
): Promise<Row[]> {
  const services = quick ? 20 : 1_000;
  const forMs = quick ? 30_000 : watchedMs;
  const [many, small, one]: [Seen[], Seen[], Seen[]] = [[], [], []];
  const all = { regions: fleetRegions, services };
  for (let round = 0; round < rounds; round += 1) {
    one.push(await watched(stage, postgres, { regions: fleetRegions.slice(0, 1), services: 1 }, forMs));
    many.push(await watched(stage, postgres, all, forMs));
    small.push(await watched(stage, postgres, { ...all, flags: [...imageFlags, growSlowly] }, forMs));
  }
  return [...rowsOf(many, one), ...sizeRows(`the same with ${growSlowly}`, small)];
}

async function watched(
  stage: Stage,
  postgres: string,
  size: Pick<FleetWish, 'regions' | 'services' | 'flags'>,
  forMs: number,
): Promise<Seen> {
  const wish = { ...size, script: 'healthy' as const, spreadMs, rules: endless };
  const fleet = await startFleet(stage, wish, await freshDatabase(postgres));
  const { pid } = fleet.worker;
  const start = await residentMb(pid);
  const [cpuBefore, beganAt] = [await cpuSeconds(pid), Date.now()];
  const { from, to: opened } = await fleet.open();
  while (Date.now() < opened + forMs) {
    await fleet.asked.read();
    await new Promise((resume) => setTimeout(resume, Math.min(readEveryMs, opened + forMs - Date.now())));
  }
  const to = Date.now();
  const busy = ((await cpuSeconds(pid)) - cpuBefore) / ((to - beganAt) / 1_000);
  await fleet.asked.read();
  const asked = fleet.asked.all.filter(({ at }) => at <= to);
  const notes = (await fleet.notes.all()).filter(({ notedAt }) => notedAt <= to);
  const rollouts = size.services * size.regions.length;
  const seen: Seen = {
    rollouts,
    open: await fleet.watched(),
    mb: { start, end: await residentMb(pid), peak: await peakResidentMb(pid) },
    busy,
    calls: asked.length,
    throttled: asked.filter(({ isThrottled }) => isThrottled).length,
    looks: looksOf(asked, notes, { rollouts, from, to }),
  };
  await fleet.stop();
  return seen;
}

function sizeRows(what: string, seen: readonly Seen[]): Row[] {
  const values = (of: (one: Seen) => number) => seen.map(of);
  return [
    { what: `${what}: the worker after its start`, unit: 'MB', values: values(({ mb }) => mb.start) },
    { what: '  at the end', unit: 'MB', values: values(({ mb }) => mb.end) },
    {
      what: '  at its peak',
      unit: 'MB',
      values: seen.flatMap(({ mb }) => mb.peak ?? []),
      goal: { atMost: mostMb },
    },
    { what: '  of one processor', unit: '%', values: values(({ busy }) => busy * 100) },
  ];
}

function rowsOf(many: readonly Seen[], one: readonly Seen[]): Row[] {
  const values = (of: (seen: Seen) => number) => many.map(of);
  const alone = one.map(({ calls, looks }) => calls / looks.count);
  const rollouts = (many[0]?.rollouts ?? 0).toLocaleString('en');
  const peaks = many.flatMap(({ mb }) => mb.peak ?? []);
  return [
    {
      what: `${rollouts} rollouts, the worker after its start`,
      unit: 'MB',
      values: values(({ mb }) => mb.start),
    },
    { what: '  at the end', unit: 'MB', values: values(({ mb }) => mb.end) },
    { what: '  at its peak', unit: 'MB', values: peaks, goal: { atMost: 300 } },
    { what: '  of one processor', unit: '%', values: values(({ busy }) => busy * 100) },
    {
      what: 'still watched at the end',
      unit: '',
      values: values(({ open }) => open),
      goal: { atLeast: many[0]?.rollouts ?? 0 },
    },
    { what: 'until each was looked at once', unit: 's', values: values(({ looks }) => looks.firstS) },
    {
      what: 'until the next look, in the middle',
      unit: 's',
      values: values(({ looks }) => percentile(looks.intervalsS, 0.5)),
    },
    { what: '  the longest', unit: 's', values: values(({ looks }) => percentile(looks.intervalsS, 1)) },
    {
      what: 'looks are late, in the middle',
      unit: 's',
      values: values(({ looks }) => percentile(looks.lateS, 0.5)),
    },
    { what: '  99 of 100 at most', unit: 's', values: values(({ looks }) => percentile(looks.lateS, 0.99)) },
    { what: '  the latest', unit: 's', values: values(({ looks }) => percentile(looks.lateS, 1)) },
    {
      what: '  the latest, in intervals',
      unit: '×',
      values: values(({ looks }) => percentile(looks.lateIntervals, 1)),
      goal: { atMost: 1 },
    },
    { what: 'looks', unit: '', values: values(({ looks }) => looks.count) },
    { what: 'calls to AWS', unit: '', values: values(({ calls }) => calls) },
    { what: '  a look', unit: '', values: values(({ calls, looks }) => calls / looks.count) },
    { what: '  a look at one rollout alone', unit: '', values: alone },
    {
      what: '  beside as many looks at one alone',
      unit: '×',
      values: many.map(({ calls, looks }, round) => calls / looks.count / (alone[round] ?? Number.NaN)),
      goal: { atMost: 0.1 },
    },
    { what: 'throttled by AWS', unit: '', values: values(({ throttled }) => throttled), goal: { atMost: 0 } },
  ];
}
