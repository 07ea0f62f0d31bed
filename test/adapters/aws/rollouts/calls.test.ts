import { expect, test } from 'vitest';
import { PacedCalls } from '../../../../src/adapters/aws/rollouts/calls.ts';
import { OutsideError } from '../../../../src/core/ports.ts';

const never = new AbortController().signal;
/** Of the bucket of tasks: 80 % of 20 a second. */
const spacingMs = 62.5;

function calls() {
  const taken: number[] = [];
  const pace = {
    reserve: async (_: string, ms: number) => {
      taken.push(Math.round(ms / spacingMs));
      return new Date(0);
    },
    holdUntil: async () => undefined,
  };
  const counts = {};
  return { taken, counts, paced: new PacedCalls('-/eu-west-1', { pace, now: () => new Date(0) }, counts) };
}

test.each([
  ['as many as are expected', 5, 5, [5]],
  ['more than are expected, one at a time after that', 3, 5, [3, 1, 1]],
  ['when nobody knows how many', 0, 2, [1, 1]],
  ['never more at once than the bucket has', 500, 81, [80, 1]],
])('calls in sequence take their turns together: %s', async (_, expected, made, turns) => {
  const { taken, counts, paced } = calls();
  const call = paced.inSequence('ListTasks', expected, never);
  for (let n = 0; n < made; n += 1) expect(await call(async () => n)).toBe(n);
  expect(taken).toEqual(turns);
  expect(counts).toEqual({ ListTasks: made });
});

test('a call in sequence that is refused throws, and one that is throttled is made again', async () => {
  const { paced, counts } = calls();
  const call = paced.inSequence('ListTasks', 2, never);
  let isThrottled = true;
  const refused = Object.assign(new Error('no'), {
    name: 'AccessDeniedException',
    $metadata: { httpStatusCode: 400 },
  });
  const throttled = Object.assign(new Error('slow'), { name: 'ThrottlingException' });
  const said = await call(async () => {
    if (!isThrottled) return 'done';
    isThrottled = false;
    throw throttled;
  });
  expect([said, counts]).toEqual(['done', { ListTasks: 2 }]);
  await expect(call(() => Promise.reject(refused))).rejects.toThrow(OutsideError);
});
