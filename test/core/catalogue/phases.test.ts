import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { knowledge } from '../../../src/checks/index.ts';
import { checkCatalogue } from '../../../src/core/catalogue/catalogue.ts';
import { planOf } from '../../../src/core/catalogue/phase.ts';
import { gatesOf, plan } from '../../../src/core/release/plan.ts';
import { sample } from './sample.ts';

const checks = { 'url-loads': z.strictObject({ url: z.string(), status: z.number().default(200) }) };
const gate = (parts: object = {}) => ({ id: 'site', title: 'The site loads', ...parts });
const group = (parts: object = {}) => ({ id: 'identity', name: 'Identity', gates: [gate()], ...parts });
const phase = (parts: object = {}) => ({
  id: 'staging',
  name: 'Staging validation',
  environment: 'staging',
  url: 'https://staging.example.com/',
  projects: ['bf-manage-core'],
  groups: [group()],
  ...parts,
});
const withPhases = (...phases: unknown[]) => sample({ phases });
const withPhase = (parts: object) => withPhases(phase(parts));
const withGate = (parts: object) => withPhase({ groups: [group({ gates: [gate(parts)] })] });

function faultsOf(content: unknown): string[] {
  const result = checkCatalogue(content, { checks, patternFault: () => null });
  return result.ok
    ? []
    : result.issues.map(({ path, problem, instead }) => `${path.join('.')}: ${problem}. ${instead}`);
}

test('a phase has every default filled in', () => {
  const result = checkCatalogue(withPhases(phase()), { checks, patternFault: () => null });
  expect(result.ok && result.catalogue.phases).toEqual([
    {
      id: 'staging',
      name: 'Staging validation',
      environment: 'staging',
      url: 'https://staging.example.com',
      projects: ['bf-manage-core'],
      baseline: 'production',
      workspaces: { suggested: null, reserved: [] },
      record: null,
      approvals: [],
      groups: [
        {
          id: 'identity',
          name: 'Identity',
          answers: 'checks',
          workspace: false,
          gates: [
            {
              id: 'site',
              title: 'The site loads',
              check: null,
              with: {},
              when: null,
              rule: null,
              touchedBy: [],
            },
          ],
        },
      ],
    },
  ]);
});

describe('a catalogue passes with', () => {
  test.each<[string, unknown]>([
    ['no phase', sample()],
    ['a check with its parameters', withGate({ check: 'url-loads', with: { url: 'https://x' } })],
    ['a condition', withGate({ when: { labels: ['reports'] } })],
    [
      'an approval by a user group',
      withPhase({ approvals: [{ id: 'owner', name: 'Owner', groups: ['S0OWNERS'] }] }),
    ],
    ['the same gate in two phases', withPhases(phase(), phase({ id: 'next', name: 'Next' }))],
    ['a port and a path', withPhase({ url: 'http://127.0.0.1:8080/app' })],
  ])('%s', (_, content) => {
    expect(faultsOf(content)).toEqual([]);
  });
});

