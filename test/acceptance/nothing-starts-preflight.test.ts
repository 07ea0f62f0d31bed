import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProjectSpec } from '../../sandbox/gitlab/server.ts';
import type { Message } from '../../sandbox/slack/screen.ts';
import { catalogueOf, rita } from '../support/catalogue.ts';
import { startTown, type Town } from '../support/town.ts';
import { type Archive, archiveOf, innards, type Scene, sceneOf, wordsOf } from './support/scene.ts';

type Spec = Omit<ProjectSpec, 'path'>;
type Case = [what: string, spec: Spec | null, reads: string[]];

const onRelease = (pushLevel: 0 | 40 | 60, mergeLevel: 0 | 40 | 60) => ({
  protectedBranches: [{ name: 'release', pushLevel, mergeLevel }],
});
const role = 'give the token’s user the role Developer';
const lower = 'lower "Minimum role to use pipeline variables"';
const allow = 'allow the token’s user to merge';

/** What may be wrong with one project (A13), and what the person reads of it. */
const faulty: Case[] = [
  ['that does not exist', null, ['GitLab shows no project', 'Correct the path in the catalogue']],
  [
    'that the token may not see',
    { tokenAccessLevel: 0 },
    ['GitLab shows no project', 'add the token’s user'],
  ],
  ['that is archived', { archived: true }, ['is archived', 'Unarchive it']],
  ['with CI/CD off', { buildsAccess: 'disabled' }, ['CI/CD is off', 'Switch CI/CD on']],
  ['without a release branch', { branches: ['main'] }, ['has no branch "release"', 'Create the branch']],
  ['where nobody may push or merge', onRelease(0, 0), ['protected branch "release"', allow]],
  ['where only administrators may', onRelease(60, 60), ['protected branch "release"', allow]],
  [
    'where maintainers may and the token is a developer',
    { ...onRelease(40, 40), tokenAccessLevel: 30 },
    [allow],
  ],
  ['where the token is a guest', { tokenAccessLevel: 10 }, ['has the role Guest', role]],
  ['where the token is a reporter', { tokenAccessLevel: 20 }, ['has the role Reporter', role]],
  [
    'where nobody may set variables',
    { variablesMinimumRole: 'no_one_allowed' },
    ['may be set by: nobody', lower],
  ],
  ['where owners may set variables', { variablesMinimumRole: 'owner' }, ['may be set by: Owner', lower]],
  [
    'where maintainers may set variables and the token is a developer',
    { variablesMinimumRole: 'maintainer', tokenAccessLevel: 30 },
    ['may be set by: Maintainer and above', lower],
  ],
  [
    'with two faults at once',
    { archived: true, branches: ['main'] },
    ['is archived', 'has no branch "release"'],
  ],
  [
    'with three',
    { buildsAccess: 'disabled', branches: ['main'], tokenAccessLevel: 20 },
    ['CI/CD is off', 'has no branch "release"', 'has the role Reporter'],
  ],
];

const idOf = (index: number) => `p-${String(index + 1).padStart(3, '0')}`;
const pathOf = (index: number) => `betterfleet/${idOf(index)}`;
const sound: Spec = {
  branches: ['main', 'release'],
  archived: false,
  buildsAccess: 'enabled',
  tokenAccessLevel: 40,
};

function reads(message: Message | undefined, parts: readonly string[]): void {
  const words = wordsOf(message);
  for (const part of parts) expect(words).toContain(part);
  expect(words).not.toMatch(innards);
}

