import { describe, expect, test } from 'vitest';
import type { PipelineTree } from '../../src/core/pipeline.ts';
import type { PipelineJob } from '../../src/core/sources.ts';
import { candidate, deployment, job, judged, part, tree } from './support/release.ts';

const below = (pipeline: PipelineTree | null, status = 'success'): Partial<PipelineTree> => ({
  downstream: [{ name: 'deploy-eu', status, allowFailure: false, pipeline }],
});
const infra = (status: string) => tree(status, { id: 71, project: 'ops/infra' });

function codeHost(found: PipelineTree, jobs: Record<string, PipelineJob[]> = {}) {
  return {
    codeHost: {
      pipelineTree: async () => found,
      jobsOf: async (path: string, id: number) => jobs[`${path} ${id}`] ?? [],
    },
  };
}

describe('the pipeline of the deployment', () => {
  test.each<[string, PipelineTree, string]>([
    ['passed', tree('success'), 'pass'],
    ['passed with all downstream', tree('success', below(infra('success'))), 'pass'],
    ['is running', tree('running'), 'waiting'],
    ['waits for a downstream pipeline', tree('success', below(infra('running'))), 'waiting'],
    ['has a trigger job that is green and no pipeline', tree('success', below(null)), 'waiting'],
    ['failed', tree('failed'), 'fail'],
    ['failed downstream', tree('success', below(infra('failed'))), 'fail'],
    ['was canceled', tree('canceled'), 'fail'],
    ['was skipped', tree('skipped'), 'fail'],
    ['waits for a person', tree('manual'), 'fail'],
    ['has a status nobody knows', tree('perhaps'), 'inconclusive'],
    ['has a status nobody knows downstream', tree('success', below(infra('perhaps'))), 'inconclusive'],
    ['failed, and is odd downstream', tree('failed', below(infra('perhaps'))), 'fail'],
  ])('%s', async (_, found, outcome) => {
    const finding = await judged('pipeline', {}, codeHost(found));
    expect(finding.outcome).toBe(outcome);
    expect(finding.remedy === '').toBe(outcome === 'pass');
    expect(finding.evidence).not.toEqual([]);
  });

  test('that failed is told with its job and link', async () => {
    const finding = await judged('pipeline', {}, codeHost(tree('failed', { failedJobs: ['migrate'] })));
    expect(finding.reason).toContain('job "migrate" failed');
    expect(finding.evidence[0]?.url).toBe('https://gitlab.example/p/70');
  });

  test.each([
    ['nothing was deployed', part({ deployment: null })],
    ['the deployment names no pipeline', part({ deployment: deployment({ pipelineId: null }) })],
  ])('is not known when %s', async (_, one) => {
    const finding = await judged('pipeline', {}, codeHost(tree('success')), candidate(one));
    expect(finding.outcome).toBe('inconclusive');
  });

  test('of one project that was never deployed leaves the whole open', async () => {
    const never = part({ project: 'web', path: 'fleet/web', deployment: null });
    const finding = await judged('pipeline', {}, codeHost(tree('success')), candidate(part(), never));
    expect(finding).toMatchObject({
      outcome: 'inconclusive',
      reason: 'fleet/web has no deployment in GitLab.',
    });
  });
});

describe('a named job', () => {
  const found = tree('success', below(infra('success')));
  test.each<[string, string, PipelineJob[], string]>([
    ['that succeeded', 'smoke', [job('smoke', 'success')], 'pass'],
    ['that failed, though it was allowed to', 'smoke', [job('smoke', 'failed')], 'fail'],
    ['that was skipped', 'smoke', [job('smoke', 'skipped')], 'fail'],
    ['that is running', 'smoke', [job('smoke', 'running')], 'waiting'],
    [
      'of which one succeeded and one did not',
      'smoke',
      [job('smoke', 'success'), job('smoke', 'failed')],
      'fail',
    ],
    ['in a state nobody knows', 'smoke', [job('smoke', 'perhaps')], 'inconclusive'],
    ['that is not there', 'smoke', [job('smoke-2', 'success')], 'inconclusive'],
    ['that is a trigger job', 'deploy-eu', [], 'pass'],
    ['that is a downstream project', 'ops/infra', [], 'pass'],
    ['that is a downstream project by its last word', 'infra', [], 'pass'],
  ])('%s', async (_, name, jobs, outcome) => {
    const finding = await judged('pipeline', { jobs: [name] }, codeHost(found, { 'ops/infra 71': jobs }));
    expect(finding.outcome).toBe(outcome);
  });

  test('that is a trigger job without a pipeline is waited for, though the job itself is green', async () => {
    const bridge = { name: 'deploy-eu', status: 'success', allowFailure: true, pipeline: null };
    const given = codeHost(tree('success', { downstream: [bridge] }));
    expect((await judged('pipeline', { jobs: ['deploy-eu'] }, given)).outcome).toBe('waiting');
  });

  test('that is a trigger job allowed to fail must pass all the same', async () => {
    const bridge = { name: 'deploy-eu', status: 'success', allowFailure: true, pipeline: infra('failed') };
    const given = codeHost(tree('success', { downstream: [bridge] }));
    expect((await judged('pipeline', {}, given)).outcome).toBe('pass');
    expect((await judged('pipeline', { jobs: ['deploy-eu'] }, given)).outcome).toBe('fail');
  });
});
