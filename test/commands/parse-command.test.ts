import { describe, expect, test } from 'vitest';
import { isProblem, parseCommand } from '../../src/commands/parse-command.ts';
import { sentenceOf } from '../../src/core/problem.ts';
import { planWith } from '../core/promotion/samples.ts';
import { catalogueOf } from '../support/catalogue.ts';

const projects = ['bf-manage-core', 'bf-manage-web', 'bf-telematics'].map((id) => ({
  id,
  path: `betterfleet/${id}`,
  releaseBranch: 'release',
}));
const catalogue = catalogueOf(0, { projects });
const parse = (text: string) => parseCommand(text, catalogue);

const cutOff = 'bring-all-code-to-release-branch';
const deploy = 'deploy-release-branch-to-staging';
const start = (action: string | null, project: string | null) => ({ kind: 'start', action, project });
const status = (id: string | null) => ({ kind: 'status', id });
const validate = (release: string | null) => ({ kind: 'validate', release });
const decide = (release: string | null) => ({ kind: 'decide', release });
const help = { kind: 'help' };

describe('a command that is understood', () => {
  test.each<[string, object]>([
    ['', start(null, null)],
    ['   ', start(null, null)],
    ['\t\n', start(null, null)],
    ['cutoff', start(cutOff, null)],
    ['deploy', start(deploy, null)],
    ['  deploy  ', start(deploy, null)],
    ['CUTOFF', start(cutOff, null)],
    ['Deploy', start(deploy, null)],
    ['cutoff all', start(cutOff, 'all')],
    ['cutoff ALL', start(cutOff, 'all')],
    ['deploy bf-manage-core', start(deploy, 'bf-manage-core')],
    ['deploy   bf-manage-core  ', start(deploy, 'bf-manage-core')],
    ['deploy\u00a0bf-manage-core', start(deploy, 'bf-manage-core')],
    ['DEPLOY BF-MANAGE-CORE', start(deploy, 'bf-manage-core')],
    ['status', status(null)],
    ['Status', status(null)],
    ['status abcd2345', status('abcd2345')],
    ['status ABCD2345', status('abcd2345')],
    ['status `abcd2345`', status('abcd2345')],
    ['status nonsense', status('nonsense')],
    ['status 2026.47', status('2026.47')],
    ['validate', validate(null)],
    ['Validate', validate(null)],
    ['validate 2026.47', validate('2026.47')],
    ['validate `2026.47`', validate('2026.47')],
    ['validate Hotfix-3', validate('Hotfix-3')],
    ['decide', decide(null)],
    ['decide 2026.47', decide('2026.47')],
    ['DECIDE 2026.47', decide('2026.47')],
    ['help', help],
    ['HELP', help],
    ['help deploy', help],
    ['help me please now', help],
  ])('%j', (text, command) => {
    expect(parse(text)).toEqual(command);
  });
});

