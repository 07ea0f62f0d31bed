import { describe, expect, test } from 'vitest';
import { invocationStream } from '../../src/core/invocation/stream.ts';
import { catalogueOf, rita } from '../support/catalogue.ts';
import { startTown, type Town } from '../support/town.ts';
import { until } from '../support/until.ts';
import { archiveOf, sceneOf, wordsOf } from './support/scene.ts';

const limits = { pipelinesPerMinute: 6_000, followPollSeconds: 1, followHours: 24 };
const pathsOf = (count: number) => catalogueOf(count).projects.map(({ path }) => path);

/** The pipelines of one project, and the run id of each. */
async function runsOf(town: Town, project: string) {
  const pipelines = await town.forge.pipelines(project);
  return pipelines.map(({ variables }) => variables.find(({ key }) => key === 'ORCHESTRATION_RUN_ID')?.value);
}

describe.concurrent('Retry failed', () => {
  test('starts only what failed, under a new run id, once however often it is pressed', async () => {
    const projects = pathsOf(3).map((path) => ({
      path,
      ...(path.endsWith('2') && { pipeline: 'fails' as const }),
    }));
    const town = await startTown({ catalogue: catalogueOf(3), gitlab: { projects } });
    const scene = sceneOf(town);
    const archive = archiveOf(town);
    await scene.start('cutoff all');
    const failed = await scene.told('Failed: Cut-off of all 3 projects', 3);
    expect(wordsOf(failed)).toContain('3 of 3 ended');
    expect(wordsOf(failed)).toMatch(/1 failed\b.*2 passed/);
    expect(wordsOf(failed)).toContain('*p-002* failed: job "merge-main-into-release" failed');
    expect(wordsOf(failed)).toContain('Retry failed (1)');
    const reply = failed.replies.find(({ text }) => text === 'p-002: failed');
    expect(wordsOf(reply)).toContain('Mend it in p-002, then press *Retry failed* above.');

    await town.forge.world({ projects: [{ path: 'betterfleet/p-002', pipeline: 'passes' }] });
    await scene.press('invocation_retry', failed.ts, { times: 3 });
    await archive.rest();
    const passed = await scene.told('Passed: Cut-off of all 3 projects', 3);
    expect(passed.ts).toBe(failed.ts);
    expect(passed.replies.map(({ text }) => text).sort()).toEqual([
      'p-001: passed',
      'p-002: passed',
      'p-003: passed',
    ]);
    expect(wordsOf(passed.replies.find(({ text }) => text.startsWith('p-002')))).toContain('try 2');
    expect(await scene.started()).toEqual([
      'betterfleet/p-001',
      'betterfleet/p-002',
      'betterfleet/p-002',
      'betterfleet/p-003',
    ]);
    const runs = await runsOf(town, 'p-002');
    expect(new Set(runs).size).toBe(2);
    const [id = ''] = await archive.ids();
    const events = await archive.eventsOf(id);
    expect(events.filter(({ type }) => type === 'RetryRequested')).toMatchObject([
      { actor: rita, data: { projects: ['p-002'] } },
    ]);
    expect(await town.people.refusals()).toEqual([]);
    await archive.close();
    await town.stop();
  });

  test('starts again what GitLab refused to start, and leaves the others alone', async () => {
    const town = await startTown({
      catalogue: catalogueOf(2),
      gitlab: { projects: pathsOf(2).map((path) => ({ path })) },
    });
    const scene = sceneOf(town);
    const archive = archiveOf(town);
    await town.forge.addFault({
      kind: 'slow',
      route: 'POST /pipeline',
      project: 'p-002',
      delayMs: 4_000,
      times: 1,
    });
    await scene.start('deploy all');
    // The preflight is over and the request on its way: now somebody takes the right away.
    await until('the request is intended', async () => {
      const [id] = await archive.ids();
      const events = id ? await archive.store.history(`invocation/${id}`) : [];
      return events.filter(({ type }) => type === 'TriggerIntended').length === 2;
    });
    await town.forge.world({
      projects: [{ path: 'betterfleet/p-002', variablesMinimumRole: 'no_one_allowed' }],
    });
    const failed = await scene.told('Failed: Deploy to staging of all 2 projects', 2);
    expect(wordsOf(failed)).toContain('GitLab refused to start the pipeline.');
    const reply = failed.replies.find(({ text }) => text === 'p-002: failed');
    expect(wordsOf(reply)).toContain('Insufficient permissions to set pipeline variables');
    expect(wordsOf(reply)).toContain('then press Retry failed');
    await town.forge.world({ projects: [{ path: 'betterfleet/p-002', variablesMinimumRole: 'developer' }] });
    await scene.press('invocation_retry', failed.ts);
    await scene.told('Passed', 2);
    expect(await scene.started()).toEqual(['betterfleet/p-001', 'betterfleet/p-002']);
    await archive.close();
    await town.stop();
  });
});

