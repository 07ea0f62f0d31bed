import { WebClient } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import { ada, catalogueOf, releases, rita } from '../support/catalogue.ts';
import { startTown, type Town } from '../support/town.ts';
import { databaseOf } from './support/breakable.ts';
import { archiveOf, innards, sceneOf, wordsOf } from './support/scene.ts';

describe.concurrent('while the database is away', () => {
  test('a submit is told so, starts nothing, and starts once when it is pressed again', async () => {
    const town = await startTown();
    const scene = sceneOf(town);
    await scene.type('cutoff p-001');
    await scene.choose('confirm', 'yes');
    await databaseOf(town).away();
    for (const _ of ['once', 'again']) {
      expect(await town.people.submit({ user: rita })).toMatchObject({ acknowledged: true });
      const told = (await scene.topView())?.errors['project'] ?? '';
      expect(told).toContain('It is not recorded, so nothing was started. The database does not answer.');
      expect(told).toContain('Press Start again in a minute');
      expect(told).not.toMatch(innards);
    }
    await scene.type('status');
    const status = wordsOf((await scene.whispers()).at(-1));
    expect(status).toContain('The status is not known');
    expect(status).toContain('Try again in a minute');
    expect(await scene.started()).toEqual([]);
    await databaseOf(town).back();
    await town.people.submit({ user: rita, times: 2 });
    await scene.parent('Passed: Cut-off of p-001');
    expect(await scene.started()).toEqual(['betterfleet/p-001']);
    expect(await scene.parents()).toHaveLength(1);
    expect(await town.people.refusals()).toEqual([]);
    await town.stop();
  });

  test('a button is told so, and does it once when it is pressed again', async () => {
    const town = await startTown({
      gitlab: { projects: [{ path: 'betterfleet/p-001', branches: ['main'] }] },
    });
    const scene = sceneOf(town);
    await scene.start('cutoff all');
    const parent = await scene.parent('Not started');
    await town.forge.world({ projects: [{ path: 'betterfleet/p-001', branches: ['main', 'release'] }] });
    await databaseOf(town).away();
    await scene.press('invocation_retry', parent.ts);
    const told = await firstWhisper(town);
    expect(told).toContain('*That was not done.* The database does not answer.');
    expect(told).toContain('Press again in a minute');
    expect(told).not.toMatch(innards);
    expect(await scene.started()).toEqual([]);
    await databaseOf(town).back();
    await scene.press('invocation_retry', parent.ts, { times: 2 });
    await scene.parent('Passed');
    expect(await scene.started()).toEqual(['betterfleet/p-001']);
    await town.stop();
  });
});

describe.concurrent('while somebody else is at it', () => {
  test('two people at once on one project start it once, and one reads who is at it', async () => {
    const town = await startTown({ catalogue: catalogueOf(3), gitlab: stuck(3) });
    const scene = sceneOf(town);
    for (const user of [rita, ada]) {
      await scene.type('cutoff p-001', { user });
      await scene.choose('confirm', 'yes', user);
    }
    await Promise.all([rita, ada].map((user) => town.people.submit({ user })));
    const views = await Promise.all([rita, ada].map((user) => scene.topView(user)));
    const refused = views.filter((view) => view !== undefined);
    expect(refused).toHaveLength(1);
    const archive = archiveOf(town);
    const [id] = await archive.ids();
    expect(refused[0]?.errors['project']).toContain(`p-001 is still under way in ${id}.`);
    expect(refused[0]?.errors['project']).toContain(`/release status ${id}`);
    await scene.parent('Running: Cut-off of p-001');

    await town.people.close({ user: refused[0] === views[0] ? rita : ada, all: true });
    const whole = await scene.start('deploy all');
    expect(whole).toMatchObject({ acknowledged: true });
    expect((await scene.topView())?.errors['project']).toContain(`p-001 is still under way in ${id}.`);
    expect(await scene.started()).toEqual(['betterfleet/p-001']);
    expect(await archive.ids()).toHaveLength(1);

    const [pipeline] = await town.forge.pipelines();
    await town.forge.finish({ project: 'p-001', pipelineId: pipeline?.id ?? 0, status: 'success' });
    await scene.parent('Passed: Cut-off of p-001');
    await town.people.submit({ user: rita });
    await scene.parent('Running: Deploy to staging of all 3 projects');
    expect(await town.people.refusals()).toEqual([]);
    await archive.close();
    await town.stop();
  });

  test('"all" against one project still under way names how many, however long their ids are', async () => {
    const long = 'bf-bnl-schedule-analysis-compute-and-everything-else-that-is-in-it';
    const catalogue = catalogueOf(2, {
      projects: ['a', 'b', 'c'].map((letter) => ({
        id: `${long}-${letter}`,
        path: `betterfleet/${long}-${letter}`,
        releaseBranch: 'release',
      })),
    });
    const town = await startTown({ catalogue, gitlab: stuckAt(catalogue.projects.map(({ path }) => path)) });
    const scene = sceneOf(town);
    await scene.start('cutoff all');
    await scene.start('deploy all');
    const told = wordsOf(await scene.topView());
    expect(told).toContain(`${long}-a and 2 more`);
    expect(told).toMatch(/look at it with `\/release status [a-z0-9]{8}`/);
    await town.stop();
  });
});

describe.concurrent('a button of an invocation that the records do not know', () => {
  test.each(['invocation_retry', 'invocation_stop'])('(%s) says so and starts nothing', async (actionId) => {
    const town = await startTown();
    const scene = sceneOf(town);
    const bot = new WebClient(town.slack.botToken, { slackApiUrl: town.slack.apiUrl });
    const button = {
      type: 'button' as const,
      action_id: actionId,
      value: 'zzzzzzzz',
      text: { type: 'plain_text' as const, text: 'Go' },
    };
    const { ts } = await bot.chat.postMessage({
      channel: releases,
      text: 'An old message',
      blocks: [{ type: 'actions', elements: [button] }],
    });
    await scene.press(actionId, ts ?? '');
    const told = await firstWhisper(town);
    expect(told).toContain('There is no invocation "zzzzzzzz"');
    expect(told).toContain('`/release status`');
    const archive = archiveOf(town);
    expect(await archive.ids()).toEqual([]);
    expect(await scene.started()).toEqual([]);
    expect(await town.people.refusals()).toEqual([]);
    await archive.close();
    await town.stop();
  });
});

function stuck(count: number) {
  return stuckAt(catalogueOf(count).projects.map(({ path }) => path));
}

/** A GitLab whose pipelines wait for a runner until a test ends them. */
function stuckAt(paths: string[]) {
  return { projects: paths.map((path) => ({ path, pipeline: 'stuck' as const })) };
}

/** What the first whisper to Rita says, once there is one. */
function firstWhisper(town: Town): Promise<string> {
  return town.people.until(rita, ({ channels }) => {
    const whisper = channels.flatMap(({ messages }) => messages).find(({ ephemeral }) => ephemeral);
    return whisper && wordsOf(whisper);
  });
}
