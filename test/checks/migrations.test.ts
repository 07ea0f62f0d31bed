import { describe, expect, test } from 'vitest';
import type { LogStore, PipelineJob } from '../../src/core/sources.ts';
import { ago, candidate, deployment, job, judged, now, part, tree } from './support/release.ts';

function codeHost(jobs: PipelineJob[], log = '') {
  const infra = tree('success', { id: 71, project: 'ops/infra' });
  const bridge = { name: 'deploy', status: 'success', allowFailure: false, pipeline: infra };
  return {
    codeHost: {
      pipelineTree: async () => tree('success', { downstream: [bridge] }),
      jobsOf: async (path: string) => (path === 'ops/infra' ? jobs : []),
      jobLog: async () => log,
    },
  };
}

describe('the migration job', () => {
  const params = {
    job: { project: 'core', name: 'migrate' },
    lines: { success: ['Migrated'], failure: ['Traceback'] },
  };
  test.each<[string, PipelineJob[], string, string]>([
    ['that succeeded passes', [job('migrate', 'success')], 'Migrated 3', 'pass'],
    ['that succeeded with nothing to do passes', [job('migrate', 'success')], 'nothing to do', 'pass'],
    [
      'that succeeded with a failure in its log fails',
      [job('migrate', 'success')],
      'a\nTraceback: x\nMigrated',
      'fail',
    ],
    ['that failed fails', [job('migrate', 'failed')], 'Migrated', 'fail'],
    ['that runs is waited for', [job('migrate', 'running')], '', 'waiting'],
    ['that was skipped is not known', [job('migrate', 'skipped')], '', 'inconclusive'],
    ['that waits for a person is not known', [job('migrate', 'manual')], '', 'inconclusive'],
    ['in a state nobody knows is not known', [job('migrate', 'perhaps')], '', 'inconclusive'],
    ['of another name is not known', [job('migrate-2', 'success')], '', 'inconclusive'],
  ])('%s', async (_, jobs, log, outcome) => {
    const finding = await judged('migrations', params, codeHost(jobs, log));
    expect(finding.outcome).toBe(outcome);
    expect(finding.remedy === '').toBe(outcome === 'pass');
  });

  test('that contradicts its log is told with the line', async () => {
    const finding = await judged(
      'migrations',
      params,
      codeHost([job('migrate', 'success')], 'a\nTraceback: x'),
    );
    expect(finding.reason).toContain('contradictory');
    expect(finding.evidence).toContainEqual(expect.objectContaining({ value: 'Traceback: x' }));
  });

  test('of a project that the release does not hold is not known', async () => {
    const elsewhere = { job: { project: 'web', name: 'migrate' } };
    const finding = await judged('migrations', elsewhere, codeHost([job('migrate', 'success')]));
    expect(finding.outcome).toBe('inconclusive');
  });
});

/** A log whose lines are given with their times, in seconds ago; null: no such group. */
function logs(lines: [number, string][] | null): { logs: LogStore } {
  const url = 'https://aws.example/logs';
  const inside = ({ from, to }: { from: Date; to: Date }) =>
    (lines ?? [])
      .map(([seconds, text]) => ({ at: ago(seconds), text }))
      .filter(({ at }) => Date.parse(at) >= from.getTime() && Date.parse(at) < to.getTime());
  return {
    logs: {
      lines: async (query) => {
        const hits = inside(query).filter(({ text }) => query.terms.some((term) => text.includes(term)));
        return lines && { lines: hits.slice(0, query.limit), url };
      },
      lineCounts: async (query) =>
        lines && { matching: [], all: inside(query).map(({ at }) => ({ at, count: 1 })), url },
    },
  };
}

describe('the migration by its log', () => {
  const log = { region: 'eu-west-1', group: '/core', success: ['Migrated'], failure: ['Traceback'] };
  const run = (lines: [number, string][] | null, deployed = 600, more: object = {}) =>
    judged(
      'migrations',
      { log, ...more },
      logs(lines),
      candidate(part({ deployment: deployment({ at: ago(deployed) }) })),
    );
  test.each<[string, [number, string][] | null, string]>([
    ['with a success passes', [[500, 'Migrated 3']], 'pass'],
    [
      'with a success and a failure fails',
      [
        [500, 'Migrated 3'],
        [490, 'Traceback'],
      ],
      'fail',
    ],
    [
      'with a success from before the deployment fails',
      [
        [601, 'Migrated 3'],
        [590, 'started'],
      ],
      'fail',
    ],
    ['with other lines alone fails', [[590, 'started']], 'fail'],
    ['without any line is not known', [], 'inconclusive'],
    ['without a log group is not known', null, 'inconclusive'],
  ])('%s', async (_, lines, outcome) => {
    const finding = await run(lines);
    expect(finding.outcome).toBe(outcome);
    expect(finding.remedy === '').toBe(outcome === 'pass');
  });

  test.each([
    [164, 'waiting'],
    [165, 'fail'],
  ])('without a success, %i seconds after the deployment: %s', async (seconds, outcome) => {
    expect((await run([[1, 'started']], seconds)).outcome).toBe(outcome);
  });

  test('that migrates while its pipeline waits is found with a lead', async () => {
    expect((await run([[601, 'Migrated 3']], 600, { lead: 60 })).outcome).toBe('pass');
  });

  test('is not known without a deployment', async () => {
    const finding = await judged('migrations', { log }, logs([]), candidate(part({ deployment: null })));
    expect(finding.outcome).toBe('inconclusive');
  });

  test('and the job must both be good', async () => {
    const params = { job: { project: 'core', name: 'migrate' }, log };
    const given = { ...codeHost([job('migrate', 'success')]), ...logs([[500, 'Traceback']]) };
    const finding = await judged('migrations', params, given, undefined, now);
    expect(finding.outcome).toBe('fail');
  });
});

test.each([
  [{}, 'needs job or log'],
  [{ lines: {}, log: { region: 'r', group: 'g', success: ['x'] } }, 'has lines without a job'],
  [{ log: { region: 'r', group: 'g', success: [] } }, 'success'],
])('the gate must say enough: %j', async (wrong, told) => {
  await expect(judged('migrations', wrong, {})).rejects.toThrow(told);
});
