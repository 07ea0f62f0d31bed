import { describe, expect, test } from 'vitest';
import { checkCatalogue } from '../../../src/core/catalogue/catalogue.ts';
import { project, sample, withProjects } from './sample.ts';

function faultsOf(content: unknown): string[] {
  const result = checkCatalogue(content);
  return result.ok
    ? []
    : result.issues.map(({ path, problem, instead }) => `${path.join('.')}: ${problem}. ${instead}`);
}

test('a checked catalogue has every default filled in', () => {
  expect(checkCatalogue(sample())).toEqual({
    ok: true,
    catalogue: {
      name: 'BetterFleet Manage',
      gitlab: { root: 'betterfleet/bf-dev', releaseBranch: 'release' },
      groups: [{ id: 'manage', name: 'Manage' }],
      projects: [
        {
          id: 'bf-manage-core',
          path: 'betterfleet/bf-manage-core',
          group: 'manage',
          releaseBranch: 'release',
        },
        { id: 'bf-telematics', path: 'betterfleet/bf-telematics', releaseBranch: 'release/2026' },
      ],
      roles: {
        releaseEngineer: { users: ['U0RELENG'], groups: [] },
        tester: { users: [], groups: [] },
        admin: { users: [], groups: [] },
      },
      channels: { releases: 'C0RELEASES' },
      limits: { pipelinesPerMinute: 20, followPollSeconds: 15, followHours: 24 },
      phases: [],
      accounts: [],
      services: [],
      waves: [],
    },
  });
});

test('testers are whom the catalogue names', () => {
  const roles = { 'release-engineer': { users: ['U0RELENG'] }, tester: { groups: ['S0TESTERS'] } };
  const result = checkCatalogue(sample({ roles }));
  expect(result.ok && result.catalogue.roles.tester).toEqual({ users: [], groups: ['S0TESTERS'] });
});

test('a project without a branch of its own takes the one of the catalogue', () => {
  const result = checkCatalogue(sample({ gitlab: { root: 'a/b', 'release-branch': 'stable' } }));
  expect(result.ok && result.catalogue.projects.map(({ releaseBranch }) => releaseBranch)).toEqual([
    'stable',
    'release/2026',
  ]);
});

const role = (parts: object) => sample({ roles: { 'release-engineer': parts } });
const members = (users: unknown[], groups: unknown[] = []) => role({ users, groups });
const x = (count: number) => 'x'.repeat(count);
const list = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `p${i}`, path: `a/p${i}` }));

describe('a catalogue passes with', () => {
  test.each<[string, unknown]>([
    ['no groups', sample({ groups: undefined, projects: [project()] })],
    ['a user group only', members([], ['S0RELENG'])],
    ['a W user id', members(['W012AB'])],
    ['1,000 projects', withProjects(...list(1_000))],
    ['an id of 60 characters', withProjects(project({ id: x(60) }))],
    ['an id that only starts like a reserved word', withProjects(project({ id: 'all-in' }))],
    ['a name of 60 characters', sample({ name: x(60) })],
    ['a group name of 75 characters', sample({ groups: [{ id: 'manage', name: x(75) }] })],
    ['a project in a subgroup', withProjects(project({ path: 'a/b/c_d/e.f' }))],
    ['a private channel', sample({ channels: { releases: 'G0RELEASES' } })],
  ])('%s', (_name, content) => {
    expect(faultsOf(content)).toEqual([]);
  });
});

