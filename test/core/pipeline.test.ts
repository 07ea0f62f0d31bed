import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Bridge,
  judgePipeline,
  type PipelineOutcome,
  type PipelineTree,
  pipelineStatuses,
} from '../../src/core/pipeline.ts';

let lastId = 0;
const tree = (status: string, parts: Partial<PipelineTree> = {}): PipelineTree => {
  lastId += 1;
  const url = `https://gitlab.test/group/p/-/pipelines/${lastId}`;
  return {
    id: lastId,
    url,
    project: 'group/p',
    status,
    failedJobs: [],
    manualJobs: [],
    downstream: [],
    ...parts,
  };
};
const bridge = (status: string, pipeline: PipelineTree | null, allowFailure = false): Bridge => ({
  name: 'deploy',
  status,
  allowFailure,
  pipeline,
});
const over = (below: Bridge[], status = 'success') => tree(status, { downstream: below });

describe('a pipeline alone', () => {
  test.each<[string, PipelineOutcome]>([
    ['created', 'running'],
    ['waiting_for_resource', 'running'],
    ['preparing', 'running'],
    ['waiting_for_callback', 'running'],
    ['pending', 'running'],
    ['running', 'running'],
    ['success', 'passed'],
    ['failed', 'failed'],
    ['canceling', 'running'],
    ['canceled', 'canceled'],
    ['skipped', 'skipped'],
    ['manual', 'manual'],
    ['scheduled', 'running'],
  ])('that is %s is judged %s', (status, outcome) => {
    const it = tree(status);
    expect(judgePipeline(it)).toMatchObject({ outcome, url: it.url });
  });

  test('has been asked for each of GitLab’s 13 statuses', () => {
    expect(pipelineStatuses).toHaveLength(13);
  });

  test.each(['', 'passed', 'Success', 'SUCCESS', 'success ', 'ok', 'constructor', '__proto__', '🎉'])(
    'with the unknown status "%s" never passes, and says so',
    (status) => {
      const verdict = judgePipeline(tree(status));
      expect(verdict.outcome).toBe('running');
      expect(verdict.detail).toContain(`"${status}"`);
    },
  );

  test.each<[string[], string]>([
    [[], 'the pipeline failed'],
    [['build'], 'job "build" failed'],
    [['a', 'b', 'c'], 'job "a", "b", "c" failed'],
    [['a', 'b', 'c', 'd', 'e'], 'job "a", "b", "c" and 2 more failed'],
  ])('that failed in %j says: %s', (failedJobs, detail) => {
    expect(judgePipeline(tree('failed', { failedJobs })).detail).toBe(detail);
  });

  test('that waits names the job that waits', () => {
    expect(judgePipeline(tree('manual', { manualJobs: ['confirm'] })).detail).toContain('"confirm"');
  });
});

describe('a trigger job under a green pipeline', () => {
  test.each<[string, Bridge, PipelineOutcome]>([
    ['whose pipeline passed', bridge('success', tree('success')), 'passed'],
    ['whose pipeline failed', bridge('success', tree('failed')), 'failed'],
    ['whose pipeline runs', bridge('success', tree('running')), 'running'],
    ['whose pipeline is canceled', bridge('success', tree('canceled')), 'canceled'],
    ['whose pipeline is being canceled', bridge('success', tree('canceling')), 'running'],
    ['whose pipeline was skipped', bridge('success', tree('skipped')), 'skipped'],
    ['whose pipeline waits for a person', bridge('success', tree('manual')), 'manual'],
    ['whose pipeline has an unknown status', bridge('success', tree('brand-new')), 'running'],
    ['that is green and has no pipeline', bridge('success', null), 'running'],
    ['that runs and has no pipeline', bridge('running', null), 'running'],
    ['that has an unknown status and no pipeline', bridge('brand-new', null), 'running'],
    ['that could not start one', bridge('failed', null), 'failed'],
    ['that was canceled before', bridge('canceled', null), 'canceled'],
    ['that nobody played, and starts nothing', bridge('manual', null), 'passed'],
    ['that was skipped by its rules', bridge('skipped', null), 'passed'],
    ['that is skipped and yet has a failed pipeline', bridge('skipped', tree('failed')), 'failed'],
    ['that is manual and yet has a running pipeline', bridge('manual', tree('running')), 'running'],
    ['that may fail, and did', bridge('failed', null, true), 'passed'],
    ['that may fail, and whose pipeline failed', bridge('success', tree('failed'), true), 'passed'],
    [
      'whose pipeline has a failed one below',
      bridge('success', over([bridge('success', tree('failed'))])),
      'failed',
    ],
    [
      'whose pipeline may fail below',
      bridge('success', over([bridge('success', tree('failed'), true)])),
      'passed',
    ],
    [
      'whose pipeline has a bridge without one',
      bridge('success', over([bridge('success', null)])),
      'running',
    ],
  ])('%s', (_, below, outcome) => {
    expect(judgePipeline(over([below])).outcome).toBe(outcome);
  });

  test('that failed is what to look at, named with its project', () => {
    const failed = tree('failed', { project: 'group/deployments', failedJobs: ['apply'] });
    expect(judgePipeline(over([bridge('success', tree('success')), bridge('success', failed)]))).toEqual({
      outcome: 'failed',
      detail: 'downstream group/deployments: job "apply" failed',
      url: failed.url,
    });
  });

  test('without a pipeline points at the pipeline that it belongs to', () => {
    const top = over([bridge('failed', null)]);
    expect(judgePipeline(top)).toMatchObject({ url: top.url, detail: expect.stringContaining('"deploy"') });
  });
});

