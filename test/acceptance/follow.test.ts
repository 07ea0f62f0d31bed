import { describe, expect, test } from 'vitest';
import type { PipelineScript, ScriptName } from '../../sandbox/gitlab/scripts.ts';
import { catalogueOf, rita } from '../support/catalogue.ts';
import { startTown, type TownOptions } from '../support/town.ts';
import { until } from '../support/until.ts';
import { archiveOf, sceneOf, wordsOf } from './support/scene.ts';

const limits = { pipelinesPerMinute: 6_000, followPollSeconds: 1, followHours: 24 };
const begin: PipelineScript['steps'] = [{ status: 'running', afterMs: 1_000 }];
/** Green as soon as its downstream pipeline exists, as GitLab's trigger jobs are by default. */
const bridgeTo = (script: ScriptName) => ({
  name: 'deploy',
  stage: 'deploy',
  project: './deployments',
  ref: 'main',
  strategy: 'none' as const,
  createProject: true,
  script,
});

/** How a project's pipeline goes, and what its reply then says. */
const ends: [what: string, script: PipelineScript | ScriptName, reply: string, says: string[]][] = [
  ['passes', 'passes', 'passed', []],
  ['fails in a job', 'fails', 'failed', ['job "deploy-staging" failed', 'Mend it in p-002']],
  [
    'is green while its downstream pipeline fails',
    { steps: begin, bridges: [bridgeTo('fails')] },
    'failed',
    ['downstream betterfleet/deployments: job "test" failed', '↳', '`failed`', 'press *Retry failed*'],
  ],
  [
    'is green and so is its downstream pipeline',
    { steps: begin, bridges: [bridgeTo('passes')] },
    'passed',
    ['↳', 'betterfleet/deployments', '`success`'],
  ],
  ['waits for a person', 'manual', 'waiting for a person in GitLab', ['job "confirm" waits', 'press play']],
  ['is canceled', 'canceled', 'canceled', ['canceled in GitLab', 'press *Retry failed*']],
  ['is skipped', 'skipped', 'skipped', ['no job ran', 'press *Retry failed*']],
];

describe.concurrent('a pipeline that', () => {
  test(`${ends.map(([what]) => what).join('; ')}: each reply says which`, async () => {
    const catalogue = catalogueOf(ends.length);
    const projects = catalogue.projects.map(({ path }, index) => ({
      path,
      pipeline: ends[index]?.[1] ?? 'passes',
    }));
    const town = await startTown({ catalogue, gitlab: { projects } });
    const scene = sceneOf(town);
    await scene.start('deploy all');
    const parent = await scene.told('Failed: Deploy to staging of all 7 projects', ends.length);
    for (const [index, [, , word, says]] of ends.entries()) {
      const id = catalogue.projects[index]?.id;
      const reply = parent.replies.find(({ text }) => text === `${id}: ${word}`);
      expect(reply?.text, `${id} in ${parent.replies.map(({ text }) => text).join(', ')}`).toBe(
        `${id}: ${word}`,
      );
      for (const part of says) expect(wordsOf(reply)).toContain(part);
    }
    expect(wordsOf(parent)).toContain('Retry failed (4)');
    expect(wordsOf(parent)).toContain('downstream betterfleet/deployments');
    const waiting = (await town.forge.pipelines('p-005'))[0]?.jobs.find(({ status }) => status === 'manual');
    await town.forge.playJob({ project: 'p-005', jobId: waiting?.id ?? 0 });
    await town.people.until(
      rita,
      ({ channels }) =>
        channels
          .flatMap(({ messages }) => messages.flatMap(({ replies }) => replies))
          .find(({ text }) => text === 'p-005: passed'),
      { timeoutMs: 100_000 },
    );
    expect(await town.people.refusals()).toEqual([]);
    await town.stop();
  });

  test('never ends is said to have an unknown end, not to have passed', async () => {
    const catalogue = catalogueOf(1, { limits: { ...limits, followHours: 2 / 3_600 } });
    const projects = [{ path: 'betterfleet/p-001', pipeline: 'stuck' as const }];
    const town = await startTown({ catalogue, gitlab: { projects } });
    const scene = sceneOf(town);
    await scene.start('cutoff p-001');
    const parent = await scene.told('End unknown: Cut-off of p-001', 1);
    expect(wordsOf(parent)).toContain('look in GitLab how it ended');
    expect(parent.replies[0]?.text).toBe('p-001: end unknown');
    expect(wordsOf(parent.replies[0])).toContain('It is not known how the pipeline ended.');
    expect(await town.people.refusals()).toEqual([]);
    await town.stop();
  });

  test.each<[string, TownOptions]>([
    ['sends no webhooks is found to have ended by looking', { webhooks: false }],
    [
      'is not looked at for an hour is found to have ended by its webhooks',
      { catalogue: catalogueOf(2, { limits: { ...limits, followPollSeconds: 3_600 } }) },
    ],
  ])('%s', async (_what, options) => {
    const town = await startTown({ catalogue: catalogueOf(2), ...options });
    const scene = sceneOf(town);
    await scene.start('cutoff all');
    const parent = await scene.told('Passed: Cut-off of all 2 projects', 2);
    expect(parent.replies.map(({ text }) => text).sort()).toEqual(['p-001: passed', 'p-002: passed']);
    const { deliveries } = await town.forge.webhooks();
    expect(deliveries.length > 0).toBe(options.webhooks !== false);
    await town.stop();
  });

  test('loses every webhook on the way is found to have ended by looking', async () => {
    const town = await startTown();
    const scene = sceneOf(town);
    await town.forge.addFault({ kind: 'dropWebhook' });
    await scene.start('cutoff p-001');
    await scene.told('Passed: Cut-off of p-001', 1);
    const { deliveries } = await town.forge.webhooks();
    expect(new Set(deliveries.map(({ outcome }) => outcome))).toEqual(new Set(['dropped']));
    await town.stop();
  });
});