describe('a catalogue is refused for', () => {
  test.each<[string, unknown, string]>([
    [
      'a missing section',
      sample({ roles: undefined }),
      'roles: is missing. Write, for example: roles: { release-engineer: { users: [U0RELENG] } }',
    ],
    [
      'an empty section',
      sample({ projects: null }),
      'projects: is empty. Write, for example: projects: [{ id: bf-manage-core, path: betterfleet/bf-manage-core }]',
    ],
    ['another version', sample({ version: 2 }), 'version: is 2, this gonogo reads 1. Write version: 1'],
    ['no version', sample({ version: undefined }), 'version: is missing. Write, for example: version: 1'],
    [
      'an unknown key',
      sample({ chanels: {} }),
      'chanels: "chanels" is no key here. Did you mean "channels"?',
    ],
    [
      'an unknown key of a project',
      withProjects(project({ gruop: 'x' })),
      'projects.0.gruop: "gruop" is no key here. Did you mean "group"?',
    ],
    [
      'a key far from all',
      sample({ zzzzzz: 1 }),
      'zzzzzz: "zzzzzz" is no key here. Write one of: version, name, gitlab, groups, projects, roles, channels, limits, phases, accounts, services, waves.',
    ],
    [
      'a number as id',
      withProjects(project({ id: 7 })),
      'projects.0.id: 7 is a number, must be text. Put quotes around it: "7"',
    ],
    [
      'a list of words',
      withProjects('bf-web'),
      'projects.0: "bf-web" is text, must be a block of keys. Write, for example: { id: bf-manage-core, path: betterfleet/bf-manage-core }',
    ],
    [
      'a block where a list belongs',
      sample({ projects: project() }),
      'projects: is a block of keys, must be a list. Write, for example: projects: [{ id: bf-manage-core, path: betterfleet/bf-manage-core }]',
    ],
    [
      'no project',
      withProjects(),
      'projects: has no project. Add at least one: - { id: bf-manage-core, path: betterfleet/bf-manage-core }',
    ],
    [
      '1,001 projects',
      withProjects(...list(1_001)),
      'projects: has more than 1000 projects. Split the catalogue.',
    ],
    [
      'capitals in an id',
      withProjects(project({ id: 'BF_Web' })),
      'projects.0.id: "BF_Web" is no id: lower-case letters and digits, in words joined by single dashes. Write "bf-web".',
    ],
    [
      'an id with nothing usable',
      withProjects(project({ id: '…' })),
      'projects.0.id: "…" is no id: lower-case letters and digits, in words joined by single dashes. Write, for example: bf-manage-core',
    ],
    [
      'an id of 61 characters',
      withProjects(project({ id: x(61) })),
      `projects.0.id: "${x(61)}" has 61 characters. Write at most 60.`,
    ],
    ...['all', 'status', 'help', 'cutoff', 'deploy', 'validate'].map((word): [string, unknown, string] => [
      `the reserved id ${word}`,
      withProjects(project({ id: word })),
      `projects.0.id: "${word}" is a word of the /release command. Choose another id.`,
    ]),
    [
      'an id that is there twice',
      withProjects(project(), project({ path: 'a/b' })),
      'projects.1.id: "bf-web" is already the id of projects[0]. Give each project its own id, or remove the entry that is there twice.',
    ],
    [
      'a path that is there twice',
      withProjects(project(), project({ id: 'b', path: 'BetterFleet/BF-web' })),
      'projects.1.path: "BetterFleet/BF-web" is already the path of projects[0]. Remove one of the two entries: a project is declared once.',
    ],
    [
      'a group id that is there twice',
      sample({
        groups: [
          { id: 'manage', name: 'A' },
          { id: 'manage', name: 'B' },
        ],
      }),
      'groups.1.id: "manage" is already the id of groups[0]. Give each group its own id.',
    ],
    [
      'a misspelt group',
      withProjects(project({ group: 'mange' })),
      'projects.0.group: "mange" is no group. Did you mean "manage"?',
    ],
    [
      'a group where none is declared',
      sample({ groups: [], projects: [project({ group: 'web' })] }),
      'projects.0.group: "web" is no group. Declare it under groups: - { id: …, name: … }',
    ],
    [
      'an address as path',
      withProjects(project({ path: 'https://gitlab.com/a/b.git' })),
      'projects.0.path: "https://gitlab.com/a/b.git" is an address, not a path. Write "a/b".',
    ],
    [
      'a path without a group',
      withProjects(project({ path: 'bf-web' })),
      'projects.0.path: "bf-web" is no project path of GitLab. Write the group and the project as in the address of the project, for example: path: betterfleet/bf-manage-core',
    ],
    [
      'a branch that git refuses',
      sample({ gitlab: { root: 'a/b', 'release-branch': 'a..b' } }),
      'gitlab.release-branch: "a..b" is no branch name that git takes. Write, for example: release-branch: release',
    ],
    [
      'a name of 61 characters',
      sample({ name: x(61) }),
      'name: has 61 characters, Slack shows at most 60. Write a shorter name.',
    ],
    [
      'a name too long once escaped',
      sample({ name: `${x(56)}&` }),
      'name: has 61 characters (& < > count for more), Slack shows at most 60. Write a shorter name.',
    ],
    ['an empty name', sample({ name: ' ' }), 'name: is empty. Write, for example: name: BetterFleet Manage'],
    [
      'a group name of 76 characters',
      sample({ groups: [{ id: 'manage', name: x(76) }] }),
      'groups.0.name: has 76 characters, Slack shows at most 75. Write a shorter name.',
    ],
    [
      'a role with nobody',
      members([]),
      'roles.release-engineer: names nobody. Add at least one id under users or groups.',
    ],
    [
      'a tester role with nobody',
      sample({ roles: { 'release-engineer': { users: ['U0RELENG'] }, tester: {} } }),
      'roles.tester: names nobody. Add at least one id under users or groups.',
    ],
    [
      'a user name',
      members(['@rita']),
      'roles.release-engineer.users.0: "@rita" is no id of a user in Slack. Write the member id, for example U0RELENG: in Slack open the profile, then ⋮ and "Copy member ID".',
    ],
    [
      'a user group among users',
      members(['S0RELENG']),
      'roles.release-engineer.users.0: "S0RELENG" is the id of a user group, not of a user. Write the member id, for example U0RELENG: in Slack open the profile, then ⋮ and "Copy member ID".',
    ],
    [
      'a user among groups',
      members([], ['U0RELENG']),
      'roles.release-engineer.groups.0: "U0RELENG" is the id of a user, not of a user group. Write the id of the user group, for example S0RELENG: in Slack open the group, then ⋮ and "Copy group ID".',
    ],
    [
      'a channel name',
      sample({ channels: { releases: '#releases' } }),
      'channels.releases: "#releases" is no id of a channel in Slack. Write the channel id, for example C0RELEASES: in Slack click the channel name, the id is at the end of "About".',
    ],
    [
      'a limit of 0',
      sample({ limits: { 'pipelines-per-minute': 0 } }),
      'limits.pipelines-per-minute: is less than 1. Write at least 1.',
    ],
    [
      'a limit in words',
      sample({ limits: { 'follow-hours': 'long' } }),
      'limits.follow-hours: "long" is text, must be a number. Write, for example: 20',
    ],
    [
      'half a second',
      sample({ limits: { 'follow-poll-seconds': 0.5 } }),
      'limits.follow-poll-seconds: 0.5 is a number, must be a whole number. Write, for example: 20',
    ],
    ['nothing', undefined, ': is missing. Write, for example: version: 1, and the sections below it'],
  ])('%s', (_name, content, fault) => {
    expect(faultsOf(content)).toContain(fault);
    expect(faultsOf(content)).toHaveLength(1);
  });
});

test('all faults come at once, those of one place and those between two', () => {
  const content = sample({ name: 1, extra: 1, projects: [project({ group: 'web' }), project({ id: 'X' })] });
  expect(faultsOf(content).map((fault) => fault.split(':')[0])).toEqual(
    expect.arrayContaining(['name', 'extra', 'projects.1.id', 'projects.1.path', 'projects.0.group']),
  );
});
