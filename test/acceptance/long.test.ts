import { describe, expect, test } from 'vitest';
import { catalogueOf } from '../support/catalogue.ts';
import { startTown } from '../support/town.ts';
import { betterfleet } from './support/example.ts';
import { archiveOf, sceneOf, wordsOf } from './support/scene.ts';

/** What takes long because Slack lets the bot post once a second, or because the bot is patient. Side by side. */
describe.concurrent('what takes its time', () => {
  test('all 16 projects of the example go from one command to a finished thread', async () => {
    const catalogue = await betterfleet();
    const town = await startTown({ catalogue });
    const scene = sceneOf(town);
    const archive = archiveOf(town);
    await scene.start('deploy all');
    const parent = await scene.told('Passed: Deploy to staging of all 16 projects', 16);
    expect(wordsOf(parent)).toContain('16 of 16 ended');
    expect(wordsOf(parent)).toContain('16 passed');
    const ids = catalogue.projects.map(({ id }) => id);
    expect(parent.replies.map(({ text }) => text).sort()).toEqual(ids.map((id) => `${id}: passed`).sort());
    expect(await scene.started()).toEqual(catalogue.projects.map(({ path }) => path).sort());
    expect(await scene.parents()).toHaveLength(1);
    const [invocation = ''] = await archive.ids();
    const events = await archive.eventsOf(invocation);
    expect(events.find(({ type }) => type === 'BulkFanOutExpanded')?.data).toMatchObject({
      targetProjects: ids,
    });
    expect(events.filter(({ type }) => type === 'ReleaseOrchestrationTriggered')).toHaveLength(16);
    const runs = (await town.forge.pipelines()).map(({ variables }) => variables[1]?.value);
    expect(new Set(runs).size).toBe(16);
    expect(await town.people.refusals()).toEqual([]);
    await archive.close();
    await town.stop();
  });

  test('with GitLab away for longer says so, and "Check again" goes on when it is back', async () => {
    const town = await startTown({ catalogue: catalogueOf(2) });
    const scene = sceneOf(town);
    await town.forge.addFault({ kind: 'outage' });
    await scene.start('cutoff all');
    expect(wordsOf(await scene.parent('Checking'))).toContain(
      'Every target is checked before the first is started',
    );
    const parent = await scene.parent('Not started');
    expect(wordsOf(parent)).toContain('GitLab cannot be reached');
    expect(wordsOf(parent)).toContain('When GitLab is back, press Check again');
    expect(await scene.started()).toEqual([]);
    await town.forge.removeFault();
    await scene.press('invocation_retry', parent.ts);
    await scene.parent('Passed: Cut-off of all 2 projects');
    expect(await scene.started()).toEqual(catalogueOf(2).projects.map(({ path }) => path));
    await town.stop();
  });
});
