import type { SecretFinder } from '../../core/sources.ts';
import { byAssignment } from './assignments.ts';
import { byValue, formsOf } from './exact.ts';
import { withoutFound } from './found.ts';
import { byLibrary } from './library.ts';
import { byPattern } from './patterns.ts';

/** Nothing that is shown is longer; the rest of a longer text is dropped, in characters. */
const longest = 100_000;
/** How far behind the cut is looked, so that a secret that it goes through is known as one. */
const lookahead = 4_000;

/** Secrets in foreign text: by secretlint's rules, by patterns of ours, and the very values of our own settings. */
export class SecretlintFinder implements SecretFinder {
  readonly #own: readonly string[];

  /** `own` are the secrets of our settings; empty and very short ones are not looked for. */
  constructor(own: readonly string[]) {
    this.#own = formsOf(own);
  }

  /** The text itself when there is no secret in it. Cut at 100,000 characters. */
  async remove(text: string): Promise<string> {
    const read = text.slice(0, longest + lookahead);
    const found = [
      ...byValue(read, this.#own),
      ...byPattern(read),
      ...byAssignment(read),
      ...(await byLibrary(read)),
    ];
    if (found.length === 0 && text.length <= longest) return text;
    return withoutFound(read, found, longest).toWellFormed();
  }
}
