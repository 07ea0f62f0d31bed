import { afterAll, beforeAll, expect, test } from 'vitest';
import { validatedLabel } from '../../sandbox/scenes/staging-release.ts';
import { gateStatuses } from '../../src/core/release/gate-status.ts';
import { type ReleaseTown, startReleaseTown } from '../support/release-town.ts';
import { type ReleaseScene, releaseSceneOf } from './support/release-scene.ts';

let town: ReleaseTown;
let scene: ReleaseScene;

beforeAll(async () => {
  town = await startReleaseTown();
  scene = releaseSceneOf(town);
});
afterAll(async () => {
  await scene?.close();
  await town?.stop();
});

test('an unlabelled merge request is a NO-GO that names it; labelled and re-checked it is a GO', async () => {
  const { open, when, standing, setWorkspace, answerAll, recheckFailed, mismatches, eventsOf } = scene;
  const id = '2026.47';
  await open(id);
  await when(id, 'the machine has nothing left to do', (release) =>
    gateStatuses(release, new Date()).every(({ word }) => !['queued', 'running', 'waiting'].includes(word)),
  );
  await setWorkspace(id);
  await answerAll(id);
  const blocked = await when(id, 'a decision', ({ decisions }) => decisions.length > 0);
  const { iid, project } = town.scene.unlabelled;
  expect(blocked.decisions[0]).toMatchObject({ verdict: 'NO-GO' });
  expect(blocked.decisions[0]?.reasons.map(({ blocker }) => blocker)).toEqual([`mr/${project}!${iid}`]);

  await town.forge.label({ project, iid, add: [validatedLabel] });
  await recheckFailed(id);
  const released = await when(id, 'a second decision', ({ decisions }) => decisions.length > 1);
  expect(released.decisions[1]).toMatchObject({ verdict: 'GO', reasons: [] });
  expect((await standing(id)).verdict).toBe('GO');
  expect(await mismatches(id)).toEqual([]);
  expect((await eventsOf(id)).at(0)?.type).toBe('ReleaseOpened');

  const { identifier } = released.record ?? {};
  const [issue] = await town.tracker.issues();
  expect(issue).toMatchObject({ identifier, title: 'Validate Manage staging release 2026.47' });
});
