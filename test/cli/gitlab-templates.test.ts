import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { addPipelineCommands } from '../../src/cli/pipeline-commands.ts';
import { orThrow, readDuration, readSubject } from '../../src/cli/pipeline-input.ts';
import { readValidateInput } from '../../src/cli/validate-input.ts';
import { commit } from '../core/promotion/samples.ts';
import { terminal } from './job.ts';

const folder = join(import.meta.dirname, '../../examples/gitlab-ci');

interface Job {
  extends?: string | string[];
  needs?: string[];
  stage?: string;
  script?: string[];
  variables?: Record<string, string>;
  artifacts?: { paths?: string[]; reports?: { junit?: string } };
}

interface Template {
  inputs: Record<string, { default: string }>;
  jobs: Record<string, Job>;
}

async function template(): Promise<Template> {
  const [spec, jobs] = parseAllDocuments(await readFile(join(folder, 'gonogo.gitlab-ci.yml'), 'utf8'));
  if (!spec || !jobs) throw new Error('The template has two documents');
  const { spec: head } = spec.toJS() as { spec: { inputs: Template['inputs'] } };
  return { inputs: head.inputs, jobs: jobs.toJS() as Template['jobs'] };
}

const variables: Readonly<Record<string, string>> = {
  GONOGO_SERVICE: 'bf-manage-core',
  GONOGO_REGION: 'eu-west-1',
  CI_COMMIT_SHA: commit,
};

/** The words of a line as a shell would make them: inputs and variables filled in, quotes taken off. */
function wordsOf(line: string, { inputs }: Template): string[] {
  const filled = line
    .replace(/\$\[\[ inputs\.(\w+) \]\]/g, (_, name: string) => inputs[name]?.default ?? `no input ${name}`)
    .replace(/\$([A-Z_]+)/g, (_, name: string) => variables[name] ?? `no variable ${name}`);
  return [...filled.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** What the real parser makes of a command line; throws for one that it does not take. */
async function accepted(words: string[]): Promise<{ command: string; options: Record<string, unknown> }> {
  let seen: { command: string; options: Record<string, unknown> } | null = null;
  const program = new Command('gonogo').exitOverride().configureOutput({ writeErr: () => undefined });
  addPipelineCommands(program, {
    validate: async (options) => {
      if (!options.before) readValidateInput(options, null, terminal);
      orThrow((faults) => readSubject(options, faults));
      seen = { command: 'validate', options: { ...options } };
    },
    gate: async (options) => {
      orThrow((faults) => [readSubject(options, faults), readDuration('--wait', options.wait, faults)]);
      seen = { command: 'gate', options: { ...options } };
    },
  });
  await program.parseAsync(words, { from: 'user' });
  if (!seen) throw new Error('No command was run');
  return seen;
}

describe('the template for GitLab', () => {
  test('has a hidden job for each step, whose command lines the real parser takes', async () => {
    const whole = await template();
    const seen: Record<string, { command: string; options: Record<string, unknown> }> = {};
    for (const [name, { script = [] }] of Object.entries(whole.jobs))
      for (const line of script) {
        const [program, file, ...words] = wordsOf(line, whole);
        expect([program, file]).toEqual(['node', '/app/src/main.ts']);
        seen[name] = await accepted(words);
      }
    expect(seen).toMatchObject({
      '.gonogo-snapshot': {
        command: 'validate',
        options: { before: true, out: 'gonogo-before-eu-west-1.json' },
      },
      '.gonogo-validate': {
        command: 'validate',
        options: { snapshot: 'gonogo-before-eu-west-1.json', junit: 'gonogo-junit.xml', timeout: '25m' },
      },
      '.gonogo-gate': { command: 'gate', options: { region: 'eu-west-1', commit, wait: '30m' } },
    });
    expect(Object.keys(seen)).toHaveLength(3);
  });

  test('keeps the files that its commands write, and shows GitLab the JUnit one', async () => {
    const { jobs } = await template();
    expect(jobs['.gonogo-validate']?.artifacts).toMatchObject({
      when: 'always',
      paths: ['gonogo-report.json'],
      reports: { junit: 'gonogo-junit.xml' },
    });
    expect(jobs['.gonogo-snapshot']?.artifacts?.paths).toEqual(['gonogo-before-$GONOGO_REGION.json']);
  });

  test.each([
    ['an option that is none', ['gate', '--comit', commit]],
    ['no commit', ['gate', '--service', 's', '--region', 'r']],
    [
      'a file behind --before',
      ['validate', '--before', 'f', '--service', 's', '--region', 'r', '--commit', commit],
    ],
    [
      'a snapshot to take and to use',
      ['validate', '--before', '--snapshot', 'f', '--service', 's', '--region', 'r', '--commit', commit],
    ],
  ])('would not get by with %s', async (_, words) => {
    await expect(accepted(words)).rejects.toThrow();
  });
});

test('in the example with two regions no job of the second runs before its gate', async () => {
  const example = parse(await readFile(join(folder, 'two-regions.gitlab-ci.yml'), 'utf8')) as Record<
    string,
    Job
  >;
  const { jobs } = await template();
  const known = new Set([...Object.keys(jobs), ...Object.keys(example)]);
  const missing = Object.values(example)
    .flatMap((job) => [job.extends ?? [], job.needs ?? []].flat())
    .filter((name) => !known.has(name));
  expect(missing).toEqual([]);
  const awaited = (name: string): string[] =>
    (example[name]?.needs ?? []).flatMap((need) => [need, ...awaited(need)]);
  const second = Object.entries(example).filter(([, job]) =>
    [job.extends ?? []].flat().includes('.us-east-1'),
  );
  expect(second.map(([name]) => name)).toHaveLength(4);
  for (const [name] of second)
    if (name !== 'gate us-east-1')
      expect([name, awaited(name)]).toEqual([name, expect.arrayContaining(['gate us-east-1'])]);
  expect(awaited('gate us-east-1')).toContain('validate eu-west-1');
  expect(awaited('validate us-east-1')).toEqual(
    expect.arrayContaining(['apply us-east-1', 'snapshot us-east-1']),
  );
});
