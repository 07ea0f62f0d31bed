import { InvalidInputLinearError, RatelimitedLinearError } from '@linear/sdk';
import { describe, expect, test } from 'vitest';
import { rejection, started } from './started.ts';

type Client = Awaited<ReturnType<typeof started>>['client'];

/** Asks until it is refused; fails after `most` answers. */
async function untilRefused(client: Client, most: number): Promise<unknown> {
  for (let i = 0; i < most; i += 1)
    try {
      await client.viewer;
    } catch (error) {
      return error;
    }
  throw new Error(`${most} requests were all answered`);
}

describe('too many requests', () => {
  test('the SDK gives seconds to wait and the budgets', async () => {
    const { client, control } = await started({ world: { requestsPerHour: 3 } });
    const error = await untilRefused(client, 5);
    expect(error).toBeInstanceOf(RatelimitedLinearError);
    expect(error).toMatchObject({
      status: 400,
      retryAfter: 1200,
      requestsLimit: 3,
      requestsRemaining: 0,
      complexityLimit: 3_000_000,
      message: expect.stringContaining('Only 3 requests are allowed per 1 hour'),
    });
    expect((error as RatelimitedLinearError).requestsResetAt).toBeGreaterThan(Date.now());
    expect((await control.requests()).at(-1)).toMatchObject({ errors: ['RATELIMITED'], status: 400 });
  });

  test('without Retry-After the moment of the reset is all that is told', async () => {
    const { client } = await started({
      world: { requestsPerHour: 1, rateLimitStatus: 429, retryAfterHeader: false },
    });
    const error = await untilRefused(client, 3);
    expect(error).toBeInstanceOf(RatelimitedLinearError);
    expect(error).toMatchObject({ status: 429, retryAfter: undefined });
    expect((error as RatelimitedLinearError).requestsResetAt).toBeGreaterThan(Date.now());
  });

  test('the budget refills by and by', async () => {
    const { client } = await started({ world: { requestsPerHour: 1 }, timeScale: 36_000 });
    await untilRefused(client, 50);
    await expect.poll(async () => (await client.viewer).name, { timeout: 5000, interval: 30 }).toBe('gonogo');
  });

  test('as a fault, with the wait that was asked for', async () => {
    const { client, control } = await started();
    await control.addFault({ kind: 'ratelimited', retryAfter: 7, times: 1 });
    expect(await rejection(client.teams())).toMatchObject({ retryAfter: 7, requestsLimit: 2500 });
    expect((await client.teams()).nodes).toHaveLength(2);
  });
});

describe('complexity', () => {
  test.each([
    ['{ viewer { id name } }', 2],
    ['{ teams { nodes { id } } }', 56],
    ['{ teams(first: 2) { nodes { id } pageInfo { hasNextPage } } }', 5],
    ['{ teams(first: 2) { nodes { id labels(first: 3) { nodes { id } } } } }', 12],
    ['query($n: Int) { teams(first: $n) { nodes { ...T } } } fragment T on Team { id key }', 6],
  ])('%s costs %i points', async (query, points) => {
    const { ask } = await started();
    const answer = await ask(query, { n: 4 });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-complexity')).toBe(String(points));
  });

  test('a document above the most that one may cost is refused, and not as a rate limit', async () => {
    const { client, create } = await started();
    await create();
    expect((await client.issues({ first: 50 })).nodes).toHaveLength(1);
    const error = await rejection(client.issues({ first: 250 }));
    expect(error).toBeInstanceOf(InvalidInputLinearError);
    expect(error).toMatchObject({ message: expect.stringContaining('at most 10000') });
  });

  test('points are counted over the hour', async () => {
    const { client } = await started({ world: { complexityPerHour: 300 } });
    const error = await rejection(client.teams());
    expect(error).toBeInstanceOf(RatelimitedLinearError);
    expect(error).toMatchObject({ complexityLimit: 300, requestsRemaining: 2499 });
    expect((await client.viewer).name).toBe('gonogo');
  });
});