describe('the worst wins', () => {
  test.each<[PipelineOutcome, string, string[]]>([
    ['failed', 'success', ['running', 'failed', 'manual']],
    ['failed', 'running', ['failed']],
    ['canceled', 'success', ['running', 'canceled', 'manual']],
    ['running', 'success', ['manual', 'running', 'skipped']],
    ['running', 'manual', ['running']],
    ['manual', 'success', ['skipped', 'manual']],
    ['manual', 'manual', ['success']],
    ['skipped', 'success', ['success', 'skipped']],
    ['failed', 'failed', ['running']],
    ['canceled', 'canceled', ['failed']],
    ['skipped', 'skipped', ['failed']],
  ])('it is %s when the top is %s and below are %j', (outcome, top, below) => {
    const bridges = below.map((status) => bridge('success', tree(status)));
    expect(judgePipeline(over(bridges, top)).outcome).toBe(outcome);
  });
});

const anyStatus = fc.oneof(fc.constantFrom(...pipelineStatuses), fc.string());
const { anyTree } = fc.letrec<{ anyTree: PipelineTree; anyBridge: Bridge }>((tie) => ({
  anyTree: fc.record(
    {
      id: fc.nat(),
      url: fc.webUrl(),
      project: fc.string(),
      status: fc.oneof({ weight: 4, arbitrary: fc.constant('success') }, { weight: 1, arbitrary: anyStatus }),
      failedJobs: fc.array(fc.string(), { maxLength: 5 }),
      manualJobs: fc.array(fc.string(), { maxLength: 2 }),
      downstream: fc.array(tie('anyBridge'), { maxLength: 3, depthIdentifier: 'tree' }),
    },
    { noNullPrototype: true },
  ),
  anyBridge: fc.record(
    {
      name: fc.string(),
      status: fc.oneof(fc.constant('success'), anyStatus),
      allowFailure: fc.boolean(),
      pipeline: fc.option(tie('anyTree'), { depthIdentifier: 'tree', maxDepth: 4 }),
    },
    { noNullPrototype: true },
  ),
}));

/** Everything that has to be green, with the trigger jobs that started nothing (and were not meant to) left out. */
function requiredStatuses({ status, downstream }: PipelineTree): string[] {
  const below = downstream
    .filter(({ allowFailure }) => !allowFailure)
    .flatMap(({ pipeline, status: own }) => {
      if (pipeline) return requiredStatuses(pipeline);
      return own === 'manual' || own === 'skipped' ? [] : [`no pipeline, ${own}`];
    });
  return [status, ...below];
}

test('a pipeline passes exactly when everything that is required of it succeeded', () => {
  let passed = 0;
  fc.assert(
    fc.property(anyTree, (any) => {
      const { outcome } = judgePipeline(any);
      if (outcome === 'passed') passed += 1;
      expect(outcome === 'passed').toBe(requiredStatuses(any).every((status) => status === 'success'));
    }),
    { numRuns: 2_000, seed: 20261120 },
  );
  expect(passed).toBeGreaterThan(50);
});
