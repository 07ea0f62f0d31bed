import { LinearClient } from '@linear/sdk';
import { afterEach, expect, test } from 'vitest';
import { linearWorld } from '../../sandbox/scenes/example-world.ts';
import { releaseButtons } from '../../src/views/release-ids.ts';
import { type ReleaseScene, releaseSceneOf } from '../acceptance/support/release-scene.ts';
import { type ReleaseTurns, releaseTurnsOf } from '../acceptance/support/release-turns.ts';
import {
  fiveGates,
  type ReleaseTown,
  type ReleaseTownOptions,
  startReleaseTown,
} from '../support/release-town.ts';

let town: ReleaseTown | null = null;
let scene: ReleaseScene | null = null;

/** All five gates but the merge requests, of which one has no label. */
const groups = (site: string) => fiveGates(site).filter(({ id }) => id !== 'merge-requests');

async function play(
  options: ReleaseTownOptions,
): Promise<{ town: ReleaseTown; scene: ReleaseScene; turns: ReleaseTurns }> {
  town = await startReleaseTown({ groups, ...options });
  scene = releaseSceneOf(town);
  return { town, scene, turns: releaseTurnsOf(scene) };
}
afterEach(async () => {
  await scene?.close();
  await town?.stop();
  scene = null;
  town = null;
});

const record = { gate: null, blocker: 'record' };

/** Sixth condition of the outcome: what failed, what is an exception and what was accepted stands in Linear. */
test('a record that Linear cannot take, for a label is missing, alone is NO-GO; with the label it is GO', async () => {
  const labels = (linearWorld.labels ?? []).filter(({ name }) => name !== 'Kind: validation');
  const { town: here, scene: seen, turns } = await play({ linear: { labels } });
  const id = await turns.answered('no-label');
  const missing = { ...record, why: /carries it/, url: null };
  const noGo = await turns.decided(id, 0);
  await turns.isNoGo(id, noGo, missing);
  expect(noGo.reasons[0]?.title).toContain('Linear has no label "Kind: validation" for the team REL.');
  const { linear } = here.settings;
  if (!linear) throw new Error('the town has no Linear');
  await new LinearClient({ apiKey: linear.apiKey, apiUrl: linear.apiUrl }).createIssueLabel({
    name: 'Kind: validation',
  });
  await seen.press(id, releaseButtons.recheckAll);
  expect(await turns.decided(id, 1)).toMatchObject({ verdict: 'GO', reasons: [] });
  expect(await here.tracker.issues()).toHaveLength(1);
  expect(await seen.mismatches(id)).toEqual([]);
});

test.each([
  ['a key that Linear refuses', { LINEAR_API_KEY: 'lin_api_revoked' }, 'Linear refuses the bot’s key.'],
  ['no Linear at all', { LINEAR_API_KEY: '' }, 'The record cannot be kept.'],
])('%s alone is NO-GO, and stays so however often it is re-checked', async (_name, settings, title) => {
  const { scene: seen, turns } = await play({ settings });
  const id = await turns.answered('no-record');
  const noGo = await turns.decided(id, 0);
  await turns.isNoGo(id, noGo, record);
  expect(noGo.reasons[0]?.title).toBe(title);
  await seen.press(id, releaseButtons.recheckAll);
  await seen.when(id, 'every check done again', ({ gates }) =>
    Object.values(gates).every(({ phase, run }) => phase === 'idle' || (phase === 'done' && run === 2)),
  );
  expect((await seen.state(id)).decisions.map(({ verdict }) => verdict)).not.toContain('GO');
  expect((await seen.standing(id)).verdict).toBe('NO-GO');
  expect(await seen.mismatches(id)).toEqual([]);
});
