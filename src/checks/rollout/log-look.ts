import type { Evidence } from '../../core/finding.ts';
import { type Clock, type Logger, OutsideError } from '../../core/ports.ts';
import type { LogJudgement } from '../../core/rollout/logs.ts';
import type { LogRules, MigrationRules, RolloutRules } from '../../core/rollout/rules.ts';
import type { TaskLogs } from '../../core/rollout/sources.ts';
import { lastLines } from '../logs/excerpts.ts';
import { judgeLogs, type LogFacts } from '../logs/judge-logs.ts';
import { judgeMigration } from '../logs/judge-migration.ts';
import { cleanProgress, type LogProgress } from '../logs/progress.ts';
import { readFrom } from '../logs/read-from.ts';
import { LogReading } from '../logs/reading.ts';
import type { Clean } from './clean-verdict.ts';
import { type LinesOf, linesOf } from './log-target.ts';
import type { UnderTest } from './under-test.ts';
import type { WatchMemo } from './watch-memo.ts';

/** What the lines of one rollout say, with what the next look needs to know of them. */
export interface LinesSaid {
  judgement: LogJudgement;
  logs: LogProgress | null;
  migration: LogProgress | null;
  evidence: Evidence[];
}

/** One read, or why there was none. */
interface Read {
  progress: LogProgress;
  drained: boolean;
  throttled: boolean;
  unreadable: string | null;
  /** Null: nothing was read this time. */
  shown: { group: string; url: string } | null;
}

/** So long new reads are begun in one look; whoever is left out is first in the next one, in ms. */
const readingMs = 15_000;
/** Kept of a line, in characters. */
const mostOfLine = 1_000;
/** Where there are no rules, the last lines are shown beside a failure all the same. */
const noRules: LogRules = { container: null, group: null, success: [], failure: [], timeoutSeconds: 0 };

const waitingForTasks: LogJudgement = {
  outcome: 'waiting',
  reason: 'Not all tasks run yet whose lines are awaited.',
  remedy: '',
  failureLine: false,
  excerpts: [],
};

/** Reads and judges the lines of rollouts within one look (C3, C4). */
export class LogLook {
  readonly #taskLogs: TaskLogs;
  readonly #place: { account: string | null; region: string };
  readonly #clean: Clean;
  readonly #now: Clock;
  readonly #log: Logger | undefined;
  readonly #signal: AbortSignal;
  readonly #until: number;

  constructor(
    taskLogs: TaskLogs,
    place: { account: string | null; region: string },
    clean: Clean,
    { now, log }: { now: Clock; log?: Logger },
    signal: AbortSignal,
  ) {
    this.#taskLogs = taskLogs;
    this.#place = place;
    this.#clean = clean;
    this.#now = now;
    this.#log = log;
    this.#signal = signal;
    this.#until = now().getTime() + readingMs;
  }

