import type { RolloutRules } from '../../src/core/rollout/rules.ts';
import type { Row } from '../report.ts';
import { type FleetWish, startFleet } from '../stage/fleet.ts';
import { type Looks, looksOf } from '../stage/fleet-looks.ts';
import { freshDatabase } from '../stage/postgres.ts';
import { plainly, type Stage } from '../stage/process.ts';
import { cpuSeconds, peakResidentMb, residentMb } from '../stage/resident.ts';
import { percentile, ratios } from '../statistics.ts';

const fleetRegions = ['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2', 'ap-southeast-2'];
/** What the worker may take, in MB. */
const mostMb = 300;
/** How long is watched once all rollouts are open, and how often the requests are read meanwhile, in ms. */
const watchedMs = 210_000;
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

/** After the last first question the rest of that look is still asked, in ms. */
const settleMs = 3_000;

interface Seen {
  rollouts: number;
  /** Still watched at the end. */
  open: number;
  mb: { start: number; end: number; peak: number | null };
  /** Of one processor. */
  busy: number;
  calls: number;
  /** Calls and looks once each had been looked at: the first look costs calls of its own. */
  later: { calls: number; looks: number };
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
  const [many, one]: [Seen[], Seen[]] = [[], []];
  const all = { regions: fleetRegions, services };
  for (let round = 0; round < rounds; round += 1) {
    one.push(await watched(stage, postgres, { regions: fleetRegions.slice(0, 1), services: 1 }, forMs));
    many.push(await watched(stage, postgres, all, forMs));
  }
  const plain = await watched(stage, postgres, { ...all, launch: plainly }, forMs);
  return [...rowsOf(many, one), ...sizeRows('the same once, started as plain Node', [plain], false)];
}

async function watched(
  stage: Stage,
  postgres: string,
  size: Pick<FleetWish, 'regions' | 'services' | 'launch'>,
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
  const looks = looksOf(asked, notes, { rollouts, from, to });
  const later = asked.filter(({ at }) => at > from + looks.firstS * 1_000 + settleMs);
  const seen: Seen = {
    rollouts,
    open: await fleet.watched(),
    mb: { start, end: await residentMb(pid), peak: await peakResidentMb(pid) },
    busy,
    calls: asked.length,
    throttled: asked.filter(({ isThrottled }) => isThrottled).length,
    looks,
    later: { calls: later.length, looks: later.reduce((sum, { services }) => sum + services.length, 0) },
  };
  await fleet.stop();
  return seen;
}

function sizeRows(what: string, seen: readonly Seen[], isShipped: boolean): Row[] {
  const values = (of: (one: Seen) => number) => seen.map(of);
  return [
    { what: `${what}: the worker after its start`, unit: 'MB', values: values(({ mb }) => mb.start) },
    { what: '  at the end', unit: 'MB', values: values(({ mb }) => mb.end) },
    {
      what: '  at its peak',
      unit: 'MB',
      values: seen.flatMap(({ mb }) => mb.peak ?? []),
      ...(isShipped && { goal: { atMost: mostMb } }),
    },
    { what: '  of one processor', unit: '%', values: values(({ busy }) => busy * 100) },
  ];
}

function rowsOf(many: readonly Seen[], one: readonly Seen[]): Row[] {
  const rollouts = many[0]?.rollouts ?? 0;
  return [
    ...sizeRows(`${rollouts.toLocaleString('en')} rollouts`, many, true),
    {
      what: 'still watched at the end',
      unit: '',
      values: many.map(({ open }) => open),
      goal: { atLeast: rollouts },
    },
    ...lookRows(many.map(({ looks }) => looks)),
    ...callRows(many, one),
  ];
}

function lookRows(looks: readonly Looks[]): Row[] {
  const inSeconds = (what: string, of: (one: Looks) => number): Row => {
    return { what, unit: 's', values: looks.map(of) };
  };
  return [
    inSeconds('until each was looked at once', ({ firstS }) => firstS),
    inSeconds('until the next look, in the middle', ({ intervalsS }) => percentile(intervalsS, 0.5)),
    inSeconds('  the longest', ({ intervalsS }) => percentile(intervalsS, 1)),
    inSeconds('looks are late, in the middle', ({ lateS }) => percentile(lateS, 0.5)),
    inSeconds('  99 of 100 at most', ({ lateS }) => percentile(lateS, 0.99)),
    inSeconds('  the latest', ({ lateS }) => percentile(lateS, 1)),
    {
      what: '  the latest, in intervals',
      unit: '×',
      values: looks.map(({ lateIntervals }) => percentile(lateIntervals, 1)),
      goal: { atMost: 1 },
    },
  ];
}

function callRows(many: readonly Seen[], one: readonly Seen[]): Row[] {
  const aLook = ({ calls, looks }: Seen) => calls / looks.count;
  const aLaterLook = ({ later }: Seen) => later.calls / later.looks;
  const ours = many.map(aLook);
  const alone = one.map(aLook);
  return [
    { what: 'looks', unit: '', values: many.map(({ looks }) => looks.count) },
    { what: 'calls to AWS', unit: '', values: many.map(({ calls }) => calls) },
    { what: '  a look', unit: '', values: ours },
    { what: '  a look at one rollout alone', unit: '', values: alone },
    {
      what: '  beside as many looks at one alone',
      unit: '×',
      values: ratios(ours, alone),
      goal: { atMost: 0.1 },
    },
    { what: '  a look once each was looked at', unit: '', values: many.map(aLaterLook) },
    {
      what: '  beside as many of one alone',
      unit: '×',
      values: ratios(many.map(aLaterLook), one.map(aLaterLook)),
    },
    {
      what: 'throttled by AWS',
      unit: '',
      values: many.map(({ throttled }) => throttled),
      goal: { atMost: 0 },
    },
  ];
}
