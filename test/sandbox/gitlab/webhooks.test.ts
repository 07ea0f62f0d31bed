import { Webhook } from 'standardwebhooks';
import { expect, test, vi } from 'vitest';
import { type Received, receiver, started } from './started.ts';

const sim = 'betterfleet/bf-depot-sim';
const release = { key: 'ORCHESTRATION_RELEASE', value: 'true' };
const signingToken = `whsec_${Buffer.from('a key of the sandbox, 32 bytes..').toString('base64')}`;

const payload = (message: Received) => JSON.parse(message.body);
const events = (received: Received[], event: string) =>
  received.filter((message) => message.headers['x-gitlab-event'] === event).map(payload);

test('each change of a pipeline, a job and a deployment is sent in GitLab’s shape', async () => {
  const hook = await receiver();
  const { client, gitlab } = await started({ webhook: { url: hook.url, secretToken: 'hush' } });
  const { id } = await client.Pipelines.create(sim, 'release', { variables: [release] });
  await vi.waitFor(() => {
    const last = events(hook.received, 'Pipeline Hook').map((body) => body.object_attributes.status);
    expect(last).toContain('success');
  });
  const done = events(hook.received, 'Pipeline Hook').find((b) => b.object_attributes.status === 'success');
  expect(done).toMatchObject({
    object_kind: 'pipeline',
    object_attributes: { id, ref: 'release', source: 'api', variables: [release], protected_ref: true },
    merge_request: null,
    user: { username: 'gonogo-bot' },
    project: { path_with_namespace: sim, web_url: `${gitlab.url}/${sim}` },
  });
  expect(done.object_attributes.finished_at).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
  expect(done).not.toHaveProperty('source_pipeline');
  const jobs = events(hook.received, 'Job Hook');
  expect(jobs.find((job) => job.build_name === 'deploy-staging')).toMatchObject({
    commit: { id },
    pipeline_id: id,
  });
  const deployment = events(hook.received, 'Deployment Hook').find((body) => body.status === 'success');
  expect(deployment).toMatchObject({
    environment: 'staging',
    short_sha: done.object_attributes.sha.slice(0, 8),
  });
  expect(await client.Deployments.show(sim, deployment.deployment_id)).toMatchObject({ status: 'success' });
  const { headers } = hook.received[0] ?? { headers: {} };
  expect(headers).toMatchObject({ 'x-gitlab-token': 'hush', 'x-gitlab-instance': gitlab.url });
  expect(headers).toHaveProperty('x-gitlab-event-uuid');
  expect(headers).toHaveProperty('x-gitlab-webhook-uuid');
  expect(headers).not.toHaveProperty('webhook-signature');
});

test('a downstream pipeline names where it came from', async () => {
  const hook = await receiver();
  const { control, reaches } = await started({ webhook: { url: hook.url } });
  const inputs = { action: 'deploy-release-branch-to-staging', project: 'bf-depot-sim', confirm: true };
  const root = await control.runPipeline({ project: 'bf-dev', inputs });
  await reaches(root.id, 'success');
  await vi.waitFor(() => {
    const bodies = events(hook.received, 'Pipeline Hook');
    const down = bodies.find((body) => body.project.path_with_namespace === sim);
    expect(down?.source_pipeline).toMatchObject({
      pipeline_id: root.id,
      project: { path_with_namespace: 'betterfleet/bf-dev' },
    });
  });
});

test('a signing token signs as Standard Webhooks does', async () => {
  const hook = await receiver();
  const { client } = await started({ webhook: { url: hook.url, signingToken } });
  await client.Pipelines.create(sim, 'release');
  await vi.waitFor(() => expect(hook.received.length).toBeGreaterThan(0));
  const { headers, body } = hook.received[0] ?? { headers: {}, body: '' };
  const signed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  expect(new Webhook(signingToken).verify(body, signed)).toMatchObject({ object_kind: expect.any(String) });
  expect(() => new Webhook(signingToken).verify(`${body} `, signed)).toThrow();
});

test('a message sent twice keeps its Idempotency-Key', async () => {
  const hook = await receiver();
  const { client, control } = await started({
    webhook: { url: hook.url },
    world: { projects: [{ path: sim, pipeline: 'stuck' }] },
  });
  await client.Pipelines.create(sim, 'release');
  await vi.waitFor(() => expect(hook.received).toHaveLength(1));
  expect(await control.redeliver(1)).toMatchObject({ redeliveryOf: 1, outcome: 'delivered', status: 200 });
  const [first, second] = hook.received;
  expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
  expect(second?.body).toBe(first?.body);
});

test.each([
  ['dropWebhook', 0],
  ['duplicateWebhook', 2],
  ['lateWebhook', 1],
] as const)('%s: the receiver gets %i', async (kind, count) => {
  const hook = await receiver();
  const { client, control, reaches } = await started({
    webhook: { url: hook.url },
    world: { projects: [{ path: sim, pipeline: 'stuck' }] },
  });
  await control.addFault({ kind, delayMs: 20 });
  const { id } = await client.Pipelines.create(sim, 'release');
  await reaches(id, 'pending');
  await vi.waitFor(async () => {
    const { deliveries } = await control.webhooks();
    expect(deliveries.length).toBeGreaterThan(0);
    expect(deliveries.map((delivery) => delivery.outcome)).not.toContain('waiting');
  });
  expect(hook.received).toHaveLength(count);
});

test('four failures in a row disable the hook, 4xx included', async () => {
  const hook = await receiver(() => 404);
  const { client, control } = await started({ timeScale: 1, webhook: { url: hook.url } });
  const { id } = await client.Pipelines.create(sim, 'release', { variables: [release] });
  await control.finish({ project: sim, pipelineId: id, status: 'failed' });
  await vi.waitFor(async () => expect((await control.webhooks()).hook.consecutiveFailures).toBe(4));
  expect((await control.webhooks()).hook.disabled).toBe('temporarily');
  await client.Pipelines.create(sim, 'release');
  await control.finish({ project: sim, pipelineId: id + 1, status: 'failed' });
  expect(hook.received).toHaveLength(4);
  expect((await control.webhooks()).deliveries.at(-1)?.outcome).toBe('hook disabled');
});

test('a receiver that hangs is given up after the time-out', async () => {
  const { createServer } = await import('node:http');
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const { client, control } = await started({ webhook: { url: `http://127.0.0.1:${port}/`, timeoutMs: 30 } });
  await client.Pipelines.create(sim, 'release');
  await vi.waitFor(async () => expect((await control.webhooks()).deliveries[0]?.outcome).toBe('failed'));
  server.closeAllConnections();
  server.close();
});

test('a stranger’s webhook carries whatever the stranger chose', async () => {
  const hook = await receiver(() => 401);
  const { control } = await started({ webhook: { url: hook.url, secretToken: 'hush', signingToken } });
  const sent = await control.forge({
    event: 'Pipeline Hook',
    payload: { object_kind: 'pipeline' },
    headers: { 'x-gitlab-token': 'guess' },
  });
  expect(sent).toEqual({ status: 401 });
  expect(hook.received[0]?.headers).toMatchObject({ 'x-gitlab-token': 'guess' });
  expect(hook.received[0]?.headers).not.toHaveProperty('webhook-signature');
});