describe('the preflight of one project', () => {
  let town: Town;
  let scene: Scene;
  let archive: Archive;
  beforeAll(async () => {
    const projects = faulty.flatMap(([, spec], index) => (spec ? [{ path: pathOf(index), ...spec }] : []));
    town = await startTown({ catalogue: catalogueOf(faulty.length), gitlab: { projects } });
    scene = sceneOf(town);
    archive = archiveOf(town);
    for (const index of faulty.keys()) await scene.start(`cutoff ${idOf(index)}`);
    await archive.rest();
  });
  afterAll(async () => {
    await archive.close();
    await town.stop();
  });

  test.each(faulty.map(([what, , parts], index) => [what, index, parts] as const))(
    '%s says what is wrong and what to do, and nothing starts',
    async (_what, index, parts) => {
      const parent = await scene.parent(`Not started: Cut-off of ${idOf(index)}`);
      reads(parent, [...parts, 'mend what is listed, then press *Check again*. Nothing was started.']);
      expect(parent.replies).toEqual([]);
      expect(await town.forge.pipelines()).toEqual([]);
    },
  );

  test('left no request to start a pipeline, and Slack refused nothing', async () => {
    expect(await town.forge.requests('POST /pipeline')).toEqual([]);
    expect(await town.people.refusals()).toEqual([]);
    expect(await scene.parents()).toHaveLength(faulty.length);
  });
});

describe.concurrent('the preflight of all projects', () => {
  test('lists every fault at once, starts nothing, and "Check again" goes on after mending', async () => {
    const specs: Spec[] = [{}, { branches: ['main'] }, { archived: true }, { tokenAccessLevel: 10 }];
    const projects = specs.map((spec, index) => ({ path: pathOf(index), ...spec }));
    const town = await startTown({ catalogue: catalogueOf(5), gitlab: { projects } });
    const scene = sceneOf(town);
    await scene.start('deploy all');
    const parent = await scene.parent('Not started: Deploy to staging of all 5 projects');
    reads(parent, [
      '*p-002*: *betterfleet/p-002 has no branch "release".*',
      '*p-003*: *betterfleet/p-003 is archived.*',
      '*p-004*: *The bot may not start pipelines in betterfleet/p-004.*',
      '*p-005*: *GitLab shows no project betterfleet/p-005.*',
    ]);
    expect(wordsOf(parent)).not.toContain('p-001');
    expect(await scene.started()).toEqual([]);

    await town.forge.world({ projects: [1, 2, 3].map((index) => ({ path: pathOf(index), ...sound })) });
    await scene.press('invocation_retry', parent.ts);
    const still = await town.people.until(rita, (screen) =>
      screen.channels
        .flatMap(({ messages }) => messages)
        .find((message) => message.ts === parent.ts && !wordsOf(message).includes('p-002')),
    );
    reads(still, ['GitLab shows no project betterfleet/p-005.']);
    expect(await scene.started()).toEqual([]);

    await town.forge.world({ projects: [{ path: pathOf(4) }] });
    await scene.press('invocation_retry', parent.ts, { times: 2 });
    await scene.parent('Passed: Deploy to staging of all 5 projects');
    expect(await scene.started()).toEqual([0, 1, 2, 3, 4].map(pathOf));
    expect(await scene.parents()).toHaveLength(1);
    expect(await town.people.refusals()).toEqual([]);
    await town.stop();
  });

  test('with a revoked token says so, and that whoever runs the bot must act', async () => {
    const town = await startTown({ catalogue: catalogueOf(2), settings: { GITLAB_TOKEN: 'glpat-revoked' } });
    const scene = sceneOf(town);
    await scene.start('cutoff all');
    const parent = await scene.parent('Not started');
    reads(parent, ['GitLab refuses the bot’s token.', 'Whoever runs gonogo sets a new GITLAB_TOKEN']);
    expect(wordsOf(parent)).not.toContain('glpat');
    expect(await scene.started()).toEqual([]);
    expect(await town.people.refusals()).toEqual([]);
    await town.stop();
  });

  test('with GitLab away for a moment waits for it, and the person has to do nothing', async () => {
    const town = await startTown({ catalogue: catalogueOf(1) });
    const scene = sceneOf(town);
    await town.forge.addFault({ kind: 'http503', route: 'GET /projects/:id', times: 5 });
    await scene.start('cutoff all');
    await scene.parent('Passed: Cut-off of p-001');
    expect(await scene.started()).toEqual([pathOf(0)]);
    await town.stop();
  });
});
