import type { Pool } from 'pg';
import type { RolloutRules } from '../../src/core/rollout/rules.ts';
import type { Row } from '../report.ts';
import { type Fleet, startFleet } from '../stage/fleet.ts';
import { looksOf } from '../stage/fleet-looks.ts';
import type { AskedOnce } from '../stage/fleet-requests.ts';
import { freshDatabase } from '../stage/postgres.ts';
import type { Stage } from '../stage/process.ts';
import { percentile } from '../statistics.ts';
import { spreadMs } from './rollouts-fleet.ts';

/** AWS lets log lines be asked for 25 times a second there, elsewhere 5 to 10 times. */
const region = 'us-east-1';
/** Longer is not waited for the last verdict, and how often it is asked for, in ms. */
const patienceMs = 600_000;
const readEveryMs = 5_000;
/** In the second run so many requests are refused as too many, in the first minute. */
const refused = { probability: 0.05, forMs: 60_000 };

const rules: RolloutRules = {
  soakSeconds: 30,
  deadlineSeconds: 900,
  emptyPasses: false,
  imageTag: '{commit}',
  logs: {
    container: null,
    group: null,
    success: [{ name: 'ready', pattern: 'Listening on port', quorum: 'each' }],
    failure: [{ name: 'no database', pattern: 'database connection refused', cause: null }],
    timeoutSeconds: 150,
  },
  migration: null,
};

interface Seen {
  /** Rollouts by the outcome of their last verdict. */
  outcomes: Record<string, number>;
  /** From the first to be watched until the last passed. */
  lastS: number;
  /** What verdicts said of how often is looked, in s; 0: nothing. */
  saidS: number;
  intervalS: number;
  lateIntervals: number;
  calls: number;
  throttled: number;
  /** Calls a second in the busiest half minute, by bucket. */
  busiest: Record<string, number>;
}

/** A thousand rollouts of one account and region to their ends, by ECS and by their log lines; once more with throttles. */
export async function regionRows(
  stage: Stage,
  postgres: string,
  rounds: number,
  quick: boolean,
): Promise<Row[]> {
  const services = quick ? 20 : 1_000;
  const [calm, disturbed]: [Seen[], Seen[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    calm.push(await toTheirEnds(stage, postgres, services, false));
    disturbed.push(await toTheirEnds(stage, postgres, services, true));
  }
  const count = services.toLocaleString('en');
  return [
    ...rowsOf(`${count} rollouts in ${region} with a log rule`, services, calm, true),
    ...rowsOf(
      `the same, ${refused.probability * 100} of 100 calls throttled for a minute`,
      services,
      disturbed,
      false,
    ),
  ];
}

async function toTheirEnds(
  stage: Stage,
  postgres: string,
  services: number,
  isDisturbed: boolean,
): Promise<Seen> {
  const wish = { regions: [region], services, script: 'healthy-fast' as const, spreadMs, rules };
  const fleet = await startFleet(stage, wish, await freshDatabase(postgres));
  if (isDisturbed) {
    const { id } = await fleet.aws.addFault({ kind: 'throttle', probability: refused.probability });
    setTimeout(() => fleet.aws.removeFault(id), refused.forMs).unref();
  }
  const { from } = await fleet.open();
  const ended = await untilEnded(fleet, services);
  await fleet.asked.read();
  const { all } = fleet.asked;
  const looks = looksOf(all, await fleet.notes.all(), { rollouts: services, from, to: ended.at });
  await fleet.stop();
  return {
    outcomes: ended.outcomes,
    lastS: (ended.at - from) / 1_000,
    saidS: ended.saidS,
    intervalS: percentile(
      looks.intervalsS.filter((seconds) => seconds < 120),
      1,
    ),
    lateIntervals: percentile(looks.lateIntervals, 1),
    calls: all.length,
    throttled: all.filter(({ isThrottled }) => isThrottled).length,
    busiest: busiestOf(all),
  };
}

/** Waits until no rollout is awaited any more, or for as long as there is patience. */
async function untilEnded({ asked, pool }: Fleet, services: number) {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    await asked.read();
    const verdicts = await lastVerdicts(pool);
    const outcomes: Record<string, number> = {};
    for (const { outcome } of verdicts) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    const open = services - verdicts.length + (outcomes['waiting'] ?? 0);
    if (open === 0 || Date.now() > deadline) {
      const at = open === 0 ? Math.max(...verdicts.map(({ at: when }) => when.getTime())) : Date.now();
      return { outcomes, at, saidS: await longestSaid(pool) };
    }
    await new Promise((resume) => setTimeout(resume, readEveryMs));
  }
}

