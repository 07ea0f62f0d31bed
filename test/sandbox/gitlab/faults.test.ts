import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../../sandbox/gitlab/faults.ts';
import { started } from './started.ts';

const sim = 'betterfleet/bf-depot-sim';
const at = `/projects/${encodeURIComponent(sim)}`;
const create = { method: 'POST', body: JSON.stringify({ ref: 'release' }) };

/** The status of an answer, or how it was lost. */
async function outcome(answer: Promise<Response>): Promise<number | 'lost'> {
  try {
    return (await answer).status;
  } catch (error) {
    if (error instanceof TypeError) return 'lost';
    throw error;
  }
}

describe('a fault on POST /pipeline', () => {
  test.each<[FaultSpec['kind'], number | 'lost', number]>([
    ['http500', 500, 0],
    ['http502', 502, 0],
    ['http503', 503, 0],
    ['http429', 429, 0],
    ['reset', 'lost', 0],
    ['outage', 'lost', 0],
    ['slow', 201, 1],
    ['acceptThen502', 502, 1],
    ['acceptThenReset', 'lost', 1],
    ['acceptThenTimeout', 'lost', 1],
  ])('%s answers %s and makes %i pipelines', async (kind, status, made) => {
    const { api, control } = await started();
    await control.addFault({ kind, route: 'POST /pipeline', times: 1, delayMs: 30 });
    expect(await outcome(api(`${at}/pipeline`, create))).toBe(status);
    expect(await control.pipelines(sim)).toHaveLength(made);
    expect(await control.requests('POST /pipeline')).toMatchObject([{ fault: kind }]);
    expect(await outcome(api(`${at}/pipeline`, create))).toBe(201);
  });
});

test('the client re-sends a POST after 502, and duplicates are the result (facts: trap 1)', async () => {
  const { client, control } = await started();
  await control.addFault({ kind: 'acceptThen502', route: 'POST /pipeline', times: 2 });
  await client.Pipelines.create(sim, 'release');
  expect(await control.pipelines(sim)).toHaveLength(3);
});

test('a fault strikes its route and its project only', async () => {
  const { api, control } = await started();
  await control.addFault({ kind: 'http503', route: 'GET /pipelines', project: 'bf-depot-sim' });
  expect((await api(`${at}/pipelines`)).status).toBe(503);
  expect((await api(at)).status).toBe(200);
  expect((await api('/projects/betterfleet%2Fbf-manage-core/pipelines')).status).toBe(200);
});

test('a fault with a probability strikes the same requests for the same seed', async () => {
  const struck = async (seed: number) => {
    const { api, control } = await started();
    await control.addFault({ kind: 'http500', probability: 0.5, seed });
    const statuses: number[] = [];
    for (let i = 0; i < 40; i += 1) statuses.push((await api('/version')).status);
    return statuses;
  };
  const first = await struck(7);
  expect(await struck(7)).toEqual(first);
  expect(await struck(8)).not.toEqual(first);
  expect(new Set(first)).toEqual(new Set([200, 500]));
});

test('a fault can be listed and ended', async () => {
  const { api, control } = await started();
  const { id } = await control.addFault({ kind: 'outage' });
  expect(await outcome(api('/version'))).toBe('lost');
  expect(await control.faults()).toMatchObject([{ id, struck: 1 }]);
  expect(await control.removeFault(id)).toEqual({ removed: 1 });
  expect(await outcome(api('/version'))).toBe(200);
  await expect(control.removeFault(id)).rejects.toThrow('404');
});

describe('a limit', () => {
  // The windows are aligned to the clock and a real minute long here; enough tries outlast one boundary.
  const tries = async (n: number, one: () => Promise<Response>) => {
    const answers: Response[] = [];
    for (let i = 0; i < n; i += 1) answers.push(await one());
    return answers.find((answer) => answer.status !== 200 && answer.status !== 201);
  };

  test('of pipeline creation answers 429 with Retry-After', async () => {
    const { api } = await started({ timeScale: 1 });
    const refused = await tries(52, () => api(`${at}/pipeline`, create));
    expect(refused?.status).toBe(429);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused?.json()).toEqual({
      message: { error: 'This endpoint has been requested too many times. Try again later.' },
    });
  });

  test('of pipeline creation answers 400 when the world says so', async () => {
    const { api } = await started({
      timeScale: 1,
      world: { pipelineLimitAnswer: 400, pipelineCreationPerMinute: 2 },
    });
    const refused = await tries(6, () => api(`${at}/pipeline`, create));
    expect(refused?.status).toBe(400);
    expect(await refused?.text()).toContain('Too many pipelines created in the last minute');
  });

  test('of pipeline creation is off for null', async () => {
    const { api } = await started({ timeScale: 1, world: { pipelineCreationPerMinute: null } });
    expect(await tries(60, () => api(`${at}/pipeline`, create))).toBeUndefined();
  });

  test('of all requests answers Retry later, with the RateLimit headers', async () => {
    const { api } = await started({ timeScale: 1, world: { requestsPerMinute: 5 } });
    const first = await api('/version');
    expect(first.headers.get('ratelimit-limit')).toBe('5');
    const refused = await tries(12, () => api('/version'));
    expect(refused?.status).toBe(429);
    expect(await refused?.text()).toBe('Retry later\n');
    expect(refused?.headers.get('ratelimit-remaining')).toBe('0');
  });

  test('of reading one project leaves other projects alone', async () => {
    const { api } = await started({ timeScale: 1, world: { projectReadsPerMinute: 2 } });
    expect((await tries(6, () => api(at)))?.status).toBe(429);
    expect((await api('/projects/betterfleet%2Fbf-manage-core')).status).toBe(200);
  });

  test('ends with its window', async () => {
    const { api } = await started({ timeScale: 600, world: { requestsPerMinute: 1 } });
    await tries(3, () => api('/version'));
    await expect.poll(async () => (await api('/version')).status, { timeout: 5000, interval: 60 }).toBe(200);
  });
});
