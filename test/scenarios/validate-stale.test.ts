import { afterAll, beforeAll, expect, test } from 'vitest';
import { validatedLabel } from '../../sandbox/scenes/staging-release.ts';
import { releaseButtons } from '../../src/views/release-ids.ts';
import { core, deploy, ended, run } from '../acceptance/support/deploys.ts';
import { type ReleaseScene, releaseSceneOf } from '../acceptance/support/release-scene.ts';
import { type ReleaseTurns, releaseTurnsOf } from '../acceptance/support/release-turns.ts';
import { wordsOf } from '../acceptance/support/scene.ts';
import { type ReleaseTown, startReleaseTown } from '../support/release-town.ts';
import { until } from '../support/until.ts';

let town: ReleaseTown;
let scene: ReleaseScene;
let turns: ReleaseTurns;

beforeAll(async () => {
  town = await startReleaseTown();
  scene = releaseSceneOf(town);
  turns = releaseTurnsOf(scene);
  const { project, iid } = town.scene.unlabelled;
  await town.forge.label({ project, iid, add: [validatedLabel] });
});
afterAll(async () => {
  await scene?.close();
  await town?.stop();
});

/** Somebody brings one more merge request to staging; the site and the service run it. Gives its commit. */
async function hotfix(path: string): Promise<string> {
  const { forge } = town;
  const title = 'Let people in again';
  const { iid } = await forge.addMergeRequest({
    project: core,
    title,
    paths: [path],
    labels: [validatedLabel],
  });
  await forge.pick({ project: core, iid, onto: 'release' });
  await ended(town, await deploy(town), 'success');
  const { sha } = await until('the deployment with its merge request', async () => {
    const { projects } = await forge.state();
    const deployments = projects.find((project) => project.path === core)?.deployments ?? [];
    return deployments.find(({ mergeRequests }) => mergeRequests.includes(iid) && mergeRequests.length === 1);
  });
  await run(town, sha);
  return sha;
}

test('a hotfix withdraws the GO; one button starts the next pass, which keeps what holds and asks the rest again', async () => {
  const id = await turns.atGo();
  const sha = await hotfix('src/auth/login.py');
  const stale = await scene.when(id, 'the withdrawal', ({ decisions }) => decisions[0]?.withdrawn != null);
  expect(stale.decisions).toHaveLength(1);
  expect((await scene.standing(id)).verdict).toBe('undecided');
  const withdrawal = wordsOf(await scene.reply(id, 'GO withdrawn'));
  expect(withdrawal).toContain('staging has changed since it was validated');
  expect(wordsOf(await scene.reply(id, 'Staging has changed'))).toContain(sha.slice(0, 8));
  expect(await scene.summary(id)).toContain('DECISION: NO-GO');

  // An hour on: what the hotfix did to errors and logs can be seen.
  await town.forge.age(60);
  await scene.press(id, releaseButtons.nextPass, { times: 2 });
  const second = await scene.when(
    id,
    'the second pass',
    ({ pass, candidate }) => pass === 2 && candidate !== null,
  );
  const notice = second.notices.find(({ kind }) => kind === 'pass');
  if (notice?.kind !== 'pass') throw new Error('nothing tells of the second pass');
  expect(notice.kept).toEqual(['addon-load']);
  expect(notice.again).toEqual([
    { gate: 'login', why: 'src/auth/login.py has changed.' },
    { gate: 'chargers', why: 'It is asked again after any change.' },
    { gate: 'logout', why: 'It is asked again after any change.' },
    { gate: 'warnings', why: 'It is asked again after any change.' },
  ]);
  const told = wordsOf(await scene.reply(id, 'Pass 2 began'));
  expect(told).toContain('Gate addon-load');
  expect(told).toContain('Gate login: src/auth/login.py has changed.');
  expect(second.workspace).toMatchObject({ workspace: 'Smoke test' });

  await scene.answerAll(id);
  expect(await turns.decided(id, 1)).toMatchObject({ verdict: 'GO', reasons: [], pass: 2 });
  const answers = (await scene.eventsOf(id)).filter(({ type }) => type === 'ItemAnswered').length;
  expect(answers).toBe(5 + notice.again.length);
  expect(await scene.mismatches(id)).toEqual([]);
});

test('what a hotfix does not touch is not asked again', async () => {
  const id = await turns.atGo();
  const before = (await scene.state(id)).decisions.length;
  const { pass } = await scene.state(id);
  await hotfix('src/exports/energy.py');
  await scene.when(id, 'the withdrawal', ({ decisions }) => decisions.at(-1)?.withdrawn != null);
  await town.forge.age(60);
  await scene.press(id, releaseButtons.nextPass);
  const next = await scene.when(
    id,
    'the next pass',
    (release) => release.pass > pass && release.candidate !== null,
  );
  const notice = next.notices.findLast(({ kind }) => kind === 'pass');
  expect(notice?.kind === 'pass' && notice.kept).toEqual(['login', 'addon-load']);
  await scene.answerAll(id);
  expect(await turns.decided(id, before)).toMatchObject({ verdict: 'GO', pass: pass + 1 });
  expect(await scene.mismatches(id)).toEqual([]);
});
