import type { LogLine } from '../../core/rollout/logs.ts';
import type { ObservedTask } from '../../core/rollout/observation.ts';
import { bytesOf, inOrder, insert, type KeptLine, keep } from './kept-lines.ts';

/** So many lines of the end of a task are kept. */
const linesATask = 20;
/** So much of each, in characters. */
export const lineLength = 300;
/** Of so many tasks they are stored, and this much of all together, in bytes. */
const mostTasks = 10;
const mostBytes = 16_000;

/** The last lines of one task, oldest first, each once. */
export class Tail {
  readonly #lines: KeptLine[];

  constructor(lines: readonly KeptLine[]) {
    this.#lines = [...lines];
  }

  /** What is kept of it; null when it is older than all that is kept. */
  add(line: LogLine): KeptLine | null {
    const oldest = this.#lines[0];
    const isFull = this.#lines.length >= linesATask;
    if (isFull && oldest && inOrder(line, oldest) < 0) return null;
    const kept = keep(line, lineLength);
    insert(this.#lines, kept);
    if (this.#lines.length > linesATask) this.#lines.shift();
    return kept;
  }

  lines(): readonly KeptLine[] {
    return this.#lines;
  }
}

/** What is stored of all tails: those of stopped tasks before others, the first to stop before later ones. */
export function storedTails(
  tails: ReadonlyMap<string, readonly KeptLine[]>,
  tasks: readonly ObservedTask[],
): Record<string, KeptLine[]> {
  const rank = ({ stoppedAt, startedAt }: ObservedTask): number =>
    stoppedAt === null
      ? Number.MAX_SAFE_INTEGER - Date.parse(startedAt ?? '1970-01-01')
      : Date.parse(stoppedAt);
  const order = [...tasks].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
  const stored: Record<string, KeptLine[]> = {};
  let bytes = 0;
  for (const { id } of order) {
    const lines = tails.get(id) ?? [];
    if (lines.length === 0 || Object.keys(stored).length >= mostTasks) continue;
    const own: KeptLine[] = [];
    for (const line of lines.toReversed()) {
      bytes += bytesOf(line);
      if (bytes > mostBytes) break;
      own.unshift(line);
    }
    if (own.length > 0) stored[id] = own;
  }
  return stored;
}
