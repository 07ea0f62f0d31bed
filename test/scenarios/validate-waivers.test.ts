import { afterEach, expect, test } from 'vitest';
import { sha256 } from '../../src/adapters/store/hash-chain.ts';
import { answerWaiver, proposeWaiver } from '../../src/core/release/acts.ts';
import { wholeGate } from '../../src/core/release/gate-status.ts';
import { releaseChange } from '../../src/core/release/orders.ts';
import type { Release } from '../../src/core/release/state.ts';
import { releaseStream } from '../../src/core/release/stream.ts';
import { releaseButtons } from '../../src/views/release-ids.ts';
import { type ReleaseScene, releaseSceneOf } from '../acceptance/support/release-scene.ts';
import { type ReleaseTurns, releaseTurnsOf } from '../acceptance/support/release-turns.ts';
import { wordsOf } from '../acceptance/support/scene.ts';
import { ada, rita, tess } from '../support/catalogue.ts';
import {
  gate,
  group,
  type ReleaseTown,
  type ReleaseTownOptions,
  startReleaseTown,
} from '../support/release-town.ts';

let town: ReleaseTown;
let scene: ReleaseScene;
let turns: ReleaseTurns;

async function play(options: ReleaseTownOptions = {}): Promise<void> {
  town = await startReleaseTown({
    groups: (site) => [
      group('all', [gate('site', { check: 'url-loads', with: { url: `${site}/` } }), gate('login')]),
    ],
    ...options,
  });
  scene = releaseSceneOf(town);
  turns = releaseTurnsOf(scene);
}
afterEach(async () => {
  await scene?.close();
  await town?.stop();
});

const site = { gate: 'site', blocker: wholeGate };
const dayMs = 86_400_000;
const tomorrow = () => new Date(Date.now() + dayMs).toISOString().slice(0, 10);

test('one person waives nothing; with a second one it is GO with the waiver shown; declined it stays NO-GO', async () => {
  await play();
  await town.site.page('/', { status: 500 });
  const id = await turns.answered('waived');
  await turns.isNoGo(id, await turns.decided(id, 0), { ...site, why: /status 500/ });

  await scene.askWaiver(id, { ...site, reason: 'Only the start page, for an hour', day: tomorrow() });
  const asked = await scene.when(id, 'the waiver', ({ waivers }) => waivers.length === 1);
  expect((await scene.standing(id)).verdict).toBe('NO-GO');
  await scene.pressReply(id, 'Waiver asked for', releaseButtons.confirmWaiver, rita);
  expect(await scene.whispered(rita, /needs a second person/)).toContain('You asked for this one yourself.');
  await scene.pressReply(id, 'Waiver asked for', releaseButtons.confirmWaiver, tess);
  expect(await scene.whispered(tess, /release engineer or approver/)).toContain('That was not done.');
  expect((await scene.state(id)).waivers).toEqual(asked.waivers);

  await scene.pressReply(id, 'Waiver asked for', releaseButtons.declineWaiver, ada);
  await scene.when(id, 'the no', ({ waivers }) => waivers[0]?.declined?.by === ada);
  expect((await scene.standing(id)).verdict).toBe('NO-GO');

  const reason = 'The page is mended tonight';
  await scene.askWaiver(id, { ...site, reason, day: tomorrow() });
  await scene.pressReply(id, reason, releaseButtons.confirmWaiver, ada);
  expect(await turns.decided(id, 1)).toMatchObject({ verdict: 'GO', reasons: [] });
  const told = wordsOf(await scene.reply(id, 'Decision 2 ·'));
  expect(told).toContain(`Waived: Gate site, by <@${rita}> and <@${ada}> until`);
  expect(told).toContain(reason);
  const summary = (await scene.summary(id)).replace(/\s+/g, ' ');
  expect(summary).toContain(`Waived until ${tomorrow()}: Gate site (${reason})`);

  await town.site.page('/', { body: 'betterfleet-manage', status: 404 });
  await scene.press(id, releaseButtons.recheckAll);
  await turns.isNoGo(id, await turns.decided(id, 2), { ...site, why: /status 404/ });
  await town.site.page('/', null);
  await scene.press(id, releaseButtons.recheckAll);
  expect(await turns.decided(id, 3)).toMatchObject({ verdict: 'GO', reasons: [] });
  expect(await scene.mismatches(id)).toEqual([]);
});

test('at the end of its waiver a GO is withdrawn and the blocker stands again', async () => {
  await play({ phase: { record: null } });
  await town.site.page('/', { status: 500 });
  const id = await turns.answered('expires');
  expect(await turns.decided(id, 0)).toMatchObject({ verdict: 'NO-GO' });

  // The form ends waivers with a day; people at the keyboard would have to stay up until midnight.
  const expiresAt = new Date(Date.now() + 3_000).toISOString();
  const record = (actor: string, act: (state: Release, at: Date) => ReturnType<typeof answerWaiver>) =>
    scene.store.change(releaseStream, id, (snapshot) => {
      const at = new Date();
      const acted = snapshot.state ? act(snapshot.state, at) : null;
      if (!acted || 'problem' in acted) throw new Error(JSON.stringify(acted));
      return releaseChange(id, snapshot, acted.events, { actor, at, digest: sha256 });
    });
  await record(rita, (state, at) =>
    proposeWaiver(state, { waiver: 'short', ...site, reason: 'Just a moment', expiresAt }, at),
  );
  const { state } = await record(ada, (now) => answerWaiver(now, 'short', true, ada, new Date()));
  expect(state?.decisions.at(-1)).toMatchObject({ number: 2, verdict: 'GO' });

  const after = await scene.when(id, 'the end', ({ decisions }) => decisions.length === 3);
  expect(after.decisions[1]?.withdrawn?.why).toContain('status 500');
  await turns.isNoGo(id, await turns.decided(id, 2), { ...site, why: /status 500/ });
  expect(Date.parse(after.decisions[2]?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(expiresAt));
  const message = await scene.parent(id, ({ text }) => text.startsWith('NO-GO'));
  expect(wordsOf(message)).toContain('its waiver ended');
  expect(await scene.mismatches(id)).toEqual([]);
});
