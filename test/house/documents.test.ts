import { existsSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { actionFacts, actions } from '../../src/core/action.ts';
import { problem } from '../../src/core/problem.ts';
import { helpAnswer } from '../../src/views/answers.ts';
import { catalogueOf } from '../support/catalogue.ts';
import { root, textOf } from './repository.ts';

/** Documents that people read, with what they say about commands, labels, settings and files. */
const patterns = ['*.md', 'docs/**/*.md', 'sandbox/**/*.md', 'examples/**/*.md'];

interface Document {
  path: string;
  text: string;
}

async function documents(): Promise<Document[]> {
  const found: Document[] = [];
  for await (const path of glob(patterns, { cwd: root })) found.push({ path, text: await textOf(path) });
  return found;
}

/** Words behind `/release`, as they stand in documents. */
function commandsIn(text: string): { word: string; argument: string }[] {
  return [...text.matchAll(/\/release(?: +([a-z-]+))?(?: +([a-z][a-z0-9-]*))?/g)]
    .filter(({ index }) => !/[\w/.]/.test(text.charAt(index - 1)))
    .map(([, word = '', argument = '']) => ({ word, argument }));
}

describe('documents', () => {
  let all: Document[];
  beforeAll(async () => {
    all = await documents();
  });

  test('are read by this test', () => {
    expect(all.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/glossary.md', 'sandbox/README.md']),
    );
  });

  test('link only to files that exist', () => {
    const missing = all.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, link = '']) => link.split('#')[0] ?? '')
        .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
        .map((link) => join(dirname(path), link))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${path}: ${target}`),
    );
    expect(missing).toEqual([]);
  });

  test('name only files of this repository that exist', () => {
    const named = /`((?:src|test|sandbox|scripts|examples|docs|bench)\/[\w./-]+\.(?:ts|mjs|md|yml|json))`/g;
    const missing = all.flatMap(({ path, text }) =>
      [...text.matchAll(named)]
        .map(([, file = '']) => file)
        .filter((file) => !existsSync(join(root, file)))
        .map((file) => `${path}: ${file}`),
    );
    expect(missing).toEqual([]);
  });

  test('name only commands that Slack users can type', () => {
    const words = [
      '',
      'validate',
      'decide',
      'status',
      'help',
      ...actions.map((action) => actionFacts[action].word),
    ];
    const unknown = all.flatMap(({ path, text }) =>
      commandsIn(text)
        .filter(({ word }) => !words.includes(word))
        .map(({ word }) => `${path}: /release ${word}`),
    );
    expect(unknown).toEqual([]);
  });

  test('the README names every command that /release help names', async () => {
    const help = JSON.stringify(helpAnswer(catalogueOf(1)).blocks);
    const told = [...help.matchAll(/`(\/release [a-z]+)/g)].map(([, command]) => command);
    const readme = await textOf('README.md');
    expect(told.length).toBeGreaterThanOrEqual(4);
    expect(told.filter((command) => command && !readme.includes(command))).toEqual([]);
  });

  test('name actions only by their labels', async () => {
    const labels: readonly string[] = actions;
    const wrong = all.flatMap(({ path, text }) =>
      [...text.matchAll(/\b(?:bring-all-code|deploy-release)[\w-]*/g)]
        .filter(([label]) => !labels.includes(label))
        .map(([label]) => `${path}: ${label}`),
    );
    expect(wrong).toEqual([]);
    const readme = await textOf('README.md');
    expect(labels.filter((label) => !readme.includes(label))).toEqual([]);
  });

  test('the README names the buttons as the messages do', async () => {
    const message = await textOf('src/views/invocation-message.ts');
    const labels = [...message.matchAll(/button\([^;]*?['`](Stop|Retry failed|Check again)\b/g)].map(
      ([, l]) => l,
    );
    const readme = await textOf('README.md');
    expect(new Set(labels)).toEqual(new Set(['Stop', 'Retry failed', 'Check again']));
    for (const label of labels) expect(readme).toContain(`**${label}**`);
    expect(problem('gitlab-unclear', { path: 'a/b', requests: 5 }).todo).toContain('Retry failed');
  });

  test('name only npm scripts that package.json has', async () => {
    const { scripts } = JSON.parse(await textOf('package.json')) as { scripts: Record<string, string> };
    const missing = all.flatMap(({ path, text }) =>
      [...text.matchAll(/npm (?:run (?:-s )?([a-z:-]+)|(test)\b)/g)]
        .map(([, script, tests]) => script ?? tests ?? '')
        .filter((script) => !(script in scripts))
        .map((script) => `${path}: ${script}`),
    );
    expect(missing).toEqual([]);
  });

  test('name no place of one machine', () => {
    const places = /(?:^|[\s`'"(])\/(?:work|home|root|Users|tmp)\//m;
    expect(all.filter(({ text }) => places.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe('the table of settings in the README', () => {
  interface Setting {
    name: string;
    fallback: string;
  }
  let told: Setting[];
  let read: Setting[];

  beforeAll(async () => {
    const rows = (await textOf('README.md')).matchAll(/^\| `([A-Z_]+)` +\| ([^|]+) \|/gm);
    told = [...rows].map(([, name = '', fallback = '']) => ({
      name,
      fallback: fallback.replaceAll('`', '').trim(),
    }));
    const source = await textOf('src/settings.ts');
    const [, environment = ''] = /const environment = z\.object\(\{\n(.*?)\n\}\);/s.exec(source) ?? [];
    const fields = environment.split(/\n(?= {2}[A-Z_]+: )/);
    read = fields.map((field) => ({ name: /[A-Z_]+/.exec(field)?.[0] ?? '', fallback: fallbackIn(field) }));
  });

  function fallbackIn(field: string): string {
    if (field.includes('needed(')) return 'needed';
    const [, quoted, plain, spoken] =
      /(?:\.default\((?:'([^']*)'|(\d[\d_]*))\)|seconds\((\d[\d_]*)\))/.exec(field) ?? [];
    return quoted ?? (plain ?? spoken)?.replaceAll('_', '') ?? 'none';
  }

  test('names exactly the variables that the bot reads, with their defaults', () => {
    expect(read.length).toBeGreaterThan(10);
    expect(told).toEqual(read);
  });
});

describe('the documents of the sandbox', () => {
  const controls = [
    { service: 'gitlab', source: 'sandbox/gitlab/control.ts', document: 'sandbox/README.md' },
    { service: 'slack', source: 'sandbox/slack/control.ts', document: 'sandbox/slack/README.md' },
  ];
  const faults = ['sandbox/gitlab/faults.ts', 'sandbox/slack/faults.ts'];

  test.each(controls)('name every control endpoint of $service', async ({ source, document }) => {
    const code = await textOf(source);
    const added = [
      ...code.matchAll(/router\.add\(\s*'([A-Z]+)',\s*(?:path\('([^']+)'\)|'\/_control\/([^']+)')/g),
    ];
    const acts = [...code.matchAll(/\bact\('([a-z]+)'/g)].map(([, act]) => `POST act/${act}`);
    const endpoints = [
      ...added.map(([, method, own, full]) => `${method} ${(own ?? full ?? '').replace(/:(\w+)/, 'ID')}`),
      ...acts,
    ];
    const text = await textOf(document);
    expect(endpoints.length).toBeGreaterThan(12);
    expect(endpoints.filter((endpoint) => !new RegExp(`\`${endpoint}[?\`]`).test(text))).toEqual([]);
  });

  test.each(faults)('name every fault of %s', async (source) => {
    const [, list = ''] = /faultKinds = \[(.*?)\] as const/s.exec(await textOf(source)) ?? [];
    const kinds = [...list.matchAll(/'(\w+)'/g)].map(([, kind]) => kind);
    const text = await textOf('sandbox/README.md');
    expect(kinds.length).toBeGreaterThan(8);
    expect(kinds.filter((kind) => !text.includes(`\`${kind}\``))).toEqual([]);
  });
});
