import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkCatalogue } from '../../../src/core/catalogue/catalogue.ts';
import { promotionPlan } from '../../../src/core/promotion/plan.ts';
import { sample } from './sample.ts';

const known = {
  checks: { 'log-spike': z.strictObject({ group: z.string() }) },
  patternFault: (pattern: string) => (pattern.includes('(?=') ? 'it looks around' : null),
};
const region = (parts: object = {}) => ({
  region: 'eu-west-1',
  cluster: 'production',
  environment: 'production/eu-west-1',
  ...parts,
});
const service = (parts: object = {}) => ({
  id: 'core',
  project: 'bf-manage-core',
  owner: { name: 'Manage team', users: ['U0OWNER'] },
  regions: [region()],
  ...parts,
});
const withServices = (services: unknown, more: object = {}) => sample({ services, ...more });

function faultsOf(content: unknown): string[] {
  const result = checkCatalogue(content, known);
  return result.ok ? [] : result.issues.map(({ path, problem }) => `${path.join('.')}: ${problem}`);
}

test('a service has every default filled in, as a promotion records it', () => {
  const result = checkCatalogue(withServices([service()]), known);
  const [resolved] = result.ok ? result.catalogue.services : [];
  expect(resolved).toEqual({
    service: 'core',
    name: 'core',
    project: 'bf-manage-core',
    path: 'betterfleet/bf-manage-core',
    owner: { name: 'Manage team', users: ['U0OWNER'], groups: [] },
    regions: [
      {
        region: 'eu-west-1',
        account: null,
        cluster: 'production',
        service: 'core',
        environment: 'production/eu-west-1',
      },
    ],
    freshMinutes: 60,
    rules: {
      soakSeconds: 30,
      deadlineSeconds: 1_200,
      emptyPasses: false,
      imageTag: '{commit}',
      logs: null,
      migration: null,
    },
    after: [],
  });
  expect(promotionPlan.parse(resolved)).toEqual(resolved);
});

test('log rules, migrations, checks, accounts and waves come through', () => {
  const logs = {
    success: [{ name: 'Listening', pattern: 'Listening on', tasks: 2 }],
    failure: [{ name: 'Panic', pattern: '^panic:' }],
  };
  const full = service({
    regions: [region({ account: 'production', service: 'core-eu' })],
    logs,
    migration: { container: 'migrate', ...logs },
    checks: [{ id: 'spike', title: 'No spike', check: 'log-spike', with: { group: '/ecs/{region}' } }],
  });
  const result = checkCatalogue(
    withServices([full], {
      accounts: [{ id: 'production', role: 'arn:aws:iam::123456789012:role/gonogo', 'external-id': 'x' }],
      waves: [{ name: 'Core', services: ['core'] }],
    }),
    known,
  );
  expect(result.ok && result.catalogue).toMatchObject({
    accounts: [{ id: 'production', roleArn: 'arn:aws:iam::123456789012:role/gonogo', externalId: 'x' }],
    waves: [{ name: 'Core', services: ['core'] }],
    services: [
      {
        regions: [{ account: 'production', service: 'core-eu' }],
        rules: {
          logs: {
            container: null,
            success: [{ name: 'Listening', quorum: 2 }],
            failure: [{ cause: null }],
            timeoutSeconds: 150,
          },
          migration: { container: 'migrate' },
        },
        after: [{ id: 'spike', with: { group: '/ecs/{region}' } }],
      },
    ],
  });
});

describe('a catalogue is refused for', () => {
  test.each([
    [
      'a project that there is not',
      service({ project: 'nothing' }),
      'services.0.project: "nothing" is no project',
    ],
    [
      'an account that there is not',
      service({ regions: [region({ account: 'other' })] }),
      'services.0.regions.0.account: "other" is no account',
    ],
    ['no region', service({ regions: [] }), 'services.0.regions: has no region'],
    [
      'a region given twice',
      service({ regions: [region(), region({ cluster: 'other' })] }),
      'services.0.regions.1.region: "eu-west-1" is there twice',
    ],
    [
      'a word that is no region',
      service({ regions: [region({ region: 'Ireland' })] }),
      'services.0.regions.0.region: "Ireland" is no AWS region',
    ],
    ['an owner who is nobody', service({ owner: { name: 'Team' } }), 'services.0.owner: names nobody'],
    [
      'a check that there is not',
      service({ checks: [{ id: 'a', title: 'A', check: 'nothing' }] }),
      'services.0.checks.0.check: there is no check "nothing"',
    ],
    [
      'parameters that a check does not take',
      service({ checks: [{ id: 'a', title: 'A', check: 'log-spike', with: {} }] }),
      'services.0.checks.0.with.group: is missing',
    ],
    [
      'a pattern that the engine does not take',
      service({ logs: { failure: [{ name: 'A', pattern: 'a(?=b)' }] } }),
      'services.0.logs.failure.0.pattern: is no regular expression that RE2 takes: it looks around',
    ],
    [
      'a tag that does not hold the commit',
      service({ 'image-tag': 'latest' }),
      'services.0.image-tag: does not hold the commit',
    ],
  ])('%s', (_, entry, fault) => {
    expect(faultsOf(withServices([entry]))).toEqual([fault]);
  });

  test('a service in two waves, or in none that there is', () => {
    const waves = [
      { name: 'A', services: ['core'] },
      { name: 'B', services: ['core', 'web'] },
    ];
    expect(faultsOf(withServices([service()], { waves }))).toEqual([
      'waves.1.services.0: "core" is in a wave already',
      'waves.1.services.1: "web" is no service',
    ]);
  });

  test('a role that is no ARN', () => {
    const accounts = [{ id: 'a', role: 'gonogo' }];
    expect(faultsOf(withServices([], { accounts }))).toEqual([
      'accounts.0.role: "gonogo" is no ARN of a role',
    ]);
  });
});
