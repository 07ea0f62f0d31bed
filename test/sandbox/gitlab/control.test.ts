import { expect, test } from 'vitest';
import { started } from './started.ts';

const sim = 'betterfleet/bf-depot-sim';
const release = { key: 'ORCHESTRATION_RELEASE', value: 'true' };

test('the state shows every project with its pipelines, variables and jobs', async () => {
  const { client, control, gitlab } = await started();
  const { id } = await client.Pipelines.create(sim, 'release', { variables: [release] });
  const state = await control.state();
  expect(state).toMatchObject({ url: gitlab.url, timeScale: 60, webhook: { url: null, disabled: 'no' } });
  expect(state.projects).toHaveLength(17);
  const pipelines = state.projects.find((project) => project.path === sim)?.pipelines;
  expect(pipelines).toMatchObject([
    { id, user: 'gonogo-bot', variables: [release], jobs: [{ name: 'build' }, {}, {}] },
  ]);
});

test('changes are streamed as they happen', async () => {
  const { client, gitlab } = await started();
  const stop = new AbortController();
  const stream = await fetch(`${gitlab.url}/_control/changes`, { signal: stop.signal });
  const { id } = await client.Pipelines.create(sim, 'release');
  let text = '';
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  while (reader && !text.includes('"status":"success"')) text += (await reader.read()).value ?? '';
  stop.abort();
  const seen = text.split('\n\n').filter((line) => line.includes('"kind":"pipeline"'));
  expect(JSON.parse(seen[0]?.replace('data: ', '') ?? '{}')).toMatchObject({
    from: null,
    pipeline: { id, status: 'created' },
  });
});

test('a project can be added and changed while it runs', async () => {
  const { client, control } = await started();
  await control.world({ projects: [{ path: 'betterfleet/new-one' }, { path: sim, branches: ['main'] }] });
  expect(await client.Projects.show('betterfleet/new-one')).toMatchObject({ default_branch: 'main' });
  expect((await client.Branches.all(sim)).map((branch) => branch.name)).toEqual(['main']);
  expect(await client.Branches.show('betterfleet/new-one', 'release')).toMatchObject({ protected: false });
});

test.each([
  ['an unknown field', 'world', { colour: 'red' }, 'colour'],
  ['an unknown script', 'world', { projects: [{ path: 'a/b', pipeline: 'explodes' }] }, 'pipeline'],
  ['an unknown fault', 'faults', { kind: 'flood' }, 'kind'],
  ['a probability above one', 'faults', { kind: 'reset', probability: 2 }, 'probability'],
  ['a status no pipeline ends in', 'act/finish', { project: sim, pipelineId: 1, status: 'green' }, 'status'],
])('%s is refused by name', async (_, path, body, word) => {
  const { gitlab } = await started();
  const response = await fetch(`${gitlab.url}/_control/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(word);
});

test('the web addresses of a pipeline and its job lead to pages, with what people typed made harmless', async () => {
  const { client, control, reaches } = await started({
    world: { projects: [{ path: sim, pipeline: 'fails' }] },
  });
  const { id } = await client.Pipelines.create(sim, 'release', {
    variables: [release, { key: 'NOTE', value: '<script>alert(1)</script>' }],
  });
  await reaches(id, 'failed');
  const view = (await control.pipelines(sim))[0];
  const html = await (await fetch(view?.webUrl ?? '')).text();
  expect(html).toContain('deploy-staging');
  expect(html).toContain('&lt;script&gt;');
  expect(html).not.toContain('<script>');
  const job = view?.jobs.find((candidate) => candidate.status === 'failed');
  const log = await (await fetch(`${view?.webUrl.replace(/pipelines.*/, '')}jobs/${job?.id}`)).text();
  expect(log).toContain('ERROR: Job failed: script_failure');
});

test('a job can be retried and a pipeline ended by hand', async () => {
  const { client, control, reaches } = await started({
    world: { projects: [{ path: sim, pipeline: 'fails' }] },
  });
  const { id } = await client.Pipelines.create(sim, 'release', { variables: [release] });
  const failed = await reaches(id, 'failed');
  const job = failed.jobs.find((candidate) => candidate.status === 'failed');
  const again = await control.retryJob({ project: sim, jobId: job?.id ?? 0 });
  expect(again.status).toBe('running');
  expect(again.jobs.at(-1)).toMatchObject({ name: 'deploy-staging', attempt: 2, status: 'pending' });
  expect(await control.finish({ project: sim, pipelineId: id, status: 'success' })).toMatchObject({
    status: 'success',
  });
});

test('a strange Host or Origin is refused, on the API too', async () => {
  const { gitlab } = await started();
  const ask = (path: string) => fetch(`${gitlab.url}${path}`, { headers: { origin: 'http://evil.example' } });
  expect((await ask('/_control/state')).status).toBe(403);
  expect((await ask('/api/v4/version')).status).toBe(403);
});
