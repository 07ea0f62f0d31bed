import { describe, expect, test } from 'vitest';
import { evaluate } from '../../src/checks/target-can-start.ts';
import type { TargetFacts, VariablesRole } from '../../src/core/target-facts.ts';

const target = { path: 'group/web', ref: 'release' };
type Project = NonNullable<TargetFacts['project']>;
type Branch = Exclude<TargetFacts['branch'], 'hidden' | null>;

const facts = (project: Partial<Project> | null = {}, branch: Partial<Branch> | null = {}): TargetFacts => ({
  project: project && {
    archived: false,
    pipelinesEnabled: true,
    accessLevel: 40,
    variablesRole: 'developer',
    ...project,
  },
  branch: branch && { protected: false, mayPush: true, mayMerge: true, ...branch },
});
const codes = (given: TargetFacts) => evaluate(target, given).map(({ code }) => code);

describe('starting a pipeline with variables', () => {
  const roles: VariablesRole[] = ['developer', 'maintainer', 'owner', 'no_one_allowed'];
  const allowed: Record<number, VariablesRole[]> = {
    30: ['developer'],
    40: ['developer', 'maintainer'],
    50: ['developer', 'maintainer', 'owner'],
    60: ['developer', 'maintainer', 'owner'],
  };
  const table = [0, 5, 10, 15, 20, 25, 30, 40, 50, 60].flatMap((level) =>
    roles.map((role): [number, VariablesRole, string[]] => {
      if (level < 30) return [level, role, ['gitlab-role-too-low']];
      return [level, role, allowed[level]?.includes(role) ? [] : ['gitlab-variables-forbidden']];
    }),
  );
  test.each(table)('at level %i where it takes %s: %j', (accessLevel, variablesRole, expected) => {
    expect(codes(facts({ accessLevel, variablesRole }))).toEqual(expected);
  });

  test('is refused for a role that GitLab has not told of yet', () => {
    const variablesRole = 'planner' as VariablesRole;
    expect(codes(facts({ accessLevel: 60, variablesRole }))).toEqual(['gitlab-variables-forbidden']);
  });
});

describe('the branch', () => {
  test.each<[string, Partial<Branch> | null, string[]]>([
    ['that is missing', null, ['gitlab-branch-missing']],
    ['that is open', { protected: false }, []],
    ['that is open and not ours to push', { protected: false, mayPush: false, mayMerge: false }, []],
    ['that is protected and ours to push', { protected: true, mayMerge: false }, []],
    ['that is protected and ours to merge', { protected: true, mayPush: false }, []],
    [
      'that is protected against us',
      { protected: true, mayPush: false, mayMerge: false },
      ['gitlab-branch-protected'],
    ],
  ])('%s', (_, branch, expected) => {
    expect(codes(facts({}, branch))).toEqual(expected);
  });
});

test.each<[string, Partial<Project>, string[]]>([
  ['hides it', {}, ['gitlab-branch-hidden']],
  ['is too low, which says enough', { accessLevel: 10 }, ['gitlab-role-too-low']],
])('a branch that nobody sees because the role %s', (_, project, expected) => {
  expect(codes({ ...facts(project), branch: 'hidden' })).toEqual(expected);
});

describe('the project', () => {
  test.each<[string, TargetFacts, string[]]>([
    ['that is not there has no further faults', facts(null, null), ['gitlab-project-missing']],
    ['that is archived', facts({ archived: true }), ['gitlab-project-archived']],
    ['without pipelines', facts({ pipelinesEnabled: false }), ['gitlab-pipelines-off']],
    [
      'with everything wrong says all of it, in the order of mending',
      facts({ archived: true, pipelinesEnabled: false, accessLevel: 20 }, null),
      ['gitlab-project-archived', 'gitlab-pipelines-off', 'gitlab-role-too-low', 'gitlab-branch-missing'],
    ],
    [
      'whose variables and branch are closed',
      facts({ variablesRole: 'no_one_allowed' }, { protected: true, mayPush: false, mayMerge: false }),
      ['gitlab-variables-forbidden', 'gitlab-branch-protected'],
    ],
    ['without fault', facts(), []],
  ])('%s', (_, given, expected) => {
    expect(codes(given)).toEqual(expected);
  });
});

test.each([
  [0, 'no role'],
  [10, 'Guest'],
  [15, 'Guest'],
  [20, 'Reporter'],
])('level %i is called %s', (accessLevel, name) => {
  expect(evaluate(target, facts({ accessLevel }))[0]?.why).toContain(name);
});

test('every fault names the project and says what to do (F6)', () => {
  const all = [
    ...evaluate(target, facts(null)),
    ...evaluate(target, facts({ archived: true, pipelinesEnabled: false, accessLevel: 10 }, null)),
    ...evaluate(
      target,
      facts({ variablesRole: 'owner' }, { protected: true, mayPush: false, mayMerge: false }),
    ),
  ];
  expect(all).toHaveLength(7);
  for (const { what, todo } of all) {
    expect(what).toContain('group/web');
    expect(todo).not.toBe('');
  }
});
