import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Policy {
  Statement: { Effect: string; Action: string[] | string; Resource?: string | string[] }[];
}

const policy = (name: string) => JSON.parse(readFileSync(`examples/iam/${name}.json`, 'utf8')) as Policy;
const prefixes = { '@aws-sdk/client-ecs': 'ecs', '@aws-sdk/client-cloudwatch-logs': 'logs' };

/** Actions behind the commands and paginators that the adapters import: `ecs:ListTasks`. */
function actionsUsed(): Set<string> {
  const actions = globSync('src/**/*.ts').flatMap((file) => {
    const code = readFileSync(file, 'utf8');
    return Object.entries(prefixes).flatMap(([library, prefix]) =>
      [...code.matchAll(new RegExp(`import \\{([^}]*)\\} from '${library}'`, 'g'))]
        .flatMap(([, names = '']) => names.split(','))
        .flatMap((name) => /^(?:(\w+)Command|paginate(\w+))$/.exec(name.trim())?.slice(1) ?? [])
        .filter((operation) => operation !== undefined)
        .map((operation) => `${prefix}:${operation}`),
    );
  });
  return new Set(actions);
}

test('the read-only policy allows what the adapters call, and nothing else', () => {
  const { Statement: statements } = policy('gonogo-read-only');
  expect(statements.map(({ Effect: effect }) => effect)).toEqual(['Allow', 'Allow']);
  const allowed = statements.flatMap(({ Action: action }) => action);
  expect(allowed.toSorted()).toEqual([...actionsUsed()].toSorted());
  expect(allowed.filter((action) => !/^(ecs|logs):(Describe|List|Filter)\w+$/.test(action))).toEqual([]);
});

test('roles of other accounts are taken, by gonogo and with the external id alone', () => {
  expect(policy('gonogo-assume').Statement.flatMap(({ Action: action }) => action)).toEqual([
    'sts:AssumeRole',
  ]);
  expect(policy('gonogo-trust').Statement).toMatchObject([
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': expect.any(String) } },
    },
  ]);
});
