import { afterAll, beforeAll, expect, test } from 'vitest';
import { validatedLabel } from '../../sandbox/scenes/staging-release.ts';
import { wholeGate } from '../../src/core/release/gate-status.ts';
import { releaseButtons } from '../../src/views/release-ids.ts';
import { type ReleaseScene, releaseSceneOf } from '../acceptance/support/release-scene.ts';
import { named, type ReleaseTurns, releaseTurnsOf, type Turn } from '../acceptance/support/release-turns.ts';
import { logGroup, type ReleaseTown, startReleaseTown } from '../support/release-town.ts';

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

const backend = { project: 'manage-backend', environment: 'staging' };
const web = { project: 'manage-web', environment: 'staging' };
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
/** Errors of each of the last 15 minutes: the whole of the window that is looked at. */
const errorsEachMinute = (count: number) =>
  town.errors.errors({ ...backend, perMinute: Array.from({ length: 15 }, () => count) });
const projects = (hidden: boolean) =>
  town.errors.world({
    projects: [
      { id: '4501', slug: 'manage-backend', platform: 'python-django', hidden },
      { id: '4502', slug: 'manage-web', platform: 'javascript-react' },
    ],
  });
const made = { issue: '', lines: 0 };
const solve = () => town.errors.setStatus({ id: made.issue, status: 'resolved' });
const issue = async (wish: Omit<Parameters<ReleaseTown['errors']['addIssue']>[0], 'environment'>) => {
  made.issue = (await town.errors.addIssue({ environment: 'staging', ...wish })).id;
};
const usualLines = { group: logGroup, text: 'INFO  request finished', perMinute: 8 };

/** Fifth condition of the outcome. */
const scenarios: Turn[] = [
  {
    name: 'a spike in Sentry',
    wrong: () => errorsEachMinute(9),
    mended: () => town.errors.clearErrors(),
    against: () => ({
      gate: 'sentry',
      blocker: 'spike/manage-backend',
      why: /^90 errors in 10 min, 0\.0 expected$/,
      url: /^http/,
    }),
  },
  {
    name: 'an error that Sentry never saw before',
    wrong: () =>
      issue({
        ...web,
        title: 'TypeError: depot is undefined',
        culprit: '/help',
        firstSeen: minutesAgo(10),
        count: 1,
      }),
    mended: solve,
    against: () => ({
      gate: 'sentry',
      blocker: expect.stringMatching(/^sentry\//) as string,
      why: /^first seen since the deployment: TypeError: depot is undefined$/,
      url: /^http/,
    }),
  },
  {
    name: 'a repeated error in the browser on a core page',
    wrong: () =>
      issue({
        ...web,
        title: 'RangeError: Invalid time value',
        culprit: '/overview',
        firstSeen: minutesAgo(4_000),
        lastSeen: minutesAgo(3),
        count: 7,
        userCount: 2,
      }),
    mended: solve,
    against: () => ({
      gate: 'frontend',
      blocker: expect.stringMatching(/^sentry\//) as string,
      why: /^repeated on \/overview: RangeError/,
      url: /^http/,
    }),
  },
  {
    name: 'a project that Sentry does not show',
    wrong: () => projects(true),
    mended: () => projects(false),
    against: () => ({
      gate: 'sentry',
      blocker: wholeGate,
      why: /^Inconclusive: Sentry shows nothing of manage-backend/,
    }),
  },
  {
    name: 'a token without the scopes that Sentry asks for',
    wrong: () => town.errors.world({ scopes: ['project:read'] }),
    mended: () => town.errors.world({ scopes: ['org:read', 'project:read', 'event:read'] }),
    against: () => [
      { gate: 'sentry', blocker: wholeGate, why: /^Inconclusive: Sentry shows nothing of manage-backend/ },
      { gate: 'frontend', blocker: wholeGate, why: /^Inconclusive: Sentry shows nothing of manage-web/ },
    ],
  },
  {
    name: 'a spike of error lines in the log',
    wrong: async () => {
      const wish = { group: logGroup, text: 'ERROR upstream timed out', perMinute: 40, from: minutesAgo(20) };
      made.lines = await town.cloud.addBackground(wish);
    },
    mended: () => town.cloud.removeBackground({ group: logGroup, id: made.lines }),
    against: () => ({
      gate: 'logs',
      blocker: `spike/${logGroup}`,
      why: /^\d{3} error lines in 10 min, 0\.0 expected$/,
      url: /^https:/,
    }),
  },
  {
    name: 'a log without any line',
    wrong: () => town.cloud.removeBackground({ group: logGroup }),
    mended: () => town.cloud.addBackground(usualLines),
    against: () => ({
      gate: 'logs',
      blocker: wholeGate,
      why: /^Inconclusive: There are no logs at all/,
      url: /^https:/,
    }),
  },
  {
    name: 'a log that may not be read',
    wrong: () => town.cloud.access({ operation: 'FilterLogEvents', allowed: false }),
    mended: () => town.cloud.access({ operation: 'FilterLogEvents', allowed: true }),
    against: () => ({ gate: 'logs', blocker: wholeGate, why: /^Inconclusive: .*AWS/ }),
  },
];

test.each(named(scenarios))('%s alone turns GO into NO-GO; gone and re-checked it is GO', (_name, one) =>
  turns.turn(one),
);

test('a signal is accepted exactly as it reads; when it reads differently, people are asked again', async () => {
  const id = await turns.atGo();
  const before = (await scene.state(id)).decisions.length;
  const spike = { gate: 'sentry', blocker: 'spike/manage-backend' };
  await errorsEachMinute(9);
  await scene.press(id, releaseButtons.recheckAll);
  await turns.isNoGo(id, await turns.decided(id, before), { ...spike, why: /^90 errors/ });

  await scene.handle(id, { ...spike, as: 'accepted', reason: 'A load test of ours until noon' });
  expect(await turns.decided(id, before + 1)).toMatchObject({ verdict: 'GO', reasons: [] });
  expect((await scene.summary(id)).replace(/\s+/g, ' ')).toContain('(A load test of ours until noon)');

  await errorsEachMinute(20);
  await scene.press(id, releaseButtons.recheckAll);
  await turns.isNoGo(id, await turns.decided(id, before + 2), { ...spike, why: /^200 errors/ });

  const link = 'https://linear.example/REL-77';
  await scene.handle(id, { ...spike, as: 'escalated', reason: 'The service owner looks at it', link });
  const escalated = { ...spike, why: /^escalated: The service owner looks at it$/, url: /REL-77$/ };
  await turns.isNoGo(id, await turns.decided(id, before + 3), escalated);
  expect(await scene.mismatches(id)).toEqual([]);
  await town.errors.clearErrors();
});
