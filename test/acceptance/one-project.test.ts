import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { releases, rita } from '../support/catalogue.ts';
import { startTown, type Town } from '../support/town.ts';
import { sceneOf } from './support/scene.ts';

describe('a cut-off of one project, by Socket Mode', () => {
  let town: Town;
  beforeAll(async () => {
    town = await startTown();
  });
  afterAll(() => town.stop());

  test('goes from the command to a finished thread with exactly one pipeline', async () => {
    const { people, forge } = town;
    await people.command({ user: rita, channel: releases, command: '/release', text: 'cutoff p-001' });
    await people.choose({ user: rita, blockId: 'confirm', actionId: 'confirm', values: ['yes'] });
    const submitted = await people.submit({ user: rita });
    expect(submitted).toMatchObject({ acknowledged: true });
    const parent = await sceneOf(town).told('Passed', 1);
    expect(parent.replies.map(({ text }) => text)).toEqual(['p-001: passed']);
    const pipelines = await forge.pipelines();
    expect(pipelines).toHaveLength(1);
    expect(await people.refusals()).toEqual([]);
  });
});
