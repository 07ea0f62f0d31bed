import type { LogLine } from '../../core/rollout/logs.ts';
import type { FailureSignature } from '../../core/rollout/rules.ts';
import { inOrder, insert, type KeptLine, keep, storable } from './kept-lines.ts';
import type { FailureFound } from './progress.ts';
import { lineLength } from './tails.ts';

/** So many lines before and after it. */
const around = 5;
/** So much of the line itself, in characters. */
const hitLength = 1_000;

/** The first line of failure among all lines, in the order in which they were written, and what stands around it. */
export class FailureWindow {
  #found: FailureFound | null;

  constructor(found: FailureFound | null) {
    this.#found = found && { ...found, before: [...found.before], after: [...found.after] };
  }

  /** Whether this line would be the first one. */
  isBefore(line: LogLine): boolean {
    return this.#found === null || inOrder(line, this.#found.line) < 0;
  }

  /** @param tail the lines of the same task that are known, in order */
  set({ name, cause }: FailureSignature, task: string, line: LogLine, tail: readonly KeptLine[]): void {
    this.#found = {
      signature: name,
      cause,
      task,
      line: keep(line, hitLength),
      before: tail.filter((one) => inOrder(one, line) < 0).slice(-around),
      after: tail.filter((one) => inOrder(one, line) > 0).slice(0, around),
    };
  }

  /** Takes a line that may stand around it. `kept`: what was kept of it already. */
  around(task: string, line: LogLine, kept: KeptLine | null): void {
    if (this.#found?.task !== task) return;
    const order = inOrder(line, this.#found.line);
    if (order === 0) return;
    const { before, after } = this.#found;
    const [side, outer] = order < 0 ? [before, before[0]] : [after, after.at(-1)];
    const isFarther = outer && (order < 0 ? inOrder(line, outer) < 0 : inOrder(line, outer) > 0);
    if (side.length >= around && isFarther) return;
    insert(side, kept ?? keep(line, lineLength));
    if (side.length <= around) return;
    if (order < 0) side.shift();
    else side.pop();
  }

  found(): FailureFound | null {
    if (!this.#found) return null;
    const { line, before, after } = this.#found;
    return { ...this.#found, line: storable(line), before: before.map(storable), after: after.map(storable) };
  }
}
