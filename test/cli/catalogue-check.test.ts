import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadCatalogue } from '../../src/adapters/catalogue-file.ts';
import { knowledge } from '../../src/checks/index.ts';
import { catalogueCheck, catalogueSchema } from '../../src/cli/catalogue-check.ts';
import { RESERVED_IDS } from '../../src/core/catalogue/fields.ts';
import { catalogueJsonSchema } from '../../src/core/catalogue/schema.ts';
import { sample } from '../core/catalogue/sample.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const example = `${root}examples/betterfleet-manage/release.yml`;

function listen() {
  const written = { out: '', err: '' };
  const stdout = { write: (text: string) => (written.out += text) };
  const stderr = { write: (text: string) => (written.err += text) };
  return { written, output: { stdout, stderr } };
}

describe('gonogo catalogue check', () => {
  test('says in one line that the example is fine', async () => {
    const { written, output } = listen();
    expect(await catalogueCheck(example, output)).toBe(0);
    expect(written).toEqual({
      out: `${example} is fine: 16 projects in 3 groups, root betterfleet/bf-dev, branch release; release engineers: 1 user and 1 user group.\n`,
      err: '',
    });
  });

  test('lists every fault of a file that is no catalogue', async () => {
    const { written, output } = listen();
    const file = `${root}biome.json`;
    expect(await catalogueCheck(file, output)).toBe(1);
    expect(written.out).toBe('');
    expect(written.err).toContain(`${file}:1:1  version: is missing. Write, for example: version: 1\n`);
    expect(written.err).toMatch(/has \d+ faults\.\n$/);
  });

  test('says plainly that there is no such file', async () => {
    const { written, output } = listen();
    expect(await catalogueCheck('nowhere/release.yml', output)).toBe(3);
    expect(written.err).toBe(
      "nowhere/release.yml can't be read. There is no such file. Name another file, or set GONOGO_CATALOGUE.\n",
    );
  });
});

describe('the JSON Schema for editors', () => {
  const ajv = new Ajv({ allErrors: true });
  const validate = ajv.compile(catalogueJsonSchema());

  test('is committed as the code makes it: gonogo catalogue schema > release.schema.json', async () => {
    const { written, output } = listen();
    expect(catalogueSchema(output)).toBe(0);
    expect(JSON.parse(written.out)).toEqual(JSON.parse(await readFile(`${root}release.schema.json`, 'utf8')));
  });

  test('accepts the example', async () => {
    expect(validate(parse(await readFile(example, 'utf8')))).toBe(true);
  });

  test('asks for no more than the bot does', () => {
    expect(validate(sample())).toBe(true);
  });

  test.each([
    ['an unknown key', { chanels: {} }],
    ['no project', { projects: [] }],
    ['a channel name', { channels: { releases: '#releases' } }],
    ['a limit of 0', { limits: { 'pipelines-per-minute': 0 } }],
    ...RESERVED_IDS.map((id): [string, object] => [
      `the reserved id ${id}`,
      { projects: [{ id, path: 'a/b' }] },
    ]),
  ])('refuses %s', (_name, parts) => {
    expect(validate(sample(parts))).toBe(false);
  });

  test('describes every key', () => {
    const bare: string[] = [];
    JSON.stringify(catalogueJsonSchema(), (key, value: unknown) => {
      if (key === 'properties' && typeof value === 'object' && value !== null) {
        bare.push(
          ...Object.entries(value).flatMap(([name, field]) => ('description' in field ? [] : [name])),
        );
      }
      return value;
    });
    expect(bare).toEqual([]);
  });
});

test('the example declares exactly the projects of BetterFleet Manage', async () => {
  const reading = await loadCatalogue(example, knowledge);
  expect(reading.ok && reading.catalogue.projects.map(({ id }) => id)).toEqual([
    'bf-manage-core',
    'bf-manage-web',
    'bf-manage-connect',
    'bf-manage-incidents',
    'bf-manage-roaming',
    'bf-manage-sitepwrmon',
    'bf-depot-sim',
    'bf-digital-twin',
    'bf-fleet-health',
    'bf-schedule-creator',
    'bf-support-microsite',
    'bf-telematics',
    'bf-route-modelling',
    'bf-bnl-schedule-analysis-compute',
    'bf-bnl-settings',
    'bf-bnl-ui',
  ]);
});
