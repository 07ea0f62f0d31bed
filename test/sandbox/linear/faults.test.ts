import { randomUUID } from 'node:crypto';
import { InternalLinearError, LinearClient, RatelimitedLinearError, UnknownLinearError } from '@linear/sdk';
import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../../sandbox/linear/faults.ts';
import { rejection, started } from './started.ts';

describe('a fault on issueCreate, as the SDK sees it', () => {
  test.each<[FaultSpec['kind'], new (...args: never[]) => Error, number | null, number]>([
    ['http500', InternalLinearError, 500, 0],
    ['ratelimited', RatelimitedLinearError, 400, 0],
    ['reset', UnknownLinearError, null, 0],
    ['outage', UnknownLinearError, null, 0],
    ['timeout', UnknownLinearError, null, 0],
    ['acceptThen500', InternalLinearError, 500, 1],
    ['acceptThenReset', UnknownLinearError, null, 1],
    ['acceptThenTimeout', UnknownLinearError, null, 1],
  ])('%s', async (kind, errorClass, status, made) => {
    const { client, control, create, team } = await started();
    await control.addFault({ kind, operation: 'issueCreate', times: 1, delayMs: 20 });
    const id = randomUUID();
    expect(await rejection(client.createIssue({ id, teamId: team.id, title: 'x' }))).toBeInstanceOf(
      errorClass,
    );
    expect(await control.issues()).toHaveLength(made);
    expect(await control.requests('issueCreate')).toMatchObject([{ fault: kind, status }]);
    // The protocol of the facts: found by its id = done, not found = again with the same id.
    if (made === 1) expect((await client.issue(id)).id).toBe(id);
    else await client.createIssue({ id, teamId: team.id, title: 'x' });
    expect(await control.issues()).toHaveLength(1);
    await create();
    expect(await control.issues()).toHaveLength(2);
  });

  test('slow answers late, and rightly', async () => {
    const { control, create } = await started();
    await control.addFault({ kind: 'slow', operation: 'issueCreate', delayMs: 40 });
    await create();
    const [request] = await control.requests('issueCreate');
    expect(request).toMatchObject({ fault: 'slow', status: 200 });
    expect(request?.ms).toBeGreaterThanOrEqual(39);
  });
});

test('a client that gives up by itself sees the same as a lost connection', async () => {
  const { linear, control } = await started();
  await control.addFault({ kind: 'timeout' });
  const client = new LinearClient({
    apiKey: linear.apiKey,
    apiUrl: linear.url,
    signal: AbortSignal.timeout(30),
  });
  expect(await rejection(client.teams())).toBeInstanceOf(UnknownLinearError);
});

test('a fault strikes its operation only, below an issue too', async () => {
  const { client, control, create } = await started();
  const issue = await client.issue(await create());
  await control.addFault({ kind: 'http500', operation: 'issue.comments' });
  expect(await rejection(issue.comments())).toBeInstanceOf(InternalLinearError);
  expect((await issue.attachments()).nodes).toEqual([]);
  expect((await client.issue(issue.id)).id).toBe(issue.id);
});

test('a fault with a probability strikes the same requests for the same seed', async () => {
  const struck = async (seed: number) => {
    const { ask, control } = await started();
    await control.addFault({ kind: 'http500', probability: 0.5, seed });
    const statuses: number[] = [];
    for (let i = 0; i < 30; i += 1) statuses.push((await ask('{ viewer { id } }')).status);
    return statuses;
  };
  const first = await struck(7);
  expect(await struck(7)).toEqual(first);
  expect(await struck(8)).not.toEqual(first);
  expect(new Set(first)).toEqual(new Set([200, 500]));
});

test('a fault can be listed and ended', async () => {
  const { client, control } = await started();
  const { id } = await control.addFault({ kind: 'outage' });
  expect(await rejection(client.teams())).toBeInstanceOf(UnknownLinearError);
  expect(await control.faults()).toMatchObject([{ id, struck: 1 }]);
  expect(await control.removeFault(id)).toEqual({ removed: 1 });
  expect((await client.teams()).nodes).toHaveLength(2);
  await expect(control.removeFault(id)).rejects.toThrow('404');
});