describe.concurrent('a pipeline started in GitLab’s own screen', () => {
  const root = 'betterfleet/bf-dev';
  const withRoot = (count: number) => {
    const { projects } = catalogueOf(count);
    const fanOut = projects.map(({ path }) => path);
    return { projects: [{ path: root, branches: ['main'], fanOut }, ...fanOut.map((path) => ({ path }))] };
  };
  const cutOff = [{ key: 'ORCHESTRATION_CUT_OFF', value: 'true' }];

  test.each([true, false])('in a project is followed like the bot’s own (webhooks: %s)', async (webhooks) => {
    const town = await startTown({ catalogue: catalogueOf(2), gitlab: withRoot(2), webhooks });
    const scene = sceneOf(town);
    const archive = archiveOf(town);
    await archive.rest();
    await town.forge.runPipeline({ project: 'p-001', ref: 'release', variables: cutOff, user: 'gina' });
    await town.forge.runPipeline({ project: 'p-002', ref: 'release', user: 'gina' });
    if (!webhooks) await archive.outbox.order([{ kind: 'discover', key: 'started-in-gitlab' }]);
    const parent = await scene.told('Passed: Cut-off of p-001', 1);
    expect(wordsOf(parent)).toContain('Started in GitLab by `gina`');
    expect(parent.replies.map(({ text }) => text)).toEqual(['p-001: passed']);
    await archive.rest();
    expect(await scene.parents()).toHaveLength(1);
    expect(await archive.ids()).toHaveLength(1);
    expect(await town.forge.requests('POST /pipeline')).toEqual([]);
    await archive.close();
    await town.stop();
  });

  test.each([
    ['one', 'p-002', true, ['p-002']],
    ['all', 'all', true, ['p-001', 'p-002', 'p-003']],
    ['all', 'all', false, ['p-001', 'p-002', 'p-003']],
  ])(
    'of the root for %s (%s) is one invocation with one message (webhooks: %s)',
    async (_what, project, webhooks, ids) => {
      const town = await startTown({ catalogue: catalogueOf(3), gitlab: withRoot(3), webhooks });
      const scene = sceneOf(town);
      const archive = archiveOf(town);
      await archive.rest();
      const inputs = { action: 'deploy-release-branch-to-staging', project, confirm: true };
      await town.forge.runPipeline({ project: root, ref: 'main', inputs, user: 'gina' });
      if (!webhooks) {
        await until(
          'the root has started its projects',
          async () => (await town.forge.pipelines()).length === ids.length + 1,
        );
        await archive.outbox.order([{ kind: 'discover', key: 'started-in-gitlab' }]);
      }
      const scope = ids.length === 1 ? ids[0] : `${ids.length} projects`;
      const parent = await scene.told(`Passed: Deploy to staging of ${scope}`, ids.length);
      expect(parent.replies.map(({ text }) => text).sort()).toEqual(ids.map((id) => `${id}: passed`));
      expect(wordsOf(parent)).toMatch(/Started in GitLab by `gina` in <.*\|betterfleet\/bf-dev>/);
      await archive.rest();
      expect(await scene.parents()).toHaveLength(1);
      const [id = '', ...others] = await archive.ids();
      expect(others).toEqual([]);
      const events = await archive.eventsOf(id);
      expect(events.filter(({ type }) => type === 'ReleaseOrchestrationTriggered')).toHaveLength(ids.length);
      expect(events[0]?.actor).toBe('gitlab:gina');
      expect(await town.people.refusals()).toEqual([]);
      await archive.close();
      await town.stop();
    },
  );
});
