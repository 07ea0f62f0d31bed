import { describe, expect, test } from 'vitest';
import type { FaultRequest } from '../../sandbox/slack/person.ts';
import { startBot } from '../../src/app.ts';
import { catalogueOf, rita } from '../support/catalogue.ts';
import { startTown, type Town } from '../support/town.ts';
import { until } from '../support/until.ts';
import { archiveOf, type Scene, sceneOf, wordsOf } from './support/scene.ts';

/** One parent, one reply for each project, all in their last words, and one pipeline for each project. */
async function allToldOnce(town: Town, scene: Scene): Promise<void> {
  const ids = town.catalogue.projects.map(({ id }) => id);
  const title = ids.length === 1 ? ids[0] : `all ${ids.length} projects`;
  await scene.told(`Passed: Deploy to staging of ${title}`, ids.length);
  const archive = archiveOf(town);
  await archive.rest();
  const parents = await scene.parents();
  expect(parents.map(({ text }) => text)).toEqual([`Passed: Deploy to staging of ${title}`]);
  expect(parents[0]?.replies.map(({ text }) => text).sort()).toEqual(ids.map((id) => `${id}: passed`));
  expect(wordsOf(parents[0])).toContain(`${ids.length} of ${ids.length} ended`);
  expect(await scene.started()).toEqual(town.catalogue.projects.map(({ path }) => path));
  const [id = '', ...others] = await archive.ids();
  expect(others).toEqual([]);
  const events = await archive.eventsOf(id);
  expect(events.filter(({ type }) => type === 'ReleaseOrchestrationTriggered')).toHaveLength(ids.length);
  await archive.close();
}

describe.concurrent('when Slack', () => {
  test.each<[string, FaultRequest['kind']]>([
    ['asks for time', 'ratelimited'],
    ['answers 500', 'http500'],
    ['takes a message and loses the answer', 'acceptThenReset'],
    ['takes a message and answers 502', 'acceptThen502'],
    ['breaks connections', 'reset'],
  ])('%s, everything is told once and to the end', async (_what, kind) => {
    const catalogue = catalogueOf(2);
    const projects = catalogue.projects.map(({ path }) => ({ path, pipeline: 'stuck' as const }));
    const town = await startTown({ catalogue, gitlab: { projects } });
    const scene = sceneOf(town);
    await scene.type('deploy all');
    await scene.choose('confirm', 'yes');
    await town.people.addFault({ kind, method: 'chat.postMessage', times: 2 });
    await town.people.submit({ user: rita });
    await town.people.until(
      rita,
      ({ channels }) =>
        channels.flatMap(({ messages }) => messages).find(({ replies }) => replies.length === 2),
      { timeoutMs: 100_000 },
    );
    await town.people.addFault({ kind, method: 'chat.update', times: 2 });
    for (const { project, id } of await town.forge.pipelines())
      await town.forge.finish({ project, pipelineId: id, status: 'success' });
    await allToldOnce(town, scene);
    // Each fault struck as often as it was told to, and is gone.
    expect(await town.people.faults()).toEqual([]);
    expect(await town.people.refusals()).toEqual([]);
    await town.stop();
  });

  test('is away while the work goes on, everything is told once it is back, and commands work again', async () => {
    const town = await startTown({ catalogue: catalogueOf(2) });
    const scene = sceneOf(town);
    await scene.start('deploy all');
    await scene.parent('');
    await town.people.addFault({ kind: 'outage' });
    await until(
      'all pipelines ended in the dark',
      async () => {
        const pipelines = await town.forge.pipelines();
        return pipelines.length === 2 && pipelines.every(({ status }) => status === 'success');
      },
      100_000,
    );
    await town.people.clearFaults();
    await allToldOnce(town, scene);
    await town.people.until(rita, ({ appConnected }) => appConnected || undefined, {
      timeoutMs: 100_000,
    });
    await scene.type('status');
    expect(wordsOf((await scene.whispers()).at(-1))).toContain('2 passed');
    await town.stop();
  });
});

describe.concurrent('when GitLab', () => {
  test.each(['http502', 'acceptThen502', 'acceptThenReset', 'reset', 'http429'] as const)(
    'answers the start of a pipeline with %s, each project still gets exactly one',
    async (kind) => {
      const town = await startTown({ catalogue: catalogueOf(2) });
      const scene = sceneOf(town);
      await town.forge.addFault({ kind, route: 'POST /pipeline', times: 2, retryAfter: 1 });
      await scene.start('deploy all');
      await allToldOnce(town, scene);
      expect(await town.people.refusals()).toEqual([]);
      await town.stop();
    },
  );
});

describe.concurrent('when the bot is stopped in the middle', () => {
  test('the next one on the same database goes on, and each project gets exactly one pipeline', async () => {
    const limits = { pipelinesPerMinute: 120, followPollSeconds: 1, followHours: 24 };
    const town = await startTown({ catalogue: catalogueOf(6, { limits }), webhooks: false });
    const scene = sceneOf(town);
    await scene.start('deploy all');
    await until('two have started', async () => (await scene.started()).length >= 2, 100_000);
    await town.bot.stop();
    const before = await scene.started();
    expect(before.length).toBeLessThan(6);
    const next = await startBot(town.settings, town.catalogue, town.log, { edge: true, work: true });
    await allToldOnce(town, scene);
    expect(await town.people.refusals()).toEqual([]);
    await next.stop();
    await town.stop();
  });
});
