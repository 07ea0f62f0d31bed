import type { Case } from '../case.ts';
import type { Row } from '../report.ts';
import { freshDatabase, startPostgres } from '../stage/postgres.ts';
import type { Stage } from '../stage/process.ts';
import { type Asked, startReleaseTown } from '../stage/release-town.ts';
import { openRecords } from '../stage/validation-events.ts';
import { until } from '../stage/watch.ts';

const releases = 10;
const latencyMs = 100;
/** One message is to be written at most once in this time, in ms. */
const updateMs = 1_500;

/** 20 automated gates on 10 releases at once. */
export const validate: Case = {
  name: 'validate',
  about: `${releases} people open a release each at the same moment, with 20 automated gates over GitLab, Sentry, CloudWatch Logs,
ECS and a web site, all of which answer in ${latencyMs} ms and keep their real limits: from the commands to the last finding
recorded. Beside it what each source alone needs for the same questions: the bot's own jobs and adapters ask it, as many at
once as a worker does, while every other source answers at once and there is no Slack, Linear, store or queue. A 429 is any
answer with which a service says that there were too many, counted until all messages and records are written; those of
AWS (400, ThrottlingException) are counted apart, since its SDK finds the rate by being refused once.`,
  run: async (stage, { rounds, quick }) => {
    const count = quick ? 2 : releases;
    const postgres = await startPostgres(stage);
    const seen: Seen[] = [];
    for (let round = 0; round < rounds; round += 1) seen.push(await once(stage, count, postgres));
    return rows(seen);
  },
};

interface Seen {
  /** From the first command to the last finding, in s. */
  seconds: number;
  /** From the first command to the last form's acknowledgement, in s. */
  openS: number;
  /** What each source needs alone, in s. */
  alone: Record<string, number>;
  asked: Record<string, Asked>;
  /** Updates that Slack accepted. */
  updates: number;
  /** The most that one message was written within {@link updateMs}. */
  mostWrites: number;
}

async function once(stage: Stage, count: number, postgres: string): Promise<Seen> {
  const database = await freshDatabase(postgres);
  const town = await startReleaseTown(stage, { releases: count, latencyMs }, database);
  const bot = await town.startBot();
  const records = openRecords(stage, database);
  const { typedAt, openedAt } = await town.openAll();
  const foundAt = await until('every finding', () => records.lastFinding(town.names));
  await until('all messages and records', async () => (await records.isIdle()) || null);
  const { updates, mostWrites } = await writesOf(town);
  const asked = await town.asked();
  await bot.stop();
  const times = Object.entries(await town.alone());
  await town.stop();
  return {
    seconds: (foundAt - typedAt) / 1_000,
    openS: (openedAt - typedAt) / 1_000,
    alone: Object.fromEntries(times.map(([name, ms]) => [name, ms / 1_000])),
    asked,
    updates,
    mostWrites,
  };
}

/** By Slack's own log: how often each message was written, and the most within {@link updateMs}. */
async function writesOf({ people }: Awaited<ReturnType<typeof startReleaseTown>>) {
  const updates = (await people.requests('chat.update')).filter(({ ok }) => ok);
  const times = new Map<string, number[]>();
  for (const { at, arguments: given } of updates) {
    const ts = String(given['ts']);
    times.set(ts, [...(times.get(ts) ?? []), Date.parse(at)]);
  }
  const within = (all: number[]) =>
    all.map((from) => all.filter((at) => at >= from && at < from + updateMs).length);
  return { updates: updates.length, mostWrites: Math.max(0, ...[...times.values()].flatMap(within)) };
}

const shownSources: Record<string, string> = {
  codeHost: 'GitLab',
  web: 'the web site',
  errors: 'Sentry',
  logs: 'CloudWatch Logs',
  containers: 'ECS',
};

function rows(seen: readonly Seen[]): Row[] {
  const slowest = seen.map(({ alone }) => Math.max(...Object.values(alone)));
  const services = Object.keys(seen[0]?.asked ?? {});
  const values = (of: (one: Seen) => number) => seen.map(of);
  return [
    { what: 'from the commands to the last finding', unit: 's', values: values((one) => one.seconds) },
    { what: '  to the last form acknowledged', unit: 's', values: values((one) => one.openS) },
    ...Object.entries(shownSources).map(
      ([name, shown]): Row => ({
        what: `${shown} alone`,
        unit: 's',
        values: values(({ alone }) => alone[name] ?? Number.NaN),
      }),
    ),
    {
      what: 'gonogo ÷ the slowest source alone',
      unit: '×',
      values: seen.map(({ seconds }, round) => seconds / (slowest[round] ?? Number.NaN)),
      goal: { atMost: 1.2 },
    },
    ...services.map(
      (name): Row => ({
        what: `requests to ${name}`,
        unit: '',
        values: values(({ asked }) => asked[name]?.requests ?? Number.NaN),
      }),
    ),
    { what: 'updates of messages in Slack', unit: '', values: values(({ updates }) => updates) },
    {
      what: `most updates of one message in ${updateMs / 1_000} s`,
      unit: '',
      values: values(({ mostWrites }) => mostWrites),
      goal: { atMost: 1 },
    },
    {
      what: 'answers 429',
      unit: '',
      values: values(({ asked }) => {
        const { AWS: _, ...others } = asked;
        return Object.values(others).reduce((sum, { tooMany }) => sum + tooMany, 0);
      }),
      goal: { atMost: 0 },
    },
    {
      what: 'throttled by AWS',
      unit: '',
      values: values(({ asked }) => asked['AWS']?.tooMany ?? Number.NaN),
    },
  ];
}
