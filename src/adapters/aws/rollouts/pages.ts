import type { OutsideError } from '../../../core/ports.ts';
import type { EcsOperation, PacedCalls, Send } from './calls.ts';

interface Page {
  nextToken?: string | undefined;
}

/**
 * Reads several lists to their ends, the first pages of all of them together, then the next ones. Only a page
 * without a token is the last; an empty one is not. Gives the pages of each list, in the order of `lists`.
 */
export async function pagesOf<L, P extends Page>(
  calls: PacedCalls,
  operation: EcsOperation,
  lists: readonly L[],
  sendOf: (list: L, token: { nextToken?: string }) => Send<P>,
  signal: AbortSignal,
): Promise<({ value: P[] } | { error: OutsideError })[]> {
  const read: ({ value: P[] } | { error: OutsideError })[] = lists.map(() => ({ value: [] }));
  let open = lists.map((list, i) => ({ list, i, token: {} }));
  while (open.length > 0) {
    const sends = open.map(({ list, token }) => sendOf(list, token));
    const answers = await calls.all(operation, sends, signal);
    open = open.flatMap(({ list, i }, at) => {
      const [answer, pages] = [answers[at], read[i]];
      if (!answer || !pages || 'error' in pages) return [];
      if ('error' in answer) {
        read[i] = answer;
        return [];
      }
      pages.value.push(answer.value);
      const { nextToken } = answer.value;
      return nextToken === undefined ? [] : [{ list, i, token: { nextToken } }];
    });
  }
  return read;
}