describe.concurrent('Stop', () => {
  test('keeps from starting what waits, lets go on what runs, and offers the rest to Retry failed', async () => {
    const projects = pathsOf(4).map((path) => ({ path, pipeline: 'stuck' as const }));
    const catalogue = catalogueOf(4, { limits: { ...limits, pipelinesPerMinute: 1 } });
    // A machine that stands still for a moment must not send the first request back to the end of the line.
    const settings = { GONOGO_SETTLE_SECONDS: '60' };
    const town = await startTown({ catalogue, gitlab: { projects }, settings });
    const scene = sceneOf(town);
    await scene.start('deploy all');
    const seen = await town.people.until(
      rita,
      (screen) =>
        screen.channels
          .flatMap(({ messages }) => messages)
          .find((message) => /\d running.*\d waiting/.test(wordsOf(message))),
      { timeoutMs: 100_000 },
    );
    expect(wordsOf(seen)).toMatch(/the last one starts in about \d min/);
    await scene.press('invocation_stop', seen.ts, { times: 2 });
    const archive = archiveOf(town);
    const [id = ''] = await archive.ids();
    // A button is acknowledged before it is carried out: the second press is told that the first has done it.
    await town.people.until(
      rita,
      ({ channels }) =>
        channels
          .flatMap(({ messages }) => messages)
          .find((message) => message.ephemeral && wordsOf(message).includes('There is nothing to stop')),
      { timeoutMs: 100_000 },
    );
    const events = await archive.store.history(`invocation/${id}`);
    expect(events.filter(({ type }) => type === 'StopRequested')).toHaveLength(1);

    // What was being started when Stop came still gets its pipeline, and is let go on like the others.
    await until('nothing is being started', async () => {
      const { state } = await archive.store.read(invocationStream, id);
      return state?.targets.every(({ state: { at } }) => at !== 'starting');
    });
    const running = await town.forge.pipelines();
    for (const { project, id: pipelineId } of running)
      await town.forge.finish({ project, pipelineId, status: 'success' });
    const stopped = await scene.told('Stopped: Deploy to staging of all 4 projects', 4);
    const left = 4 - running.length;
    expect(wordsOf(stopped)).toMatch(new RegExp(`${left} not started\\b.*${running.length} passed`));
    expect(wordsOf(stopped)).toContain(`stopped by <@${rita}>`);
    expect(wordsOf(stopped)).toContain(`Retry failed (${left})`);
    const went = running.map(({ project }) => project.replace('betterfleet/', ''));
    expect(stopped.replies.map(({ text }) => text).sort()).toEqual(
      catalogue.projects.map(({ id: one }) => `${one}: ${went.includes(one) ? 'passed' : 'not started'}`),
    );
    expect(await town.forge.pipelines()).toHaveLength(running.length);
    expect(await town.people.refusals()).toEqual([]);
    await archive.close();
    await town.stop();
  });
});

describe.concurrent('whatever arrives twice', () => {
  test('a submit clicked three times and delivered again starts once', async () => {
    const town = await startTown();
    const scene = sceneOf(town);
    const archive = archiveOf(town);
    await town.people.addFault({ kind: 'duplicateDelivery' });
    await scene.start('cutoff p-001', {}, 3);
    await town.people.redeliver('interaction', 3);
    await scene.told('Passed', 1);
    await town.people.redeliver('interaction', 2);
    await archive.rest();
    expect(await scene.started()).toEqual(['betterfleet/p-001']);
    expect(await scene.parents()).toHaveLength(1);
    expect(await archive.ids()).toHaveLength(1);
    await archive.close();
    await town.stop();
  });

  test('a command delivered again opens nothing more and starts nothing', async () => {
    const town = await startTown();
    const scene = sceneOf(town);
    await scene.type('cutoff p-001');
    await town.people.redeliver('command', 3);
    expect((await town.people.screen(rita)).views).toHaveLength(1);
    await scene.choose('confirm', 'yes');
    await town.people.submit({ user: rita });
    await scene.told('Passed', 1);
    await town.people.redeliver('command', 1);
    expect(await scene.started()).toEqual(['betterfleet/p-001']);
    await town.stop();
  });

  test('webhooks that come twice, late and again change nothing', async () => {
    const town = await startTown();
    const scene = sceneOf(town);
    const archive = archiveOf(town);
    await town.forge.addFault({ kind: 'duplicateWebhook' });
    await scene.start('deploy p-001');
    await scene.told('Passed', 1);
    await archive.rest();
    const [id = ''] = await archive.ids();
    const before = await archive.eventsOf(id);
    const { deliveries } = await town.forge.webhooks();
    const pipelineHooks = deliveries.filter(({ event }) => event === 'Pipeline Hook');
    expect(pipelineHooks.length).toBeGreaterThan(3);
    for (const { n } of pipelineHooks) await town.forge.redeliver(n);
    await archive.rest();
    expect(await archive.eventsOf(id)).toEqual(before);
    expect(await archive.ids()).toEqual([id]);
    expect(await scene.parents()).toHaveLength(1);
    expect(await scene.started()).toEqual(['betterfleet/p-001']);
    await archive.close();
    await town.stop();
  });
});
