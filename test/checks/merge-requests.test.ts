import { describe, expect, test } from 'vitest';
import type { MergeRequest } from '../../src/core/sources.ts';
import { ago, candidate, deployment, judged, mergeRequest, part } from './support/release.ts';

const label = 'Validated in Staging';

function codeHost(byDeployment: Record<string, MergeRequest[]>) {
  return {
    codeHost: {
      mergeRequestsOf: async (path: string, id: number) => byDeployment[`${path} ${id}`] ?? [],
      mergeRequestQuery: (path: string) => `https://gitlab.example/${path}/query`,
    },
  };
}

describe('merge requests of the release', () => {
  test('that all have the label pass, with their number and the query as evidence', async () => {
    const given = codeHost({ 'fleet/core 7': [mergeRequest(1, label), mergeRequest(2, 'x', label)] });
    const finding = await judged('merge-requests', {}, given);
    expect(finding).toMatchObject({ outcome: 'pass', remedy: '', blockers: [] });
    expect(finding.evidence).toMatchObject([
      {
        value: `2 merge requests, 0 without the label "${label}"`,
        url: 'https://gitlab.example/fleet/core/query',
      },
    ]);
  });

  test('that lack it are named once each, over all shipped deployments and projects', async () => {
    const given = codeHost({
      'fleet/core 6': [mergeRequest(12), mergeRequest(3, label)],
      'fleet/core 7': [mergeRequest(12), mergeRequest(5, 'validated in staging')],
      'fleet/web 9': [mergeRequest(12)],
    });
    const web = part({ project: 'web', path: 'fleet/web', shipped: [9], deployment: deployment({ id: 9 }) });
    const finding = await judged('merge-requests', {}, given, candidate(part({ shipped: [6, 7] }), web));
    expect(finding.outcome).toBe('fail');
    expect(finding.blockers).toEqual([
      { id: 'mr/fleet/core!5', title: '!5 Change 5 by sam', url: 'https://gitlab.example/mr/5', signal: '' },
      {
        id: 'mr/fleet/core!12',
        title: '!12 Change 12 by sam',
        url: 'https://gitlab.example/mr/12',
        signal: '',
      },
      {
        id: 'mr/fleet/web!12',
        title: '!12 Change 12 by sam',
        url: 'https://gitlab.example/mr/12',
        signal: '',
      },
    ]);
    for (const way of ['sets the label', 'excludes it', 'tracked']) expect(finding.remedy).toContain(way);
  });

  test.each([
    [59, 'waiting'],
    [60, 'pass'],
  ])('none, %i seconds after the deployment: %s', async (seconds, outcome) => {
    const about = candidate(part({ deployment: deployment({ at: ago(seconds) }) }));
    const finding = await judged('merge-requests', {}, codeHost({}), about);
    expect(finding.outcome).toBe(outcome);
    expect(finding.checkAgainInMs).toBe(outcome === 'waiting' ? 3_000 : undefined);
  });

  test('are not known when nothing was deployed', async () => {
    const about = candidate(part({ deployment: null, shipped: [] }));
    const finding = await judged('merge-requests', {}, codeHost({}), about);
    expect(finding).toMatchObject({ outcome: 'inconclusive', blockers: [] });
    expect(finding.remedy).not.toBe('');
  });

  test.each([
    [200, 'fail', 200],
    [201, 'inconclusive', 0],
  ])('%i without the label: %s, with %i named', async (count, outcome, named) => {
    const all = Array.from({ length: count }, (_, index) => mergeRequest(index + 1));
    const finding = await judged('merge-requests', {}, codeHost({ 'fleet/core 7': all }));
    expect([finding.outcome, finding.blockers.length]).toEqual([outcome, named]);
  });

  test('with a title of a novel have it on one line, uncut: secrets are looked for first', async () => {
    const long = { ...mergeRequest(1), title: 'x\n'.repeat(500) };
    const finding = await judged('merge-requests', {}, codeHost({ 'fleet/core 7': [long] }));
    expect(finding.blockers[0]?.title).toMatch(/^!1 (x ){499}x by/);
  });
});
