import { describe, expect, test } from 'vitest';
import { actions } from '../../src/core/action.ts';
import { catalogueOf, general, releases, rita } from '../support/catalogue.ts';
import { startTown } from '../support/town.ts';
import { betterfleet } from './support/example.ts';
import { archiveOf, sceneOf, wordsOf } from './support/scene.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe.concurrent('one project', () => {
  test.each([
    ['cutoff', 'Cut-off', 'p-001', 'release', 'ORCHESTRATION_CUT_OFF', 'CutOffOrchestrationTriggered'],
    [
      'deploy',
      'Deploy to staging',
      'p-001',
      'release',
      'ORCHESTRATION_RELEASE',
      'ReleaseOrchestrationTriggered',
    ],
    [
      'deploy',
      'Deploy to staging',
      'p-002',
      'stable/2026',
      'ORCHESTRATION_RELEASE',
      'ReleaseOrchestrationTriggered',
    ],
  ])(
    '/release %s (%s of %s) starts its branch %s with the documented variables only',
    async (word, noun, id, ref, signal, event) => {
      const catalogue = catalogueOf(3);
      const projects = catalogue.projects.map((project) =>
        project.id === 'p-002' ? { ...project, releaseBranch: 'stable/2026' } : project,
      );
      const branches = ['main', 'release', 'stable/2026'];
      const town = await startTown({
        catalogue: { ...catalogue, projects },
        gitlab: { projects: projects.map(({ path }) => ({ path, branches })) },
      });
      const scene = sceneOf(town);
      await scene.start(`${word} ${id}`);
      const parent = await scene.told(`Passed: ${noun} of ${id}`, 1);
      expect(parent.replies.map(({ text }) => text)).toEqual([`${id}: passed`]);
      const pipelines = await town.forge.pipelines();
      expect(pipelines).toMatchObject([
        {
          project: `betterfleet/${id}`,
          ref,
          source: 'api',
          status: 'success',
          variables: [
            { key: signal, value: 'true' },
            { key: 'ORCHESTRATION_RUN_ID', value: expect.stringMatching(uuid) },
          ],
        },
      ]);
      const archive = archiveOf(town);
      await archive.rest();
      const [invocation = ''] = await archive.ids();
      const events = await archive.eventsOf(invocation);
      // A request without a clear answer is intended again, after a look; what counts is that one pipeline is there.
      const types = events.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1]);
      expect(types.slice(0, 5)).toEqual([
        'OrchestrationInputsSubmitted',
        'InvocationConfirmed',
        'PreflightPassed',
        'TriggerIntended',
        event,
      ]);
      expect(events[0]?.actor).toBe(rita);
      expect(events.find(({ type }) => type === event)?.data).toMatchObject({
        project: id,
        pipelineId: pipelines[0]?.id,
      });
      expect(await town.people.refusals()).toEqual([]);
      await archive.close();
      await town.stop();
    },
  );

  test('is chosen by typing where there are 120', async () => {
    const town = await startTown({ catalogue: catalogueOf(120) });
    const scene = sceneOf(town);
    await scene.type('deploy');
    const find = async (query: string) => {
      const at = { user: rita, blockId: 'project', actionId: 'project', query };
      const { options = [] } = await town.people.suggest(at);
      return options.map(({ value }) => value);
    };
    expect(await find('')).toHaveLength(100);
    expect(await find('al')).toEqual(['all']);
    expect(await find('P-11')).toEqual([
      'p-110',
      'p-111',
      'p-112',
      'p-113',
      'p-114',
      'p-115',
      'p-116',
      'p-117',
      'p-118',
      'p-119',
    ]);
    expect(await find('no such project')).toEqual([]);
    expect(await find('117')).toEqual(['p-117']);
    await scene.choose('project', 'p-117');
    await scene.choose('confirm', 'yes');
    await town.people.submit({ user: rita });
    await scene.parent('Passed: Deploy to staging of p-117');
    expect(await scene.started()).toEqual(['betterfleet/p-117']);
    expect(await town.people.refusals()).toEqual([]);
    await town.stop();
  });
});

describe.concurrent('the way there', () => {
  test('bare /release presets nothing, a word presets the action, a project the project', async () => {
    const town = await startTown({ catalogue: await betterfleet() });
    const scene = sceneOf(town);
    const shown = async (text: string) => {
      await scene.type(text);
      const view = await scene.topView();
      await town.people.close({ user: rita });
      const chosen = (block: string) =>
        (view?.values[block]?.[block] as { selected_option?: { value: string } } | undefined)?.selected_option
          ?.value;
      expect(view?.values['confirm']?.['confirm']).not.toMatchObject({
        selected_options: [{ value: 'yes' }],
      });
      return [chosen('action'), chosen('project')];
    };
    const [cutOff, deploy] = actions;
    expect(await shown('')).toEqual([undefined, undefined]);
    expect(await shown('cutoff')).toEqual([cutOff, undefined]);
    expect(await shown('deploy')).toEqual([deploy, undefined]);
    expect(await shown('cutoff all')).toEqual([cutOff, 'all']);
    expect(await shown('  Deploy   bf-manage-core ')).toEqual([deploy, 'bf-manage-core']);

    await scene.type('');
    const words = JSON.stringify(await scene.topView());
    for (const part of ['What do you need to do?', 'What project/s need it?', ...actions])
      expect(words).toContain(part);
    await scene.choose('action', cutOff);
    await scene.choose('project', 'bf-bnl-ui');
    await scene.choose('confirm', 'yes');
    await town.people.submit({ user: rita });
    await scene.parent('Passed: Cut-off of bf-bnl-ui');
    expect(await scene.started()).toEqual(['betterfleet/bf-bnl-ui']);
    expect(await town.people.refusals()).toEqual([]);
    await town.stop();
  });

  test('help, status, Home and another channel', async () => {
    const town = await startTown({ catalogue: await betterfleet() });
    const scene = sceneOf(town);
    const lastWhisper = async () => wordsOf((await scene.whispers()).at(-1));
    await scene.type('help');
    const help = await lastWhisper();
    for (const part of ['/release cutoff', '/release deploy', '/release status', ...actions])
      expect(help).toContain(part);
    await scene.type('status');
    expect(await lastWhisper()).toContain('Nothing was started yet');

    await scene.start('cutoff bf-fleet-health', { channel: general });
    expect(wordsOf(await scene.topView())).toContain(`Follow it in <#${releases}>`);
    await town.people.close({ user: rita });
    await scene.parent('Passed: Cut-off of bf-fleet-health');
    const archive = archiveOf(town);
    const [id = ''] = await archive.ids();
    await scene.type('status');
    expect(await lastWhisper()).toMatch(
      new RegExp(`Passed.*Cut-off of bf-fleet-health.*1 passed\\n\`${id}\``),
    );
    await scene.type(`status ${id}`);
    expect(await lastWhisper()).toContain('*1 passed:* bf-fleet-health');

    await town.people.home({ user: rita });
    const home = await town.people.until(rita, (screen) => screen.home ?? undefined);
    expect(wordsOf(home)).toContain('Cut-off of bf-fleet-health');
    await town.people.press({ user: rita, actionId: 'home_start' });
    const modal = await town.people.until(rita, ({ views }) => views.at(-1));
    expect(modal.callbackId).toBe('start_invocation');
    expect(await town.people.refusals()).toEqual([]);
    await archive.close();
    await town.stop();
  });
});
