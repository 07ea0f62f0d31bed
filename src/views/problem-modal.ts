import type { Problem } from '../core/problem.ts';
import { plainText, problemText, section } from './text.ts';

/** A refusal where there is no channel to whisper into: the Home. */
export function problemModal(problem: Problem) {
  return {
    type: 'modal' as const,
    title: plainText('Release'),
    close: plainText('Close'),
    blocks: [section(`:warning: ${problemText(problem)}`)],
  };
}
