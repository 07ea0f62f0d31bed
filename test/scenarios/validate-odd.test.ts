import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { websiteControl } from '../../sandbox/website/control-client.ts';
import { startWebsite } from '../../sandbox/website/server.ts';
import { wholeGate } from '../../src/core/release/gate-status.ts';
import type { GatePlan } from '../../src/core/release/plan.ts';
import { releaseButtons } from '../../src/views/release-ids.ts';
import { type ReleaseScene, releaseSceneOf } from '../acceptance/support/release-scene.ts';
import { releaseTurnsOf } from '../acceptance/support/release-turns.ts';
import { wordsOf } from '../acceptance/support/scene.ts';
import { ada } from '../support/catalogue.ts';
import {
  gate,
  group,
  type ReleaseTown,
  type ReleaseTownOptions,
  startReleaseTown,
} from '../support/release-town.ts';

let town: ReleaseTown | null = null;
let scene: ReleaseScene | null = null;

async function play(gates: GatePlan[], options: ReleaseTownOptions & { addOns?: GatePlan[] } = {}) {
  const { addOns = [], ...rest } = options;
  const groups = () => [
    group('all', [...gates, gate('login')]),
    ...(addOns.length > 0 ? [group('add-ons', addOns, { answers: 'add-ons' })] : []),
  ];
  town = await startReleaseTown({ groups, ...rest });
  scene = releaseSceneOf(town);
  return { town, scene, turns: releaseTurnsOf(scene) };
}
afterEach(async () => {
  await scene?.close();
  await town?.stop();
  scene = null;
  town = null;
});

const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

/** What no check can answer is inconclusive, blocks by itself, and is let through only by a waiver. */
test.each<[name: string, gate: GatePlan, why: RegExp, settings: Record<string, string>]>([
  [
    'a check that is not there',
    gate('odd', { check: 'horoscope' }),
    /^Inconclusive: This gonogo has no check "horoscope"/,
    {},
  ],
  [
    'a check with wrong parameters',
    gate('odd', { check: 'url-loads' }),
    /^Inconclusive: The parameters of this gate are wrong: url /,
    {},
  ],
  [
    'a token that Sentry refuses',
    gate('odd', { check: 'frontend-errors', with: { project: 'manage-web', pages: ['/overview'] } }),
    /^Inconclusive: Sentry refuses the bot’s token/,
    { SENTRY_TOKEN: 'sntryu_revoked' },
  ],
])('%s alone is NO-GO; waived by two people it is GO', async (_name, odd, why, settings) => {
  const { scene: seen, turns } = await play([odd], { settings });
  const id = await turns.answered('odd-gate');
  const blocker = { gate: 'odd', blocker: wholeGate };
  await turns.isNoGo(id, await turns.decided(id, 0), { ...blocker, why, url: null });
  await seen.askWaiver(id, { ...blocker, reason: 'Looked at by hand', day: tomorrow() });
  await seen.pressReply(id, 'Waiver asked for', releaseButtons.confirmWaiver, ada);
  expect(await turns.decided(id, 1)).toMatchObject({ verdict: 'GO', reasons: [] });
  expect(wordsOf(await seen.reply(id, 'Decision 2 ·'))).toContain('Looked at by hand');
  expect(await seen.mismatches(id)).toEqual([]);
});

test('a certificate that is about to end alone turns GO into NO-GO; renewed it is GO', async () => {
  const website = await startWebsite();
  const trusted = getCACertificates('default');
  try {
    setDefaultCACertificates([...trusted, website.ca ?? '']);
    const secure = gate('secure', { check: 'url-loads', with: { url: `${website.url}/` } });
    const { scene: seen, turns } = await play([secure]);
    const steer = websiteControl(website.controlUrl);
    await turns.turn({
      name: 'a certificate that is about to end',
      wrong: () => steer.certificate(5),
      mended: () => steer.certificate(60),
      against: () => ({
        gate: 'secure',
        blocker: wholeGate,
        why: /ends in less than 14 days/,
        url: /^https:/,
      }),
    });
    await turns.turn({
      name: 'a certificate that has ended',
      wrong: () => steer.certificate(-1),
      mended: () => steer.certificate(60),
      against: () => ({
        gate: 'secure',
        blocker: wholeGate,
        why: /did not load: its certificate is not valid/,
      }),
    });
    expect(await seen.mismatches('r-01')).toEqual([]);
  } finally {
    setDefaultCACertificates(trusted);
    await website.close();
  }
});

test('an add-on of which GitLab cannot say whether it applies is a question for people, not a yes', async () => {
  const roaming = gate('roaming', { when: { labels: [], paths: ['src/roaming/**'], flags: [] } });
  const { town: here, scene: seen, turns } = await play([], { addOns: [roaming] });
  await here.forge.addFault({ kind: 'http500', route: 'GET /repository/compare' });
  const id = await turns.answered('unknown', ['roaming']);
  const { gates, decisions } = await seen.state(id);
  expect(gates['roaming']?.applies?.verdict).toBe('unknown');
  expect(decisions).toEqual([]);
  const { verdict, open } = await seen.standing(id);
  expect(verdict).toBe('undecided');
  expect(open.map(({ gate: one }) => one)).toEqual(['roaming']);
  const note = 'No roaming partner is in this release';
  await seen.answerOne(id, 'roaming', { outcome: 'not-applicable', note });
  expect(await turns.decided(id, 0)).toMatchObject({ verdict: 'GO', reasons: [] });
  expect(await seen.summary(id)).toContain('Gate roaming (not required)');
  expect(await seen.mismatches(id)).toEqual([]);

  await here.forge.removeFault();
  await turns.answered('known');
  expect(await turns.decided('known', 0)).toMatchObject({ verdict: 'GO', reasons: [] });
  expect((await seen.state('known')).gates['roaming']?.applies?.verdict).toBe('does-not-apply');
});
