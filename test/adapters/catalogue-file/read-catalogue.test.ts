import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderFaults } from '../../../src/adapters/catalogue-file/faults.ts';
import { CatalogueUnreadable, loadCatalogue, readCatalogue } from '../../../src/adapters/catalogue-file.ts';

const HEAD = 'version: 1\nname: Manage\ngitlab: { root: a/root }\n';
const TAIL = 'roles: { release-engineer: { users: [U0RELENG] } }\nchannels: { releases: C0RELEASES }\n';
const ONE = 'projects:\n  - { id: web, path: a/web }\n';

function linesOf(text: string): string[] {
  const reading = readCatalogue(text, 'release.yml');
  return reading.ok ? [] : renderFaults(reading.faults).split('\n');
}

function idsOf(text: string): string[] {
  const reading = readCatalogue(text, 'release.yml');
  if (!reading.ok) throw new Error(renderFaults(reading.faults));
  return reading.catalogue.projects.map(({ id, path, releaseBranch }) => `${id} ${path} ${releaseBranch}`);
}

describe('a file may use', () => {
  test.each([
    [
      'anchors and aliases',
      `${HEAD}projects:\n  - { id: &w web, path: a/web }\n  - { id: app, path: a/app }\n${TAIL}`,
      2,
    ],
    [
      'merge keys',
      `${HEAD}projects:\n  - &base { id: web, path: a/web, release-branch: x }\n  - { <<: *base, id: app, path: a/app }\n${TAIL}`,
      2,
    ],
    ['a byte order mark', `\ufeff${HEAD}${ONE}${TAIL}`, 1],
    ['Windows line ends', `${HEAD}${ONE}${TAIL}`.replaceAll('\n', '\r\n'), 1],
    [
      'JSON',
      JSON.stringify({
        version: 1,
        name: 'M',
        gitlab: { root: 'a/r' },
        projects: [{ id: 'web', path: 'a/web' }],
        roles: { 'release-engineer': { users: ['U0RELENG'] } },
        channels: { releases: 'C0RELEASES' },
      }),
      1,
    ],
  ])('%s', (_name, text, projects) => {
    expect(idsOf(text)).toHaveLength(projects);
  });

  test('a merge key that fills in what a project leaves out', () => {
    const projects =
      'projects:\n  - &base { id: web, path: a/web, release-branch: x }\n  - { <<: *base, id: app, path: a/app }\n';
    expect(idsOf(HEAD + projects + TAIL)).toEqual(['web a/web x', 'app a/app x']);
  });

  test('a merge key in each of 1,000 projects', () => {
    const rest = Array.from({ length: 999 }, (_, i) => `  - { <<: *base, id: p${i}, path: a/p${i} }\n`).join(
      '',
    );
    expect(idsOf(`${HEAD}projects:\n  - &base { id: web, path: a/web }\n${rest}${TAIL}`)).toHaveLength(1_000);
  });
});

const sneaky = (text: string) => HEAD + text + TAIL;

