/** How the commands of a pipeline wait for the bot, in ms. */

/** Between two questions that were answered. */
export const pollMs = 10_000;
/** How long one answer of the bot may take. */
export const answerMs = 20_000;
const firstRetryMs = 2_000;
const longestRetryMs = 30_000;

/** How long to leave the bot alone after so many questions in a row without an answer; `asked` is its own wish. */
export function retryMs(silences: number, asked: number | null): number {
  return Math.max(asked ?? 0, Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(silences - 1, 10)));
}
