import { describe, expect, test } from 'vitest';
import { collectScope, judge, type Scope, touches } from '../../src/checks/applicability.ts';
import type { FeatureFlag, ReviewHost } from '../../src/core/sources.ts';
import { ago, candidate, commit, deployment, mergeRequest, now, other, part } from './support/release.ts';

const signal = new AbortController().signal;
const condition = (change: object) => ({ labels: [], paths: [], flags: [], ...change });
const nothing = { found: [], gaps: [] };
const scope = (change: Partial<Scope> = {}): Scope => ({
  mergeRequests: nothing,
  changedPaths: nothing,
  flags: nothing,
  ...change,
});
const labelled = (...labels: string[]) => ({ found: [{ reference: '!12', labels }], gaps: [] });
const changed = (...found: string[]) => ({ found, gaps: [] });
const gap = { found: [], gaps: ['GitLab could not say all changed paths of fleet/core'] };

describe('a conditional gate', () => {
  test.each<[string, object, Partial<Scope>, string, string]>([
    [
      'by a label',
      { labels: ['reports'] },
      { mergeRequests: labelled('Reports') },
      'applies',
      '!12 has the label reports.',
    ],
    [
      'without the label',
      { labels: ['reports'] },
      { mergeRequests: labelled('report') },
      'does-not-apply',
      'No merge request has the label reports.',
    ],
    [
      'by one changed path',
      { paths: ['src/load/**'] },
      { changedPaths: changed('src/load/a.py', 'x') },
      'applies',
      'The changed path src/load/a.py matches src/load/**.',
    ],
    [
      'by changed paths',
      { paths: ['src/load/**'] },
      { changedPaths: changed('src/load/a.py', 'src/load/b/c.py') },
      'applies',
      '2 changed paths match src/load/** (for example src/load/a.py).',
    ],
    [
      'by a path with a dot',
      { paths: ['ci/**'] },
      { changedPaths: changed('ci/.env') },
      'applies',
      'The changed path ci/.env matches ci/**.',
    ],
    [
      'without such a path',
      { paths: ['*.py'] },
      { changedPaths: changed('src/a.py') },
      'does-not-apply',
      'No changed path matches *.py.',
    ],
    [
      'by a flag',
      { flags: ['load-*'] },
      { flags: changed('load-2', 'other') },
      'applies',
      'Flag load-2 is on.',
    ],
    [
      'without the flag',
      { flags: ['load'] },
      { flags: changed('load-2') },
      'does-not-apply',
      'No flag load is on.',
    ],
    [
      'with paths that are not known',
      { paths: ['a'] },
      { changedPaths: gap },
      'unknown',
      'GitLab could not say all changed paths of fleet/core.',
    ],
    [
      'by a label, whatever is not known',
      { labels: ['r'], paths: ['a'] },
      { mergeRequests: labelled('r'), changedPaths: gap },
      'applies',
      '!12 has the label r.',
    ],
    [
      'by a label alone, with paths that are not known',
      { labels: ['r'] },
      { changedPaths: gap },
      'does-not-apply',
      'No merge request has the label r.',
    ],
    ['without a condition', {}, {}, 'applies', 'The gate names no condition.'],
  ])('%s', (_, wanted, found, verdict, reason) => {
    expect(judge(condition(wanted), scope(found))).toEqual({ verdict, reason });
  });

  test('names a few of many merge requests', () => {
    const found = [1, 2, 3, 4, 5].map((iid) => ({ reference: `!${iid}`, labels: ['r'] }));
    const { reason } = judge(condition({ labels: ['r'] }), scope({ mergeRequests: { found, gaps: [] } }));
    expect(reason).toBe('!1, !2, !3 and 2 more have the label r.');
  });
});

test.each<[string[], string[], string | null]>([
  [['src/a/**'], ['src/b/x', 'src/a/y'], 'src/a/y'],
  [['src/a/**'], ['src/b/x'], null],
  [[], ['src/b/x'], null],
  [['**'], [], null],
])('%j touches %j: %s', (globs, paths, expected) => {
  expect(touches(globs, paths)).toBe(expected);
});

describe('what a release touches', () => {
  const flag = (name: string, active: boolean): FeatureFlag => ({
    name,
    active,
    strategies: [{ name: 'default', parameters: {}, scopes: ['*'], userList: null }],
    url: '',
  });
  const host = (change: Partial<ReviewHost> = {}) => ({
    codeHost: {
      mergeRequestsOf: async (_path: string, id: number) => (id === 7 ? [mergeRequest(12, 'reports')] : []),
      changedPaths: async (path: string, from: string, to: string) => [`${path} ${from} ${to}`],
      featureFlags: async () => [flag('x', true), flag('y', false)],
      ...change,
    },
  });

  test('is read of every shipped deployment and every project', async () => {
    const web = part({ project: 'web', path: 'fleet/web', shipped: [6, 7] });
    expect(await collectScope(candidate(part(), web), host(), signal)).toEqual({
      mergeRequests: {
        found: [
          { reference: 'core!12', labels: ['reports'] },
          { reference: 'web!12', labels: ['reports'] },
        ],
        gaps: [],
      },
      changedPaths: changed(`fleet/core ${other} ${commit}`, `fleet/web ${other} ${commit}`),
      flags: changed('x'),
    });
  });

  test('has plain references in a release of one project', async () => {
    const { mergeRequests } = await collectScope(candidate(), host(), signal);
    expect(mergeRequests.found).toEqual([{ reference: '!12', labels: ['reports'] }]);
  });

  test.each<[string, Parameters<typeof part>[0], Partial<ReviewHost>, number]>([
    ['no deployment', { deployment: null }, {}, 1],
    ['nothing in production', { baseline: null }, {}, 1],
    ['too many paths for GitLab', {}, { changedPaths: async () => null }, 1],
    ['the same as production', { baseline: commit }, { changedPaths: async () => null }, 0],
  ])('has with %s so many gaps in its paths', async (_, change, given, gaps) => {
    const { changedPaths } = await collectScope(candidate(part(change)), host(given), signal);
    expect(changedPaths.gaps).toHaveLength(gaps);
    expect(changedPaths.found).toEqual([]);
  });

  test.each([
    [59, 1],
    [60, 0],
  ])('has with no merge requests %i seconds after the deployment %i gaps', async (seconds, gaps) => {
    const about = candidate(part({ deployment: deployment({ at: ago(seconds) }) }));
    const given = host({ mergeRequestsOf: async () => [] });
    const { mergeRequests } = await collectScope(about, given, signal, now);
    expect(mergeRequests.gaps).toHaveLength(gaps);
  });

  test('has no gap where merge requests are linked already', async () => {
    const about = candidate(part({ deployment: deployment({ at: ago(1) }) }));
    expect((await collectScope(about, host(), signal, now)).mergeRequests.gaps).toEqual([]);
  });

  test('is not known when GitLab does not answer', async () => {
    const failing = host({ featureFlags: () => Promise.reject(new Error('reset')) });
    await expect(collectScope(candidate(), failing, signal)).rejects.toThrow('reset');
  });
});
