import { describe, expect, test } from 'vitest';
import { serviceOf } from '../core/invocation/wave-samples.ts';
import { catalogueOf, rita } from '../support/catalogue.ts';
import { startTown } from '../support/town.ts';
import { archiveOf, sceneOf, wordsOf } from './support/scene.ts';

/** A deploy of p-001 in the first wave, of p-002 and p-003 in the second. */
async function deployInWaves(first: 'stuck' | 'fails') {
  const ids = ['p-001', 'p-002', 'p-003'];
  const services = ids.map((id) => ({ ...serviceOf(id), path: `betterfleet/${id}` }));
  const waves = [
    { name: 'Core', services: ['p-001'] },
    { name: 'Around it', services: ['p-002', 'p-003'] },
  ];
  const catalogue = catalogueOf(3, { services, waves });
  const projects = catalogue.projects.map(({ id, path }) => ({
    path,
    ...(id === 'p-001' && { pipeline: first }),
  }));
  const town = await startTown({ catalogue, gitlab: { projects } });
  const scene = sceneOf(town);
  const archive = archiveOf(town);
  await scene.start('deploy all');
  /** The parent, once p-002 and p-003 both say in their replies that they are held for this. */
  const held = (words: string) =>
    town.people.until(
      rita,
      ({ channels }) =>
        channels
          .flatMap(({ messages }) => messages)
          .find(
            ({ replies }) =>
              replies.filter(
                (reply) => /^p-00[23]: waiting$/.test(reply.text) && wordsOf(reply).includes(words),
              ).length === 2,
          ),
      { timeoutMs: 100_000 },
    );
  return {
    town,
    scene,
    held,
    /** The events in order, each with its project. */
    async story() {
      const [id = ''] = await archive.ids();
      const events = await archive.eventsOf(id);
      return events.map(({ type, data }) => {
        const { project = '', observed } = data as { project?: string; observed?: { outcome: string } };
        return [type, project, observed?.outcome].filter(Boolean).join(' ');
      });
    },
    async end() {
      expect(await town.people.refusals()).toEqual([]);
      await archive.close();
      await town.stop();
    },
  };
}

describe.concurrent('with waves in the catalogue (C6)', () => {
  test('the second wave starts only after the first has passed', async () => {
    const { town, scene, held, story, end } = await deployInWaves('stuck');
    const parent = await held('• p-001 has not passed yet');
    expect(await scene.started()).toEqual(['betterfleet/p-001']);
    expect(wordsOf(parent)).not.toContain('the last one starts in');
    const [first] = await town.forge.pipelines();
    if (!first) throw new Error('no pipeline');
    await town.forge.finish({ project: first.project, pipelineId: first.id, status: 'success' });
    const passed = await scene.told('Passed: Deploy to staging of all 3 projects', 3);
    expect(passed.replies.map(({ text }) => text).sort()).toEqual([
      'p-001: passed',
      'p-002: passed',
      'p-003: passed',
    ]);
    for (const reply of passed.replies) expect(wordsOf(reply)).not.toContain('Held');
    expect(await scene.started()).toEqual(['betterfleet/p-001', 'betterfleet/p-002', 'betterfleet/p-003']);
    const events = await story();
    const firstEnd = events.indexOf('PipelineObserved p-001 passed');
    expect(firstEnd).toBeGreaterThan(0);
    for (const project of ['p-002', 'p-003'])
      expect(events.indexOf(`TriggerIntended ${project}`)).toBeGreaterThan(firstEnd);
    await end();
  });

  test('a first that failed holds them, and its retry lets them go', async () => {
    const { town, scene, held, end } = await deployInWaves('fails');
    await held('• p-001 failed');
    const parent = await scene.parent('Held: Deploy to staging of all 3 projects');
    expect(wordsOf(parent)).toContain('1 of 3 ended · 2 held by an earlier wave');
    expect(wordsOf(parent)).toMatch(/1 failed\b.*2 waiting/);
    expect(wordsOf(parent)).toContain('What is held starts once all before it passed.');
    expect(await scene.started()).toEqual(['betterfleet/p-001']);
    await town.forge.world({ projects: [{ path: 'betterfleet/p-001', pipeline: 'passes' }] });
    await scene.press('invocation_retry', parent.ts);
    await scene.told('Passed: Deploy to staging of all 3 projects', 3);
    expect(await scene.started()).toEqual([
      'betterfleet/p-001',
      'betterfleet/p-001',
      'betterfleet/p-002',
      'betterfleet/p-003',
    ]);
    await end();
  });

  test('Stop ends what is held as not started, and what runs goes on', async () => {
    const { town, scene, held, end } = await deployInWaves('stuck');
    const parent = await held('• p-001 has not passed yet');
    await scene.press('invocation_stop', parent.ts);
    const running = await scene.parent('Running: Deploy to staging of all 3 projects');
    await town.people.until(
      rita,
      ({ channels }) =>
        channels
          .flatMap(({ messages }) => messages)
          .find((message) => message.ts === running.ts && wordsOf(message).includes('2 not started')),
      { timeoutMs: 100_000 },
    );
    const [first] = await town.forge.pipelines();
    if (!first) throw new Error('no pipeline');
    await town.forge.finish({ project: first.project, pipelineId: first.id, status: 'success' });
    const stopped = await scene.told('Stopped: Deploy to staging of all 3 projects', 3);
    expect(stopped.replies.map(({ text }) => text).sort()).toEqual([
      'p-001: passed',
      'p-002: not started',
      'p-003: not started',
    ]);
    expect(wordsOf(stopped)).toContain('Retry failed (2)');
    expect(await scene.started()).toEqual(['betterfleet/p-001']);
    await end();
  });
});