describe('each fault has its line, its column and what to write instead', () => {
  test.each<[string, string, string[]]>([
    [
      'a misspelt group',
      sneaky('groups: [{ id: manage, name: M }]\nprojects:\n  - { id: web, path: a/web, group: mange }\n'),
      ['release.yml:6:36  projects[0].group: "mange" is no group. Did you mean "manage"?'],
    ],
    [
      'an unknown key, at the key',
      `${HEAD}${ONE}${TAIL}chanels: 1\n`,
      ['release.yml:8:1  chanels: "chanels" is no key here. Did you mean "channels"?'],
    ],
    [
      'a value of nothing, at its key',
      sneaky('projects:\n'),
      [
        'release.yml:4:1  projects: is empty. Write, for example: projects: [{ id: bf-manage-core, path: betterfleet/bf-manage-core }]',
      ],
    ],
    [
      'a missing key, at the block that lacks it',
      sneaky('projects:\n  - { path: a/web }\n'),
      ['release.yml:5:5  projects[0].id: is missing. Write, for example: id: bf-manage-core'],
    ],
    [
      'a key that is there twice',
      sneaky(`${ONE}name: Other\n`),
      ['release.yml:6:1  "name" is here twice. Keep one of the two.'],
    ],
    [
      'what an alias brings, where it is written',
      sneaky('projects:\n  - { id: web, path: &p nowhere }\n  - { id: app, path: *p }\n'),
      [
        'release.yml:5:25  projects[0].path: "nowhere" is no project path of GitLab. Write the group and the project as in the address of the project, for example: path: betterfleet/bf-manage-core',
        'release.yml:6:22  projects[1].path: "nowhere" is no project path of GitLab. Write the group and the project as in the address of the project, for example: path: betterfleet/bf-manage-core',
        'release.yml:6:22  projects[1].path: "nowhere" is already the path of projects[0]. Remove one of the two entries: a project is declared once.',
      ],
    ],
    [
      'what a merge key brings, where it is written',
      sneaky('projects:\n  - &b { id: web, path: a/web, gruop: x }\n  - { <<: *b, id: app, path: a/app }\n'),
      [
        'release.yml:5:32  projects[0].gruop: "gruop" is no key here. Did you mean "group"?',
        'release.yml:5:32  projects[1].gruop: "gruop" is no key here. Did you mean "group"?',
      ],
    ],
    [
      'a tab',
      sneaky('projects:\n\t- { id: web, path: a/web }\n'),
      ['release.yml:5:1  not valid YAML: a tab is used to indent. Indent with spaces.'],
    ],
    [
      'an alias that names nothing',
      sneaky('projects: *all\n'),
      ['release.yml:4:11  *all names nothing: no &all stands before it. Check the name after the *.'],
    ],
    [
      'an alias within what it names',
      sneaky('projects: &p [*p]\n'),
      ['release.yml:4:15  *p stands within what it names. Check the name after the *.'],
    ],
    [
      'a merge of a block into itself',
      sneaky('limits: &l { <<: *l }\n'),
      ['release.yml:4:18  *l stands within what it names. Check the name after the *.'],
    ],
    [
      'an unknown tag',
      `${HEAD}${ONE}${TAIL}limits: !mine {}\n`,
      ['release.yml:8:9  not valid YAML: a tag that is not known. Leave out the word that starts with !.'],
    ],
    [
      'a second document',
      `${HEAD}${ONE}${TAIL}---\nname: x\n`,
      ['release.yml:8:1  a second document starts here (---). A catalogue is one document: remove the line.'],
    ],
    [
      'what follows a byte order mark, as editors count',
      `\ufeffname2: x\n${HEAD}${ONE}${TAIL}`,
      ['release.yml:1:1  name2: "name2" is no key here. Did you mean "name"?'],
    ],
    [
      'two faults of a line, from left to right',
      sneaky('projects: [{ gruop: x, id: web, path: web }]\n'),
      [
        'release.yml:4:14  projects[0].gruop: "gruop" is no key here. Did you mean "group"?',
        'release.yml:4:39  projects[0].path: "web" is no project path of GitLab. Write the group and the project as in the address of the project, for example: path: betterfleet/bf-manage-core',
      ],
    ],
    [
      'the last of two values of one key, which is the one that counts',
      `${HEAD}${ONE}${TAIL}version: 2\n`,
      [
        'release.yml:8:1  "version" is here twice. Keep one of the two.',
        'release.yml:8:10  version: is 2, this gonogo reads 1. Write version: 1',
      ],
    ],
    [
      'an empty file',
      '# nothing yet\n',
      ['release.yml:1:1  the file is empty. Start from an example catalogue.'],
    ],
    [
      'a file of one word',
      'hello',
      [
        'release.yml:1:1  "hello" is text, must be a block of keys. Write, for example: version: 1, and the sections below it',
      ],
    ],
  ])('%s', (_name, text, lines) => {
    expect(linesOf(text)).toEqual(lines);
  });

  test('all at once, in the order of the file', () => {
    const text =
      'version: 2\nnaem: x\ngitlab: { root: x }\nprojects: []\nroles: {}\nchannels: { releases: x }\nversion: 1\n';
    expect(linesOf(text).map((line) => line.split('  ')[0])).toEqual([
      'release.yml:1:1',
      'release.yml:2:1',
      'release.yml:3:17',
      'release.yml:4:11',
      'release.yml:5:8',
      'release.yml:6:23',
      'release.yml:7:1',
    ]);
  });

  test('after a slip of syntax, what stands before it is still judged, and what may only be unread is not', () => {
    const text = 'version: 1\nnaem: x\ngitlab: { root: bf-dev }\nprojects: [ { id: web\n';
    expect(linesOf(text).map((line) => line.replace(/\. .*/, ''))).toEqual([
      'release.yml:2:1  naem: "naem" is no key here',
      'release.yml:3:17  gitlab.root: "bf-dev" is no project path of GitLab',
      expect.stringMatching(/^release\.yml:\d:\d+ {2}not valid YAML: /),
    ]);
  });

  test('and a value that the slip stands in is not judged', () => {
    expect(
      linesOf('version: 1\ngitlab: [a, b\nname: x\n').filter((line) => !line.includes('not valid YAML')),
    ).toEqual([]);
  });
});

