import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { biome, textOf } from './repository.ts';

/**
 * Imports point one way (the house): core ← checks, views, adapters ← commands, jobs, cli ← app ← main. The
 * rules are Biome's; here each is broken once in a copy, because a rule that never turns red proves nothing.
 */

/** In a file of `from`, a line that imports each of these is refused. */
const forbidden: Record<string, string[]> = {
  'src/core/part/planted.ts': [
    'node:fs',
    'pg',
    '@slack/types',
    '../../checks/a.ts',
    '../../views/a.ts',
    '../../adapters/store/a.ts',
    '../../commands/a.ts',
    '../../jobs/a.ts',
    '../../cli/a.ts',
    '../../app.ts',
    '../../settings.ts',
    '../../../test/a.ts',
  ],
  'src/checks/planted.ts': [
    'pg',
    '@aws-sdk/client-ecs',
    '../views/a.ts',
    '../adapters/gitlab/a.ts',
    '../commands/a.ts',
    '../jobs/a.ts',
    '../cli/a.ts',
    '../app.ts',
    '../settings.ts',
  ],
  'src/views/planted.ts': [
    '@slack/web-api',
    '../checks/a.ts',
    '../adapters/slack/a.ts',
    '../commands/a.ts',
    '../jobs/a.ts',
    '../cli/a.ts',
    '../app.ts',
    '../settings.ts',
  ],
  'src/adapters/part/planted.ts': [
    '../../checks/a.ts',
    '../../views/a.ts',
    '../../commands/a.ts',
    '../../jobs/a.ts',
    '../../cli/a.ts',
    '../../app.ts',
    '../../settings.ts',
    '../../../sandbox/slack/a.ts',
  ],
  'src/commands/planted.ts': [
    'bullmq',
    '@gitbeaker/rest',
    '../jobs/a.ts',
    '../adapters/store/a.ts',
    '../cli/a.ts',
    '../app.ts',
    '../settings.ts',
    '../../sandbox/town.ts',
  ],
  'src/jobs/planted.ts': [
    'ioredis',
    '../commands/a.ts',
    '../adapters/store/a.ts',
    '../cli/a.ts',
    '../app.ts',
    '../settings.ts',
    '../../bench/a.ts',
  ],
  'src/cli/planted.ts': [
    '../commands/a.ts',
    '../jobs/a.ts',
    '../app.ts',
    '../settings.ts',
    '../../test/a.ts',
  ],
  'src/planted.ts': ['../sandbox/a.ts', '../test/a.ts', '../bench/a.ts', 'node:process'],
  'sandbox/slack/planted.ts': ['../../src/core/a.ts', '../../test/a.ts'],
  'sandbox/gitlab/api/planted.ts': ['../../../src/adapters/gitlab/a.ts'],
};

/** The same files may import these. */
const allowed: Record<string, string[]> = {
  'src/core/part/allowed.ts': ['zod', './a.ts', '../a.ts'],
  'src/checks/allowed.ts': ['zod', '../core/a.ts', './a.ts'],
  'src/views/allowed.ts': ['../core/a.ts', '@slack/types'],
  'src/adapters/part/allowed.ts': ['pg', 'node:fs', '../../core/a.ts', '../store/a.ts'],
  'src/commands/allowed.ts': ['@slack/bolt', '../core/a.ts', '../checks/a.ts', '../views/a.ts'],
  'src/jobs/allowed.ts': ['p-map', '../core/a.ts', '../checks/a.ts', '../views/a.ts'],
  'src/cli/allowed.ts': ['../core/a.ts', '../checks/a.ts', '../views/a.ts', '../adapters/a.ts'],
  'src/allowed.ts': ['./adapters/a.ts', './commands/a.ts', './jobs/a.ts', './cli/a.ts', './settings.ts'],
  'sandbox/slack/allowed.ts': ['ws', '../shared/http.ts'],
};

/** Ways to import a module, each of which the rule must see. */
const spellings = (source: string, index: number) => [
  `import { a as a${index} } from '${source}';\nconsole.info(a${index});`,
  `import type { A as A${index} } from '${source}';\nexport type B${index} = A${index};`,
  `export { a as c${index} } from '${source}';`,
  `export const d${index} = () => import('${source}');`,
];

const report = z.object({
  diagnostics: z.array(
    z.object({
      category: z.string(),
      location: z.object({ path: z.string(), start: z.object({ line: z.int() }).nullish() }),
    }),
  ),
});

/** Lints planted files under this project's rules; gives `path:line category` of every error. */
async function lintPlanted(folder: string, files: Record<string, string>): Promise<string[]> {
  const { vcs: _, $schema: __, ...rules } = JSON.parse(await textOf('biome.json')) as Record<string, unknown>;
  await writeFile(join(folder, 'biome.json'), JSON.stringify(rules));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const { stdout } = await biome(['lint', '--reporter=json', '--max-diagnostics=none', '.'], folder);
  const { diagnostics } = report.parse(JSON.parse(stdout));
  return diagnostics.map(({ category, location }) => `${location.path}:${location.start?.line} ${category}`);
}

describe('imports point one way', () => {
  let folder: string;
  let errors: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gonogo-imports-'));
    const planted = Object.entries({ ...forbidden, ...allowed }).map(([path, sources]) => [
      path,
      sources.flatMap(spellings).join('\n'),
    ]);
    errors = await lintPlanted(folder, {
      ...(Object.fromEntries(planted) as Record<string, string>),
      'src/environment.ts': "export const home = process.env['HOME'];",
      'src/settings.ts': 'export const env = process.env;',
      'src/core/circle-a.ts': "import type { B } from './circle-b.ts';\nexport type A = B | null;",
      'src/core/circle-b.ts': "import type { A } from './circle-a.ts';\nexport type B = A | 1;",
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const cases = Object.entries(forbidden).flatMap(([path, sources]) =>
    sources.map((source, index) => ({ path, source, index })),
  );
  test.each(cases)('$path may not import $source, however it is spelled', ({ path, source, index }) => {
    const before = (forbidden[path] ?? []).slice(0, index).flatMap(spellings).join('\n');
    let line = before === '' ? 1 : before.split('\n').length + 1;
    for (const spelling of spellings(source, index)) {
      expect(errors).toContain(`${path}:${line} lint/style/noRestrictedImports`);
      line += spelling.split('\n').length;
    }
  });

  test.each(Object.keys(allowed))('%s may import what its folder is built on', (path) => {
    expect(errors.filter((error) => error.startsWith(`${path}:`))).toEqual([]);
  });

  test('the environment is read in src/settings.ts alone', () => {
    expect(errors.filter((error) => error.endsWith('noProcessEnv'))).toEqual([
      'src/environment.ts:1 lint/style/noProcessEnv',
    ]);
  });

  test('a circle of imports is refused, be it of types only', () => {
    const circles = errors.filter((error) => error.endsWith('noImportCycles')).map((e) => e.split(':')[0]);
    expect(circles.sort()).toEqual(['src/core/circle-a.ts', 'src/core/circle-b.ts']);
  });
});

test('no file of this repository breaks one of these rules', async () => {
  const { stdout } = await biome(['lint', '--reporter=json', '--max-diagnostics=none', '.']);
  const { diagnostics } = report.parse(JSON.parse(stdout));
  const broken = diagnostics.filter(({ category }) =>
    /\/(noRestrictedImports|noProcessEnv|noImportCycles)$/.test(category),
  );
  expect(broken.map(({ category, location }) => `${location.path} ${category}`)).toEqual([]);
});
