import { digits, draws, poisson } from '../draw.ts';
import { streamOf, type Task } from '../ecs/task.ts';

/** Lines that are written all the time, or for a while. */
export interface Background {
  text: string;
  /** Mean of lines a minute, up to 500. */
  perMinute: number;
  /** Ms since 1970; from ever and for ever when absent. */
  from?: number;
  until?: number;
  /** Default: the streams of the tasks that run at that time; when none does, nobody writes. */
  stream?: string;
}

export interface LogLine {
  stream: string;
  /** Ms since 1970. */
  at: number;
  text: string;
  /** Decimal digits; sorts by time. */
  eventId: string;
  /** So much longer than others it takes until it is found, in ms; absent: no longer. */
  lateMs?: number;
}

const minute = 60_000;

/** One log group: lines that were put there, and backgrounds that are made up again whenever they are read. */
export class LogGroup {
  readonly name: string;
  readonly createdAt: number;
  readonly retentionInDays = 30;
  readonly #background: (Background & { id: number })[] = [];
  /** By start of the minute. */
  readonly #lines = new Map<number, LogLine[]>();
  readonly #streams = new Set<string>();
  #earliest: number;
  #ids = 0;

  constructor(name: string, createdAt: number) {
    this.name = name;
    this.createdAt = createdAt;
    this.#earliest = createdAt;
  }

  addBackground(background: Background): number {
    this.#ids += 1;
    this.#background.push({ ...background, id: this.#ids });
    this.#earliest = Math.min(this.#earliest, background.from ?? this.#earliest);
    return this.#ids;
  }

  background(): (Background & { id: number })[] {
    return [...this.#background];
  }

  /** Removes one, or all when no id is given, with every line that it wrote; says how many went. */
  removeBackground(id?: number): number {
    const before = this.#background.length;
    const staying = id === undefined ? [] : this.#background.filter((one) => one.id !== id);
    this.#background.splice(0, before, ...staying);
    return before - staying.length;
  }

  put(stream: string, at: number, text: string, lateMs = 0): LogLine {
    this.#ids += 1;
    // What one writer says within a millisecond keeps its order, as in CloudWatch.
    const order = String(this.#ids).padStart(20, '0');
    const id = `3${String(at).padStart(15, '0')}${order}${digits(`${this.name} put ${this.#ids}`, 20)}`;
    const line = { stream, at, text, eventId: id, ...(lateMs > 0 ? { lateMs } : {}) };
    const start = Math.floor(at / minute) * minute;
    const mates = this.#lines.get(start);
    if (mates) mates.push(line);
    else this.#lines.set(start, [line]);
    this.#streams.add(stream);
    this.#earliest = Math.min(this.#earliest, at);
    return line;
  }

  /** Names of the streams that somebody has written to. */
  streams(tasks: Task[]): Set<string> {
    const named = this.#background.flatMap(({ stream }) => (stream === undefined ? [] : [stream]));
    const started = tasks.filter(({ startedAt }) => startedAt !== null).map((task) => streamOf(task));
    return new Set([...this.#streams, ...named, ...started]);
  }

  /** The lines of [from, to] that are `known`, oldest first, whoever wrote them. */
  *read(
    tasks: Task[],
    from: number,
    to: number,
    known: (line: LogLine) => boolean = () => true,
  ): Generator<LogLine> {
    const first = Math.max(from, this.#earliest);
    for (let at = Math.floor(first / minute) * minute; at <= to; at += minute) {
      const made = this.#background.flatMap((background) => this.#written(background, at, tasks));
      const all = [...made, ...(this.#lines.get(at) ?? [])].filter(
        (line) => line.at >= from && line.at <= to && known(line),
      );
      yield* all.sort(inOrder);
    }
  }

  /** What a background wrote in one minute: the same each time. */
  #written(background: Background & { id: number }, start: number, tasks: Task[]): LogLine[] {
    const { id, text, perMinute, from = this.createdAt, until = Number.POSITIVE_INFINITY } = background;
    if (start + minute <= from || start >= until) return [];
    const key = `${this.name} ${id} ${start}`;
    const draw = draws(key);
    const count = poisson(perMinute, draw());
    return Array.from({ length: count }, (_, i) => {
      const at = start + Math.floor(draw() * minute);
      const stream = background.stream ?? writerAt(tasks, at, draw());
      return { stream, at, text, number: i };
    }).flatMap(({ stream, at, number }) => {
      if (stream === undefined || at < from || at >= until) return [];
      return [{ stream, at, text, eventId: eventId(at, `${key} ${number}`) }];
    });
  }
}

/** Oldest first; lines of one moment have an order of their own that never changes. */
function inOrder(a: LogLine, b: LogLine): number {
  return a.at - b.at || (a.eventId < b.eventId ? -1 : 1);
}

/** The stream of one of the tasks that run at that time. */
function writerAt(tasks: Task[], at: number, draw: number): string | undefined {
  const running = tasks.filter(
    ({ startedAt, stoppedAt }) =>
      startedAt !== null && startedAt <= at && (stoppedAt === null || at < stoppedAt),
  );
  const writer = running[Math.floor(draw * running.length)];
  return writer && streamOf(writer);
}

function eventId(at: number, key: string): string {
  return `3${String(at).padStart(15, '0')}${digits(key, 40)}`;
}
