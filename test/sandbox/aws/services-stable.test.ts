import { waitUntilServicesStable } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { rolling } from './rolling.ts';
import { cluster, service } from './started.ts';

test.each([
  ['a finished roll back', 'rolled-back', 0],
  ['nothing of nothing', 'zero', 10],
  ['an apply that changed nothing', 'no-op', 0],
  ['a definition that was never deployed', 'not-deployed', 0],
  ['somebody else’s deployment', 'superseded', 60],
  ['a deployment that completed', 'healthy-fast', 20],
])('the waiter of the SDK calls %s stable', async (_, script, seconds) => {
  const at = await rolling();
  await at.deploy({ script });
  await at.goTo(seconds);
  const client = at.ecsClient;
  const { state } = await waitUntilServicesStable(
    { client, maxWaitTime: 30 },
    { cluster, services: [service] },
  );
  expect(state).toBe('SUCCESS');
});

test.each([
  ['a crash loop', 'crash-loop', 40],
  ['a deployment that still rolls', 'healthy', 60],
])('and %s not', async (_, script, seconds) => {
  const at = await rolling();
  await at.deploy({ script });
  await at.goTo(seconds);
  const patience = new AbortController();
  const waiting = waitUntilServicesStable(
    { client: at.ecsClient, maxWaitTime: 600, abortSignal: patience.signal },
    { cluster, services: [service] },
  );
  const ended = expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  await expect.poll(async () => (await at.control.requests('DescribeServices')).length).toBe(1);
  patience.abort();
  await ended;
});