describe('a file made to harm is refused at once:', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh']) {
    bomb.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(', ')}]`);
  }
  test.each([
    ['aliases that multiply', bomb.join('\n'), 'the aliases (*name) unfold to too much'],
    [
      'hundreds of thousands of aliases',
      `a: &a x\nb: [${'*a,'.repeat(300_000)}]`,
      'the aliases (*name) unfold to too much',
    ],
    ['brackets in brackets', '['.repeat(200_000), 'the content is nested too deep'],
    ['braces in braces', '{a: '.repeat(50_000), 'the content is nested too deep'],
    ['lists in lists', '- '.repeat(200_000), 'the content is nested too deep'],
    ['keys that are blocks', '? '.repeat(200_000), 'a key starts with a question mark'],
    ['more than 1 MB', `# ${'x'.repeat(1_000_000)}`, 'the file is larger than 1 MB'],
  ])('%s', (_name, text, problem) => {
    const reading = readCatalogue(text, 'release.yml');
    expect(reading.ok ? [] : reading.faults.map((fault) => fault.problem)).toEqual([problem]);
  });

  test('a key named like a part of every object', () => {
    const text = `${HEAD}${ONE}${TAIL}__proto__: { a: 1 }\nconstructor: 1\n`;
    expect(linesOf(text).map((line) => line.split('. ')[0])).toEqual([
      'release.yml:8:1  __proto__: "__proto__" is no key here',
      'release.yml:9:1  constructor: "constructor" is no key here',
    ]);
    expect(Object.prototype).not.toHaveProperty('a');
  });
});

describe('loading a file', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gonogo-catalogue-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  test('gives the catalogue', async () => {
    const path = join(folder, 'release.yml');
    await writeFile(path, HEAD + ONE + TAIL);
    expect(await loadCatalogue(path)).toMatchObject({ ok: true, catalogue: { name: 'Manage' } });
  });

  test('that is not UTF-8 says so', async () => {
    const path = join(folder, 'latin1.yml');
    await writeFile(path, Buffer.from('name: D\xe9p\xf4t', 'latin1'));
    expect(await loadCatalogue(path)).toMatchObject({
      ok: false,
      faults: [{ problem: 'the file is not UTF-8 text' }],
    });
  });

  test.each([
    ['is not there', 'missing.yml', 'There is no such file'],
    ['is a folder', '.', 'It is a folder'],
  ])('that %s says so', async (_name, name, reason) => {
    const loading = loadCatalogue(join(folder, name));
    await expect(loading).rejects.toThrow(CatalogueUnreadable);
    await expect(loading).rejects.toThrow(reason);
  });
});
