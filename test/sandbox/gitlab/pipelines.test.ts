import { describe, expect, test } from 'vitest';
import type { ScriptName } from '../../../sandbox/gitlab/scripts.ts';
import type { PipelineStatus } from '../../../sandbox/gitlab/status.ts';
import { started } from './started.ts';

const core = 'betterfleet/bf-manage-core';
const sim = 'betterfleet/bf-depot-sim';
const cutOff = { key: 'ORCHESTRATION_CUT_OFF', value: 'true' };
const release = { key: 'ORCHESTRATION_RELEASE', value: 'true' };

describe('a named script ends as its name says', () => {
  test.each<[ScriptName, PipelineStatus]>([
    ['passes', 'success'],
    ['fails', 'failed'],
    ['slow', 'running'],
    ['manual', 'manual'],
    ['downstream-passes', 'success'],
    ['downstream-fails', 'failed'],
    ['canceled', 'canceled'],
    ['skipped', 'skipped'],
    ['stuck', 'pending'],
  ])('%s: %s', async (script, status) => {
    const { client, control, reaches } = await started();
    await control.world({ projects: [{ path: sim, pipeline: script }] });
    const { id } = await client.Pipelines.create(sim, 'release', { variables: [release] });
    await reaches(id, status);
    expect(await client.Pipelines.show(sim, id)).toMatchObject({ id, status, source: 'api', ref: 'release' });
  });
});

test('cut-off and release pipelines have jobs of their own', async () => {
  const { client } = await started();
  const names = async (variables: { key: string; value: string }[]) => {
    const { id } = await client.Pipelines.create(sim, 'release', { variables });
    return (await client.Jobs.all(sim, { pipelineId: id })).map((job) => job.name).reverse();
  };
  expect(await names([cutOff])).toEqual(['merge-main-into-release', 'tag-candidate']);
  expect(await names([release])).toEqual(['build', 'migrate', 'deploy-staging']);
});

test('a failed job names its reason, later jobs are skipped, and a retry can pass', async () => {
  const { client, control, reaches } = await started();
  await control.world({
    projects: [
      {
        path: sim,
        pipeline: {
          steps: [{ status: 'running', afterMs: 100 }],
          jobs: [
            {
              name: 'migrate',
              stage: 'a',
              result: 'failed',
              failureReason: 'runner_system_failure',
              failingAttempts: 1,
            },
            { name: 'deploy', stage: 'b' },
          ],
        },
      },
    ],
  });
  const { id } = await client.Pipelines.create(sim, 'release');
  await reaches(id, 'failed');
  const failed = await client.Jobs.all(sim, { pipelineId: id });
  expect(failed.map((job) => [job.name, job.status, job['failure_reason']])).toEqual([
    ['deploy', 'skipped', undefined],
    ['migrate', 'failed', 'runner_system_failure'],
  ]);
  await client.Pipelines.retry(sim, id);
  await reaches(id, 'success');
  const all = await client.Jobs.all(sim, { pipelineId: id, includeRetried: true });
  expect(all.map((job) => job.name).sort()).toEqual(['deploy', 'migrate', 'migrate']);
});

test('a manual gate waits until somebody presses play', async () => {
  const { client, control, reaches } = await started({
    world: { projects: [{ path: sim, pipeline: 'manual' }] },
  });
  const { id } = await client.Pipelines.create(sim, 'release');
  const waiting = await reaches(id, 'manual');
  const gate = waiting.jobs.find((job) => job.status === 'manual');
  await control.playJob({ project: sim, jobId: gate?.id ?? 0 });
  await reaches(id, 'success');
});

test('a bridge shows its downstream pipeline once there is one, and fails with it under strategy depend', async () => {
  const { client, control, reaches } = await started();
  await control.world({ projects: [{ path: core, pipeline: 'downstream-fails' }] });
  const { id } = await client.Pipelines.create(core, 'release', { variables: [release] });
  const before = await client.Jobs.allPipelineBridges(core, id);
  expect(before).toMatchObject([{ name: 'deploy', status: 'created', downstream_pipeline: null }]);
  await reaches(id, 'failed');
  expect(await client.Jobs.allPipelineBridges(core, id)).toMatchObject([
    {
      status: 'failed',
      failure_reason: 'downstream_pipeline_failed',
      downstream_pipeline: { status: 'failed' },
    },
  ]);
  expect((await client.Jobs.all(core, { pipelineId: id })).map((job) => job.name)).not.toContain('deploy');
});