describe('a command that is refused', () => {
  test.each<[string, string, string]>([
    ['deply', 'command-unknown', 'Did you mean `/release deploy`?'],
    ['cutof', 'command-unknown', 'Did you mean `/release cutoff`?'],
    ['cut-off', 'command-unknown', 'Did you mean `/release cutoff`?'],
    ['cut off', 'command-unknown', '`/release help`'],
    ['stauts', 'command-unknown', 'Did you mean `/release status`?'],
    ['hepl', 'command-unknown', 'Did you mean `/release help`?'],
    ['rollback', 'command-unknown', '`/release help`'],
    ['bf-manage-core', 'command-unknown', '`/release help`'],
    ['all', 'command-unknown', '`/release help`'],
    ['--help', 'command-unknown', 'Did you mean `/release help`?'],
    ['constructor', 'command-unknown', '`/release help`'],
    ['🎉', 'command-unknown', '`/release help`'],
    ['deploy bf-manage-cor', 'project-unknown', 'Did you mean "bf-manage-core"?'],
    ['deploy bf-manage-wbe', 'project-unknown', 'Did you mean "bf-manage-web"?'],
    ['deploy al', 'project-unknown', 'Did you mean "all"?'],
    ['deploy something-else', 'project-unknown', 'choose from the list'],
    ['deploy betterfleet/bf-manage-core', 'project-unknown', 'choose'],
    ['deploy __proto__', 'project-unknown', 'choose from the list'],
    ['deploy *', 'project-unknown', 'choose from the list'],
    ['deploy bf-manage-core bf-manage-web', 'command-extra', '`/release deploy bf-manage-core`'],
    ['deploy bf-manage-core all', 'command-extra', '`/release deploy bf-manage-core`'],
    ['cutoff all now', 'command-extra', '`/release cutoff all`'],
    ['valdiate', 'command-unknown', 'Did you mean `/release validate`?'],
    ['decid', 'command-unknown', 'Did you mean `/release decide`?'],
    ['validate 2026.47 now', 'release-extra', '`/release validate 2026.47`'],
    ['decide 2026.47 go', 'release-extra', '`/release decide 2026.47`'],
    ['validate ../x', 'release-name-wrong', '2026.47'],
    ['validate -x', 'release-name-wrong', 'beginning with a letter or digit'],
    ['validate <!channel>', 'release-name-wrong', '2026.47'],
    [`validate ${'x'.repeat(41)}`, 'release-name-wrong', '40 at most'],
    ['status abcd2345 more', 'status-extra', '`/release status abcd2345`'],
    [`deploy ${'x'.repeat(194)}`, 'command-too-long', '`/release help`'],
    ['x'.repeat(201), 'command-too-long', '`/release help`'],
    ['x'.repeat(1_500), 'command-too-long', '`/release help`'],
  ])('%j is a %s', (text, code, words) => {
    const result = parse(text);
    expect(result).toMatchObject({ code });
    expect(isProblem(result) && sentenceOf(result)).toContain(words);
  });

  test('may be 200 characters long, no more', () => {
    expect(parse(`deploy ${' '.repeat(179)}bf-manage-core`)).toEqual(start(deploy, 'bf-manage-core'));
    expect(parse(`deploy ${' '.repeat(180)}bf-manage-core`)).toMatchObject({ code: 'command-too-long' });
  });

  test('is read as it was typed, not as Slack escapes it', () => {
    const result = parse('deploy &lt;a&amp;b&gt;');
    expect(isProblem(result) && result.what).toBe('There is no project "<a&b>".');
    expect(parse('&amp;'.repeat(200))).toMatchObject({ code: 'command-unknown' });
  });
});

describe('validate with a service of the catalogue', () => {
  const services = [planWith({ service: 'bf-manage-core' }), planWith({ service: '2026.47' })];
  const typed = (text: string) => parseCommand(text, catalogueOf(0, { projects, services }));
  const deployment = (service: string, region: string | null) => ({ kind: 'deployment', service, region });

  test.each<[string, object]>([
    ['validate bf-manage-core', deployment('bf-manage-core', null)],
    ['validate `BF-Manage-Core`', deployment('bf-manage-core', null)],
    ['validate bf-manage-core eu-west-1', deployment('bf-manage-core', 'eu-west-1')],
    ['validate bf-manage-core US-EAST-1', deployment('bf-manage-core', 'us-east-1')],
    // The name of a service wins over that of a release.
    ['validate 2026.47', deployment('2026.47', null)],
    ['validate 2026.48', validate('2026.48')],
    ['validate bf-manage-web', validate('bf-manage-web')],
    ['decide bf-manage-core', decide('bf-manage-core')],
    ['validate', validate(null)],
  ])('%j', (text, command) => {
    expect(typed(text)).toEqual(command);
  });

  test.each<[string, string, string]>([
    ['validate bf-manage-core eu-west-2', 'region-unknown', 'Did you mean "eu-west-1"?'],
    ['validate bf-manage-core moon', 'region-unknown', 'Use one of its regions'],
    ['validate bf-manage-cor eu-west-1', 'service-unknown', 'Did you mean "bf-manage-core"?'],
    ['validate something eu-west-1', 'service-unknown', 'Ask whoever keeps the catalogue'],
    [
      'validate bf-manage-core eu-west-1 now',
      'service-extra',
      '`/release validate bf-manage-core eu-west-1`',
    ],
    ['validate 2026.48 now', 'release-extra', '`/release validate 2026.48`'],
  ])('%j is a %s', (text, code, words) => {
    const result = typed(text);
    expect(result).toMatchObject({ code });
    expect(isProblem(result) && sentenceOf(result)).toContain(words);
  });
});