describe('a catalogue is refused for', () => {
  const at = 'phases.0.groups.0.gates.0';
  test.each<[string, unknown, string]>([
    [
      'a check that there is not',
      withGate({ check: 'url-load' }),
      `${at}.check: there is no check "url-load". Did you mean "url-loads"?`,
    ],
    [
      'a check that only an object has',
      withGate({ check: 'constructor' }),
      `${at}.check: there is no check "constructor". Write one of: url-loads.`,
    ],
    [
      'a parameter that is missing',
      withGate({ check: 'url-loads' }),
      `${at}.with.url: is missing. Write, for example: text`,
    ],
    [
      'a parameter that the check does not know',
      withGate({ check: 'url-loads', with: { url: 'x', stauts: 200 } }),
      `${at}.with.stauts: "stauts" is no key here. Did you mean "status"?`,
    ],
    [
      'a parameter of another kind',
      withGate({ check: 'url-loads', with: { url: 'x', status: 'ok' } }),
      `${at}.with.status: "ok" is text, must be a number. Write, for example: 20`,
    ],
    [
      'parameters of a gate that people answer',
      withGate({ with: { url: 'x' } }),
      `${at}.with: "with" is for checks, and people answer this gate. Leave it out, or name the check.`,
    ],
    [
      'a condition that names nothing',
      withGate({ when: {} }),
      `${at}.when: names nothing. Add labels, paths or flags; without \`when\` a gate is mandatory.`,
    ],
    [
      'a gate without a title',
      withGate({ title: ' ' }),
      `${at}.title: is empty. Write, for example: title: The site loads`,
    ],
    [
      'a gate that is there twice, in two groups',
      withPhase({ groups: [group(), group({ id: 'other' })] }),
      'phases.0.groups.1.gates.0.id: "site" is there twice. Give each gate of a phase its own id.',
    ],
    [
      'a group that is there twice',
      withPhase({ groups: [group(), group({ gates: [gate({ id: 'b' })] })] }),
      'phases.0.groups.1.id: "identity" is there twice. Give each group of a phase its own id.',
    ],
    [
      'an approval that is there twice',
      withPhase({ approvals: [1, 2].map((n) => ({ id: 'owner', name: `O${n}`, users: ['U0OWNER'] })) }),
      'phases.0.approvals.1.id: "owner" is there twice. Give each approval of a phase its own id.',
    ],
    [
      'a phase that is there twice',
      withPhases(phase(), phase({ name: 'Other' })),
      'phases.1.id: "staging" is there twice. Give each phase its own id.',
    ],
    [
      'two phases of one name',
      withPhases(phase(), phase({ id: 'other' })),
      'phases.1.name: "Staging validation" is there twice. Give each phase its own name.',
    ],
    [
      'an approval by nobody',
      withPhase({ approvals: [{ id: 'owner', name: 'Owner' }] }),
      'phases.0.approvals.0: names nobody. Add at least one id under users or groups.',
    ],
    [
      'a project that there is not',
      withPhase({ projects: ['bf-manage-cor'] }),
      'phases.0.projects.0: "bf-manage-cor" is no project. Did you mean "bf-manage-core"?',
    ],
    [
      'no project',
      withPhase({ projects: [] }),
      'phases.0.projects: has no project. Add at least one: projects: [bf-manage-core]',
    ],
    [
      'no group',
      withPhase({ groups: [] }),
      'phases.0.groups: has no group. Add at least one: - { id: identity, name: …, gates: […] }',
    ],
    [
      'no gate',
      withPhase({ groups: [group({ gates: [] })] }),
      'phases.0.groups.0.gates: has no gate. Add at least one: - { id: site-loads, title: … }',
    ],
    ...['staging.example.com', 'ftp://x.example', 'https://x.example?a=1', 'https://[', 'https://a b'].map(
      (url): [string, unknown, string] => [
        `the address ${url}`,
        withPhase({ url }),
        `phases.0.url: "${url}" is no web address. Write, for example: https://staging.example.com`,
      ],
    ),
    [
      'an empty environment',
      withPhase({ environment: '' }),
      'phases.0.environment: is empty. Write, for example: environment: staging',
    ],
    [
      'other answers',
      withPhase({ groups: [group({ answers: 'add-on' })] }),
      'phases.0.groups.0.answers: is "add-on". Write checks or add-ons.',
    ],
    [
      'a record without a team',
      withPhase({ record: { title: 'x' } }),
      'phases.0.record.team: is missing. Write, for example: team: REL',
    ],
    [
      'a phase in words',
      withPhases('staging'),
      'phases.0: "staging" is text, must be a block of keys. Write, for example: { id: staging, name: Staging validation, environment: staging, url: …, projects: […], groups: […] }',
    ],
  ])('%s', (_, content, fault) => {
    expect(faultsOf(content)).toEqual([fault]);
  });
});

describe('the example', async () => {
  const file = fileURLToPath(new URL('../../../examples/betterfleet-manage/release.yml', import.meta.url));
  const result = checkCatalogue(parse(await readFile(file, 'utf8')), knowledge);
  const [staging] = result.ok ? result.catalogue.phases : [];
  if (!staging) throw new Error('the example has no phase');
  const groups = staging.groups.map(({ gates, ...rest }) => ({ ...rest, count: gates.length }));

  test('has the five gates of the runbook: 18 smoke checks, seven add-ons', () => {
    expect(groups.map(({ id, count, answers, workspace }) => [id, count, answers, workspace])).toEqual([
      ['merge-requests', 1, 'checks', false],
      ['identity', 6, 'checks', false],
      ['smoke', 18, 'checks', true],
      ['add-ons', 7, 'add-ons', false],
      ['monitoring', 4, 'checks', false],
    ]);
  });

  test('makes the add-ons and the migrations conditional, and nothing else', () => {
    const gates = gatesOf(planOf(staging));
    const conditional = gates.filter(({ gate: { when } }) => when !== null);
    const inAddOns = conditional.filter(({ group: { id } }) => id === 'add-ons');
    expect(inAddOns).toHaveLength(7);
    expect(conditional.filter((one) => !inAddOns.includes(one)).map(({ gate: { check } }) => check)).toEqual([
      'migrations',
    ]);
  });

  test('gives a plan that a release can carry', () => {
    const made = planOf(staging);
    expect(plan.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
    expect(made).toMatchObject({ phase: 'Staging validation', recorded: true, approvals: [] });
  });
});
