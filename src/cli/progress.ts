import type { Clock } from '../core/ports.ts';
import { terminalText } from '../views/report-text.ts';
import type { Output } from './catalogue-check.ts';

/**
 * What a job says while it waits: a line when something changes, with the time since it began. In GitLab the lines
 * are a section that can be folded.
 */
export class Progress {
  readonly #stdout: Output['stdout'];
  readonly #now: Clock;
  readonly #began: number;
  readonly #section: string | null;
  #last = '';

  /** @param inGitLab whether its log knows sections */
  constructor({ stdout }: Pick<Output, 'stdout'>, now: Clock, inGitLab: boolean, title: string) {
    this.#stdout = stdout;
    this.#now = now;
    this.#began = now().getTime();
    this.#section = inGitLab ? 'gonogo_progress' : null;
    this.#mark('start', title);
  }

  /** Says it, unless it was what was said last. */
  say(text: string): void {
    const line = terminalText(text);
    if (line === this.#last) return;
    this.#last = line;
    const seconds = Math.max(0, Math.round((this.#now().getTime() - this.#began) / 1_000));
    const elapsed = `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
    this.#stdout.write(`${elapsed}  ${line}\n`);
  }

  end(): void {
    this.#mark('end', '');
  }

  #mark(edge: 'start' | 'end', title: string): void {
    if (!this.#section) {
      if (title) this.#stdout.write(`${title}\n`);
      return;
    }
    const seconds = Math.floor(this.#now().getTime() / 1_000);
    const reset = '\r\u001B[0K';
    this.#stdout.write(`\u001B[0Ksection_${edge}:${seconds}:${this.#section}${reset}${title}\n`);
  }
}