  /** What is said where nothing needs to be read yet; a failure that was found before still counts. */
  unread(found: UnderTest | null, rules: RolloutRules, memo: WatchMemo | null): LogJudgement {
    if (!found) return waitingForTasks;
    const facts = { ...found, drained: false, throttled: false, now: this.#now() };
    const said = [
      ...(rules.logs && memo?.logs ? [judgeLogs(memo.logs, rules.logs, facts)] : []),
      ...(rules.migration && memo?.migration ? [judgeMigration(memo.migration, rules.migration, facts)] : []),
    ];
    return said.find(({ outcome }) => outcome === 'fail') ?? waitingForTasks;
  }

  async take(found: UnderTest, rules: RolloutRules, memo: WatchMemo | null): Promise<LinesSaid> {
    const own = rules.logs ?? (rules.migration ? null : noRules);
    const logs = own && (await this.#read(found, own, memo?.logs ?? null));
    const migration = rules.migration && (await this.#read(found, rules.migration, memo?.migration ?? null));
    const said: LogJudgement[] = [];
    if (logs && own) {
      const judged = judgeLogs(logs.progress, own, this.#facts(found, logs));
      said.push(withExcerpts(judged, logs, found));
    }
    if (migration && rules.migration) {
      const judged = judgeMigration(migration.progress, rules.migration, this.#facts(found, migration));
      said.push(withExcerpts(judged, migration, found));
    }
    const at = this.#now().toISOString();
    const evidence = [logs, migration].flatMap((read): Evidence[] =>
      read?.shown ? [{ label: 'Log lines', value: read.shown.group, url: read.shown.url, at }] : [],
    );
    return {
      judgement: together(said),
      logs: logs?.progress ?? null,
      migration: migration?.progress ?? null,
      // The service and its migration mostly write to one group.
      evidence: evidence.filter(({ value }, i) => evidence.findIndex((one) => one.value === value) === i),
    };
  }

  #facts({ tasks, wanted }: UnderTest, { drained, throttled, unreadable }: Read): LogFacts {
    return { tasks, wanted, drained, throttled, unreadable, now: this.#now() };
  }

  async #read(found: UnderTest, rules: LogRules | MigrationRules, before: LogProgress | null): Promise<Read> {
    const lines = linesOf(found.definition, rules);
    const container = lines?.container ?? rules.container;
    const began = this.#now();
    const reading = new LogReading(before, {
      deployment: found.id,
      rules,
      container,
      tasks: found.tasks,
      began,
    });
    const known = reading.before;
    const none = { drained: false, throttled: false, unreadable: null, shown: null };
    if (!lines) return { ...none, progress: reading.end(false), unreadable: nowhere(found, rules) };
    // What was read to its end before stays so; only what is left out now is not known yet.
    if (began.getTime() >= this.#until) return { ...none, progress: known, drained: true };
    try {
      const { kind, url } = await this.#pages(lines, readFrom(known, rules, found.tasks, began), reading);
      if (kind === 'missing') this.#log?.debug({ ...lines }, 'There is no such log group or stream yet');
      const progress = await this.#cleaned(reading.end(true), known);
      return { ...none, progress, drained: true, shown: { group: lines.group, url } };
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!(error instanceof OutsideError)) throw error;
      this.#log?.warn({ err: error, ...lines }, 'The lines of a rollout could not be read');
      const progress = await this.#cleaned(reading.end(false), known);
      const unreadable = error.kind === 'refused' ? refusal(error) : null;
      return { ...none, progress, throttled: error.kind === 'busy', unreadable };
    }
  }

  #pages({ group, region, streamPrefix }: LinesOf, from: Date, reading: LogReading) {
    const { account } = this.#place;
    const query = { account, region: region ?? this.#place.region, group, streamPrefix, from, to: null };
    return this.#taskLogs.read(query, (page) => reading.take(page), this.#signal);
  }

  /** Only what is new is looked through for secrets: what was kept before is free of them. */
  #cleaned(progress: LogProgress, before: LogProgress): Promise<LogProgress> {
    const { failure, tails } = before;
    const lines = [
      ...Object.values(tails).flat(),
      ...(failure ? [...failure.before, failure.line, ...failure.after] : []),
    ];
    const known = new Set(lines.map(({ text }) => text));
    return cleanProgress(progress, async (text) => (known.has(text) ? text : this.#clean(text, mostOfLine)));
  }
}

function refusal({ problem: { what, why } }: OutsideError): string {
  return `The log lines cannot be read. ${[what, why].filter(Boolean).join(' ')}`;
}

function nowhere({ definition }: UnderTest, { container }: { container: string | null }): string {
  if (!definition)
    return 'The task definition of the deployment is not known, and so not where its lines are.';
  const which =
    container === null
      ? 'The task definition has not one essential container with'
      : `Container “${container}” has not`;
  return `${which} a log group and a stream prefix of the awslogs driver, so that its lines cannot be found.`;
}

/** A task that is being stopped counts as failed before it has stopped: its last lines are shown too. */
function withExcerpts(said: LogJudgement, { progress, shown }: Read, { tasks }: UnderTest): LogJudgement {
  const ending = tasks.filter(({ stopCode }) => stopCode !== null);
  const excerpts = said.excerpts.length > 0 ? said.excerpts : lastLines(progress, tasks, ending);
  return { ...said, excerpts: excerpts.map((one) => ({ ...one, url: one.url ?? shown?.url ?? null })) };
}

const worstFirst = ['fail', 'inconclusive', 'waiting', 'pass'] as const;

/** What the lines of the service and of its migration say together: the worse of the two, or both when all is well. */
function together(said: readonly LogJudgement[]): LogJudgement {
  const worst = worstFirst.find((outcome) => said.some((one) => one.outcome === outcome));
  const deciding = said.filter(({ outcome }) => outcome === worst);
  const [first = waitingForTasks] = deciding;
  return {
    ...first,
    reason: deciding.map(({ reason }) => reason).join(' '),
    failureLine: said.some(({ failureLine }) => failureLine),
    excerpts: deciding.flatMap(({ excerpts }) => excerpts),
  };
}
