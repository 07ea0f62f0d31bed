import type { LogLine } from '../../core/rollout/logs.ts';
import type { ObservedTask } from '../../core/rollout/observation.ts';
import { FailureWindow } from './failure-window.ts';
import { type KeptLine, storable } from './kept-lines.ts';
import { type Matchers, matchersOf } from './matchers.ts';
import { aboutOf, type LineRules, type LogProgress, noProgress } from './progress.ts';
import { overlapMs } from './read-from.ts';
import { taskOfStream } from './streams.ts';
import { storedTails, Tail } from './tails.ts';
import { endedWell, migrationContainers, runningTasks } from './tasks.ts';

/** Whose lines are read, and what is looked for in them. */
export interface ReadingScope {
  /** Id of the deployment under test. */
  deployment: string;
  rules: LineRules;
  /** Container whose lines count; null: any. */
  container: string | null;
  /** All of the deployment, running and stopped. */
  tasks: readonly ObservedTask[];
  /** When this read begins. */
  began: Date;
}

/** So many tasks of other deployments are counted, then no more. */
const mostOthers = 20;
/** What the times of all tasks may take in the store, in bytes; tasks beyond it count as silent. */
const bytesForTasks = 18_000;
const bytesOfTask = 80;
const bytesOfTime = 9;

interface Own {
  id: string;
  first: number | null;
  found: (number | null)[];
  tail: Tail;
}

/**
 * One read of the lines of a deployment: takes them page by page and keeps only what a judgement needs. Cheap for
 * each line; nothing is kept of most.
 */
export class LogReading {
  readonly #progress: LogProgress;
  readonly #scope: ReadingScope;
  readonly #matchers: Matchers;
  /** Every task of the deployment. */
  readonly #ids: ReadonlySet<string>;
  /** Those that are followed. */
  readonly #own = new Map<string, Own>();
  readonly #others: Set<string>;
  readonly #failure: FailureWindow;
  /** By stream; null: nobody's. */
  readonly #writers = new Map<string, Own | string | null>();
  #newest: number | null = null;

  /** @throws an error in plain words for a pattern that RE2 does not take */
  constructor(progress: LogProgress | null, scope: ReadingScope) {
    const about = aboutOf(scope.deployment, scope.rules);
    this.#progress = progress?.about === about ? progress : noProgress(about);
    this.#scope = scope;
    this.#matchers = matchersOf(scope.rules);
    this.#ids = new Set(scope.tasks.map(({ id }) => id));
    this.#others = new Set(this.#progress.others);
    this.#failure = new FailureWindow(this.#progress.failure);
    for (const { id } of this.#followed()) this.#own.set(id, this.#start(id));
  }

  /** What was known before this read; of nothing where the deployment or the rules are others. */
  get before(): LogProgress {
    return this.#progress;
  }

  take(lines: readonly LogLine[]): void {
    for (const line of lines) {
      if (this.#newest === null || line.at > this.#newest) this.#newest = line.at;
      const writer = this.#writerOf(line.stream);
      if (writer === null) continue;
      if (typeof writer === 'string') this.#takeOther(writer, line);
      else this.#takeOwn(writer, line);
    }
  }

  /** What is known now. `isDrained`: the read came to the end of what there was. */
  end(isDrained: boolean): LogProgress {
    const { about, drainedAt } = this.#progress;
    const { tasks, began } = this.#scope;
    const own = [...this.#own.values()];
    return {
      about,
      from: this.#nextFrom(),
      drainedAt: isDrained ? began.getTime() : drainedAt,
      endedSince: this.#endedSince(),
      tasks: Object.fromEntries(own.flatMap((task) => timesOf(task))),
      failure: this.#failure.found(),
      others: [...this.#others],
      tails: storedTails(new Map(own.map(({ id, tail }) => [id, tail.lines().map(storable)])), tasks),
    };
  }

  /**
   * Pages come in the order of time, so what a read that was broken off has seen need not be read again. Where
   * somebody's clock is ahead, ours counts.
   */
  #nextFrom(): number | null {
    const { from } = this.#progress;
    if (this.#newest === null) return from;
    const next = Math.min(this.#newest, this.#scope.began.getTime()) - overlapMs;
    return Math.max(from ?? next, next);
  }

  #endedSince(): number | null {
    const { tasks, container, began } = this.#scope;
    if (container === null || !endedWell(migrationContainers(tasks, container))) return null;
    return this.#progress.endedSince ?? began.getTime();
  }

  /** As many tasks as can be followed: those of which something is known, then those that run. */
  #followed(): ObservedTask[] {
    const { tasks, rules } = this.#scope;
    const most = Math.floor(bytesForTasks / (bytesOfTask + bytesOfTime * rules.success.length));
    if (tasks.length <= most) return [...tasks];
    const running = new Set(runningTasks(tasks));
    const rank = (task: ObservedTask) =>
      (running.has(task) ? 0 : 2) + (this.#progress.tasks[task.id] ? 0 : 1);
    return [...tasks].sort((a, b) => rank(a) - rank(b)).slice(0, most);
  }

  #start(id: string): Own {
    const { tasks, tails } = this.#progress;
    const known = tasks[id];
    const found = this.#scope.rules.success.map((_, index) => {
      const after = known?.found[index];
      return known && typeof after === 'number' ? known.first + after : null;
    });
    return { id, first: known?.first ?? null, found, tail: new Tail(tails[id] ?? []) };
  }

  #writerOf(stream: string): Own | string | null {
    const known = this.#writers.get(stream);
    if (known !== undefined) return known;
    const task = taskOfStream(stream, this.#scope.container);
    // Tasks of this deployment that are too many to be followed are nobody's: no others.
    const writer = task === null ? null : (this.#own.get(task) ?? (this.#ids.has(task) ? null : task));
    // A group that is read as a whole may have any number of streams.
    if (this.#writers.size >= 10_000) this.#writers.clear();
    this.#writers.set(stream, writer);
    return writer;
  }

  #takeOther(task: string, { text }: LogLine): void {
    if (this.#others.size >= mostOthers || this.#others.has(task)) return;
    if (this.#matchers.any(text)) this.#others.add(task);
  }

  #takeOwn(task: Own, line: LogLine): void {
    const at = Math.min(line.at, this.#scope.began.getTime());
    if (task.first === null || at < task.first) task.first = at;
    const kept: KeptLine | null = task.tail.add(line);
    this.#failure.around(task.id, line, kept);
    this.#matchers.success(line.text, task.found, at);
    if (!this.#failure.isBefore(line)) return;
    const signature = this.#matchers.failure(line.text);
    if (signature) this.#failure.set(signature, task.id, line, task.tail.lines());
  }
}

function timesOf({ id, first, found }: Own): [string, LogProgress['tasks'][string]][] {
  if (first === null) return [];
  return [[id, { first, found: found.map((at) => (at === null ? null : at - first)) }]];
}

/** Takes lines of one read that came to its end (`isDrained`) or was broken off. Pure; see {@link LogReading}. */
export function advance(
  progress: LogProgress | null,
  lines: readonly LogLine[],
  scope: ReadingScope,
  isDrained = true,
): LogProgress {
  const reading = new LogReading(progress, scope);
  reading.take(lines);
  return reading.end(isDrained);
}