async function lastVerdicts(pool: Pool): Promise<{ outcome: string; at: Date }[]> {
  const { rows } = await pool.query<{ outcome: string; at: Date }>(
    `select distinct on (stream) data #>> '{verdict,outcome}' as outcome, at from event
       where type = 'RolloutJudged' order by stream, seq desc`,
  );
  return rows;
}

/** "every 15 s: 300 rollouts are watched here at once", in s. */
async function longestSaid(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ seconds: number | null }>(
    `select max(substring(one ->> 'value' from 'every ([0-9]+) s')::int) as seconds
       from event, jsonb_array_elements(data #> '{verdict,evidence}') as one
       where type = 'RolloutJudged' and one ->> 'label' = 'Looked at'`,
  );
  return rows[0]?.seconds ?? 0;
}

/** How AWS counts the operations, with what it lets come back a second. */
const buckets: Record<string, { operations: readonly string[]; perSecond: number }> = {
  services: { operations: ['DescribeServices'], perSecond: 20 },
  tasks: { operations: ['ListTasks', 'DescribeTasks'], perSecond: 20 },
  'service deployments': {
    operations: ['ListServiceDeployments', 'DescribeServiceDeployments', 'DescribeServiceRevisions'],
    perSecond: 20,
  },
  'task definitions': { operations: ['DescribeTaskDefinition'], perSecond: 20 },
  'log lines': { operations: ['FilterLogEvents'], perSecond: 25 },
};
const windowMs = 30_000;

function busiestOf(asked: readonly AskedOnce[]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(buckets).map(([name, { operations }]) => {
      const times = asked.filter(({ operation }) => operations.includes(operation)).map(({ at }) => at);
      let [most, from] = [0, 0];
      for (const [to, at] of times.entries()) {
        while ((times[from] ?? at) < at - windowMs) from += 1;
        most = Math.max(most, to - from + 1);
      }
      return [name, most / (windowMs / 1_000)];
    }),
  );
}

function rowsOf(what: string, services: number, seen: readonly Seen[], isCalm: boolean): Row[] {
  const values = (of: (one: Seen) => number) => seen.map(of);
  const rates = Object.entries(buckets).map(
    ([name, { perSecond }]): Row => ({
      what: `  calls a second for ${name}, busiest ${windowMs / 1_000} s`,
      unit: '',
      values: values(({ busiest }) => busiest[name] ?? 0),
      goal: { atMost: perSecond },
    }),
  );
  return [
    {
      what: `${what}: passed`,
      unit: '',
      values: values(({ outcomes }) => outcomes['pass'] ?? 0),
      goal: { atLeast: services },
    },
    { what: '  until the last had passed', unit: 's', values: values(({ lastS }) => lastS) },
    { what: '  the longest interval between looks', unit: 's', values: values(({ intervalS }) => intervalS) },
    { what: '  the longest that a verdict told of', unit: 's', values: values(({ saidS }) => saidS) },
    {
      what: '  the latest look, in intervals',
      unit: '×',
      values: values(({ lateIntervals }) => lateIntervals),
      ...(isCalm && { goal: { atMost: 1 } }),
    },
    { what: '  calls to AWS', unit: '', values: values(({ calls }) => calls) },
    ...(isCalm ? rates : []),
    {
      what: '  throttled',
      unit: '',
      values: values(({ throttled }) => throttled),
      ...(isCalm && { goal: { atMost: 0 } }),
    },
  ];
}
