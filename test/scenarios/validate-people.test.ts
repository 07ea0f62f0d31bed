import { afterAll, beforeAll, expect, test } from 'vitest';
import { validatedLabel } from '../../sandbox/scenes/staging-release.ts';
import { wholeGate } from '../../src/core/release/gate-status.ts';
import { releaseButtons } from '../../src/views/release-ids.ts';
import { type ReleaseScene, releaseSceneOf } from '../acceptance/support/release-scene.ts';
import { type ReleaseTurns, releaseTurnsOf } from '../acceptance/support/release-turns.ts';
import { rita, tess } from '../support/catalogue.ts';
import { type ReleaseTown, startReleaseTown } from '../support/release-town.ts';

let town: ReleaseTown;
let scene: ReleaseScene;
let turns: ReleaseTurns;

beforeAll(async () => {
  town = await startReleaseTown();
  scene = releaseSceneOf(town);
  turns = releaseTurnsOf(scene);
  await label('add');
});
afterAll(async () => {
  await scene?.close();
  await town?.stop();
});

const label = (change: 'add' | 'remove') => {
  const { project, iid } = town.scene.unlabelled;
  return town.forge.label({ project, iid, [change]: [validatedLabel] });
};
const link = 'https://linear.example/REL-12';

test.each([
  ['a smoke check that fails', 'login', 'The form spins for ever'],
  ['an add-on that is blocked', 'addon-load', 'No charger at the depot answers'],
  ['a known warning that is not accepted', 'warnings', 'The slow query is new'],
])('%s alone turns GO into NO-GO; answered anew it is GO', async (_name, gate, note) => {
  const id = await turns.atGo();
  const before = (await scene.state(id)).decisions.length;
  await scene.answerOne(id, gate, { outcome: 'fail', note, link }, tess);
  const because = { gate, blocker: wholeGate, why: new RegExp(`^${note}$`), url: /REL-12$/ };
  await turns.isNoGo(id, await turns.decided(id, before), because);
  await scene.answerOne(id, gate, { outcome: 'pass' }, tess);
  expect(await turns.decided(id, before + 1)).toMatchObject({ verdict: 'GO', reasons: [] });
  expect(await scene.mismatches(id)).toEqual([]);
});

test('not applicable takes a reason, stands in the Linear issue, and is GO', async () => {
  const id = await turns.atGo();
  const before = (await scene.state(id)).decisions.length;
  const refused = await scene.answerOne(id, 'chargers', { outcome: 'not-applicable' });
  expect(refused).toContain('Write why it does not apply.');
  const note = 'The smoke-test depot has no chargers';
  await scene.answerOne(id, 'chargers', { outcome: 'not-applicable', note });
  expect(await turns.decided(id, before)).toMatchObject({ verdict: 'GO', reasons: [] });
  expect(await scene.summary(id)).toContain('Gate chargers (not applicable)');
  const { identifier } = (await scene.state(id)).record ?? {};
  const kept = (await town.tracker.issues()).find((issue) => issue.identifier === identifier);
  expect(JSON.stringify(kept)).toContain(note);
  expect(await scene.mismatches(id)).toEqual([]);
});

test('a release with one answer missing is never decided', async () => {
  const id = await turns.answered('one-open', ['logout']);
  const rested = () =>
    scene.when(id, 'every check done', ({ gates }) =>
      Object.values(gates).every(({ phase }) => phase === 'idle' || phase === 'done'),
    );
  await rested();
  await scene.press(id, releaseButtons.recheckAll);
  const { decisions } = await rested();
  expect(decisions).toEqual([]);
  const { verdict, open, against } = await scene.standing(id);
  expect({ verdict, against }).toEqual({ verdict: 'undecided', against: [] });
  expect(open.map(({ gate }) => gate)).toEqual(['logout']);
  expect(await scene.summary(id)).toMatch(/DECISION: NO-GO \(not complete: 1 open\)/);
  await scene.answerOne(id, 'logout', { outcome: 'pass' });
  expect(await turns.decided(id, 0)).toMatchObject({ verdict: 'GO', reasons: [] });
  expect(await scene.mismatches(id)).toEqual([]);
});

test('smoke checks wait for a workspace, and a reserved one takes an approval', async () => {
  const id = 'in-a-workspace';
  await scene.open(id);
  await scene.when(id, 'the candidate', ({ candidate }) => candidate !== null);
  const early = await scene.answerOne(id, 'login', { outcome: 'pass' });
  expect(early).toContain('The workspace and depot are not recorded yet.');
  const reserved = { workspace: 'depot simulation', depot: 'North' };
  expect(await scene.setWorkspace(id, rita, reserved)).toContain('is reserved for something else');
  expect((await scene.state(id)).workspace).toBeNull();
  await scene.setWorkspace(id, rita, { ...reserved, approval: 'Olga, release owner' });
  expect((await scene.state(id)).workspace).toMatchObject({ approval: 'Olga, release owner' });
  await scene.answerAll(id);
  expect(await turns.decided(id, 0)).toMatchObject({ verdict: 'GO', reasons: [] });
  expect(await scene.mismatches(id)).toEqual([]);
});

test('a merge request that is tracked still blocks, with its link; excluded with a reason it does not', async () => {
  const id = await turns.atGo();
  const before = (await scene.state(id)).decisions.length;
  const { project, iid, title } = town.scene.unlabelled;
  const request = { gate: 'mrs', blocker: `mr/${project}!${iid}` };
  await label('remove');
  await scene.press(id, releaseButtons.recheckAll);
  await turns.isNoGo(id, await turns.decided(id, before), { ...request, url: /\/merge_requests\/\d+$/ });

  await scene.handle(id, { ...request, as: 'tracked', reason: 'Waits for a charger', link });
  const tracked = { ...request, why: /^tracked: Waits for a charger$/, url: /REL-12$/ };
  await turns.isNoGo(id, await turns.decided(id, before + 1), tracked);

  await scene.handle(id, { ...request, as: 'excluded', reason: 'Only a comment in the code' });
  expect(await turns.decided(id, before + 2)).toMatchObject({ verdict: 'GO', reasons: [] });
  const summary = (await scene.summary(id)).replace(/\s+/g, ' ');
  expect(summary).toContain(`Excluded: !${iid} ${title}`);
  expect(summary).toContain('(Only a comment in the code)');
  expect(await scene.mismatches(id)).toEqual([]);
  await label('add');
});
