import { describe, expect, test } from 'vitest';
import { matchesWildcard } from '../../src/checks/wildcards.ts';
import type { FeatureFlag } from '../../src/core/sources.ts';
import { candidate, judged, part } from './support/release.ts';

type Strategy = FeatureFlag['strategies'][number];
const strategy = (name: string, change: Partial<Strategy> = {}): Strategy => ({
  name,
  parameters: {},
  scopes: ['*'],
  userList: null,
  ...change,
});
const everybody = strategy('default');
const percent = (rollout: string) => strategy('flexibleRollout', { parameters: { rollout } });
const users = (userIds: string) => strategy('userWithId', { parameters: { userIds } });
const list = (userList: string) => strategy('gitlabUserList', { userList });
const flag = (strategies: Strategy[], active = true): FeatureFlag => ({
  name: 'x',
  active,
  strategies,
  url: 'https://gitlab.example/flag',
});

const run = (intended: object, flags: FeatureFlag[]) =>
  judged(
    'feature-flags',
    { project: 'core', flags: [{ name: 'x', ...intended }] },
    { codeHost: { featureFlags: async () => flags } },
  );
const off = { stage: 'off' };
const on = { stage: 'on' };

describe('a feature flag', () => {
  test.each<[string, object, FeatureFlag, string]>([
    ['inactive is off', off, flag([everybody], false), 'pass'],
    ['without a strategy is off', off, flag([]), 'pass'],
    ['for another environment is off', off, flag([strategy('default', { scopes: ['production'] })]), 'pass'],
    ['for this environment is on', on, flag([strategy('default', { scopes: ['staging'] })]), 'pass'],
    ['for environments that begin so is on', on, flag([strategy('default', { scopes: ['stag*'] })]), 'pass'],
    [
      'in the environment that the gate names',
      { ...off, environment: 'production' },
      flag([strategy('default', { scopes: ['staging'] })]),
      'pass',
    ],
    ['on instead of off', off, flag([everybody]), 'fail'],
    ['off instead of on', on, flag([everybody], false), 'fail'],
    ['for everybody and some is on', on, flag([everybody, users('a')]), 'pass'],
    ['for the users, in any order', { stage: 'users', audience: ['b', 'a'] }, flag([users('a, b')]), 'pass'],
    [
      'for the users of two strategies',
      { stage: 'users', audience: ['a', 'b'] },
      flag([users('a'), users('b')]),
      'pass',
    ],
    ['for one user too many', { stage: 'users', audience: ['a'] }, flag([users('a,b')]), 'fail'],
    ['for nobody by name is off', off, flag([users('')]), 'pass'],
    ['for the list', { stage: 'list', audience: ['pilot'] }, flag([list('pilot')]), 'pass'],
    ['for another list', { stage: 'list', audience: ['pilot'] }, flag([list('all')]), 'fail'],
    [
      'for the list and a user besides',
      { stage: 'list', audience: ['pilot'] },
      flag([list('pilot'), users('a')]),
      'fail',
    ],
    ['for the share', { stage: 'percent', audience: 25 }, flag([percent('25')]), 'pass'],
    [
      'for the share, the older way',
      { stage: 'percent', audience: 25 },
      flag([strategy('gradualRolloutUserId', { parameters: { percentage: '25' } })]),
      'pass',
    ],
    ['for another share', { stage: 'percent', audience: 25 }, flag([percent('50')]), 'fail'],
    ['for two shares', { stage: 'percent', audience: 25 }, flag([percent('25'), percent('25')]), 'fail'],
    [
      'for a share that is no number',
      { stage: 'percent', audience: 25 },
      flag([percent('')]),
      'inconclusive',
    ],
    ['with a strategy nobody knows', on, flag([everybody, strategy('perhaps')]), 'inconclusive'],
    [
      'with a list that GitLab does not name',
      { stage: 'list', audience: ['p'] },
      flag([strategy('gitlabUserList')]),
      'inconclusive',
    ],
  ])('%s: %j', async (_, intended, actual, outcome) => {
    const finding = await run(intended, [actual]);
    expect(finding.outcome).toBe(outcome);
    expect(finding.remedy === '').toBe(outcome === 'pass');
  });

  test('that is not there is not known, even where it is meant to be off', async () => {
    expect((await run(off, [])).outcome).toBe('inconclusive');
  });

  test('that is wrong is named with what it is and what was intended', async () => {
    const finding = await run({ stage: 'percent', audience: 25 }, [flag([percent('50')])]);
    expect(finding.evidence[0]).toMatchObject({ value: 'on for 50 %; intended on for 25 %' });
    expect(finding.blockers).toMatchObject([{ id: 'flag/staging/x', title: 'x: on for 50 %' }]);
  });

  test('of a project that the release does not hold is not known', async () => {
    const params = { project: 'web', flags: [{ name: 'x', stage: 'on' }] };
    expect((await judged('feature-flags', params, {}, candidate(part()))).outcome).toBe('inconclusive');
  });

  test.each([
    { stage: 'users' },
    { stage: 'users', audience: 5 },
    { stage: 'percent', audience: ['a'] },
    { stage: 'on', audience: ['a'] },
  ])('is not asked for by %j', async (wrong) => {
    await expect(run(wrong, [])).rejects.toThrow('audience');
  });
});

test.each<[string, string, boolean]>([
  ['*', 'staging', true],
  ['staging', 'staging', true],
  ['staging', 'staging-2', false],
  ['review/*', 'review/a/b', true],
  ['*/eu', 'staging/eu', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c', false],
  ['ab*ba', 'aba', false],
  ['a*b*b', 'ab', false],
  ['', '', true],
  ['', 'x', false],
  ['.*', 'xx', false],
])('"%s" matches "%s": %s', (pattern, text, expected) => {
  expect(matchesWildcard(pattern, text)).toBe(expected);
});