test('a bridge without a strategy is green though its downstream pipeline fails', async () => {
  const { client, control, reaches, api } = await started();
  await control.world({
    projects: [
      { path: sim, pipeline: 'fails' },
      {
        path: core,
        pipeline: {
          steps: [{ status: 'running', afterMs: 10 }],
          bridges: [{ name: 'trigger', stage: 't', project: './bf-depot-sim', ref: 'release' }],
        },
      },
    ],
  });
  const { id } = await client.Pipelines.create(core, 'release');
  const up = await reaches(id, 'success');
  const down = up.jobs[0]?.downstreamPipelineId ?? 0;
  await reaches(down, 'failed');
  const bridges = await (await api(`/projects/${encodeURIComponent(core)}/pipelines/${id}/bridges`)).json();
  expect(bridges).toMatchObject([
    { status: 'success', downstream_pipeline: { id: down, status: 'failed', source: 'pipeline' } },
  ]);
});

test.each([
  ['a project that is not there', { project: './nowhere' }, 'downstream_bridge_project_not_found'],
  [
    'a branch that is not there',
    { project: './bf-depot-sim', ref: 'nope' },
    'downstream_pipeline_creation_failed',
  ],
])('a bridge to %s fails and has no downstream pipeline', async (_, target, reason) => {
  const { client, control, reaches } = await started();
  const bridges = [{ name: 'trigger', stage: 't', strategy: 'depend' as const, ...target }];
  await control.world({
    projects: [{ path: core, pipeline: { steps: [{ status: 'running', afterMs: 10 }], bridges } }],
  });
  const { id } = await client.Pipelines.create(core, 'release');
  const failed = await reaches(id, 'failed');
  expect(failed.jobs).toMatchObject([
    { status: 'failed', failureReason: reason, downstreamPipelineId: null },
  ]);
});

describe('the root pipeline started in GitLab’s own screen', () => {
  const run = { project: 'bf-dev', user: 'n.incident' };
  test('starts exactly the chosen project', async () => {
    const { control, reaches } = await started();
    const inputs = { action: 'bring-all-code-to-release-branch', project: 'bf-depot-sim', confirm: true };
    const root = await control.runPipeline({ ...run, inputs });
    expect(root).toMatchObject({ source: 'web', user: 'n.incident' });
    await reaches(root.id, 'success');
    const others = (await control.pipelines()).filter((pipeline) => pipeline.id !== root.id);
    expect(others).toMatchObject([
      { project: sim, source: 'pipeline', variables: [{ ...cutOff }], upstreamPipelineId: root.id },
    ]);
  });

  test('starts all sixteen for the legacy variable', async () => {
    const { control, reaches } = await started();
    const root = await control.runPipeline({ ...run, variables: [{ key: 'INVOKE_RELEASE', value: 'true' }] });
    await reaches(root.id, 'success');
    const started16 = (await control.pipelines()).filter(
      (pipeline) => pipeline.upstreamPipelineId === root.id,
    );
    expect(new Set(started16.map((pipeline) => pipeline.project)).size).toBe(16);
  });

  test.each([
    [
      'without confirm',
      { action: 'deploy-release-branch-to-staging', project: 'all', confirm: false },
      'Pipeline will not run',
    ],
    [
      'with an unknown project',
      { action: 'deploy-release-branch-to-staging', project: 'bf-x', confirm: true },
      'not in the list',
    ],
    ['with an unknown input', { colour: 'red' }, 'unknown input arguments: colour'],
  ])('starts nothing %s', async (_, inputs, words) => {
    const { control } = await started();
    await expect(control.runPipeline({ ...run, inputs })).rejects.toThrow(words);
    expect(await control.pipelines()).toEqual([]);
  });
});

test('two equal requests make two pipelines: there is no idempotency key', async () => {
  const { client, control } = await started();
  await client.Pipelines.create(sim, 'release', { variables: [release] });
  await client.Pipelines.create(sim, 'release', { variables: [release] });
  expect(await control.pipelines(sim)).toHaveLength(2);
});

test('the real client walks every page of a list', async () => {
  const { client, control } = await started({ world: { projects: [{ path: sim, pipeline: 'stuck' }] } });
  for (let i = 0; i < 23; i += 1) await control.runPipeline({ project: sim, ref: 'release' });
  const all = await client.Pipelines.all(sim, { perPage: 5, ref: 'release', source: 'web' });
  expect(new Set(all.map((pipeline) => pipeline.id)).size).toBe(23);
  const page = await client.Pipelines.all(sim, { perPage: 10, page: 3, showExpanded: true });
  expect(page.paginationInfo).toMatchObject({
    total: 23,
    current: 3,
    next: null,
    previous: 2,
    totalPages: 3,
  });
});

test('cancel ends a running pipeline and leaves a finished one as it is', async () => {
  const { client, control, reaches } = await started({
    world: { projects: [{ path: sim, pipeline: 'slow' }] },
  });
  const { id } = await client.Pipelines.create(sim, 'release');
  await reaches(id, 'running');
  expect(await client.Pipelines.cancel(sim, id)).toMatchObject({ status: 'canceled' });
  const done = await control.runPipeline({ project: sim, ref: 'release' });
  await control.finish({ project: sim, pipelineId: done.id, status: 'success' });
  expect(await client.Pipelines.cancel(sim, done.id)).toMatchObject({ status: 'success' });
});
