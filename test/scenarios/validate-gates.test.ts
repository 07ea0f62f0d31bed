import { afterAll, beforeAll, test } from 'vitest';
import { validatedLabel } from '../../sandbox/scenes/staging-release.ts';
import { wholeGate } from '../../src/core/release/gate-status.ts';
import { type ReleaseScene, releaseSceneOf } from '../acceptance/support/release-scene.ts';
import { named, type ReleaseTurns, releaseTurnsOf, type Turn } from '../acceptance/support/release-turns.ts';
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

const core = 'betterfleet/bf-manage-core';
const other = 'f'.repeat(40);
const service = { cluster: 'manage-staging', service: 'bf-manage-core' };
const intended = () => town.scene.commits[core] ?? '';
const image = (tag: string) => town.cloud.setService({ ...service, image: `registry.example/bf:${tag}` });
const label = (change: 'add' | 'remove') => {
  const { project, iid } = town.scene.unlabelled;
  return town.forge.label({ project, iid, [change]: [validatedLabel] });
};
const flags = (active: boolean[]) =>
  town.forge.world({
    projects: [
      {
        path: 'betterfleet/bf-manage-web',
        featureFlags: active.map((on) => ({
          name: 'new-overview',
          active: on,
          strategies: [{ name: 'default' as const }],
        })),
      },
    ],
  });
const unlabelled = () => `mr/${town.scene.unlabelled.project}!${town.scene.unlabelled.iid}`;

/** First and second condition of the outcome, and the flags: what the machine looks at by itself. */
const scenarios: Turn[] = [
  {
    name: 'a merge request without its label',
    wrong: () => label('remove'),
    mended: () => label('add'),
    against: () => ({ gate: 'mrs', blocker: unlabelled(), url: /\/merge_requests\/\d+$/ }),
  },
  {
    name: 'a site that answers with 500',
    wrong: () => town.site.page('/', { status: 500 }),
    mended: () => town.site.page('/', null),
    against: () => ({ gate: 'site', blocker: wholeGate, why: /status 500 instead of 200/, url: /^http:/ }),
  },
  {
    name: 'a site without its marker',
    wrong: () => town.site.page('/', { body: '<h1>Down for maintenance</h1>' }),
    mended: () => town.site.page('/', null),
    against: () => ({ gate: 'site', blocker: wholeGate, why: /does not hold the text "betterfleet-manage"/ }),
  },
  {
    name: 'a site that cuts the connection',
    wrong: () => town.site.page('/', { reset: true }),
    mended: () => town.site.page('/', null),
    against: () => ({ gate: 'site', blocker: wholeGate, why: /did not load: no connection could be made/ }),
  },
  {
    name: 'a site that redirects without an end',
    wrong: () => town.site.page('/', { redirect: '/' }),
    mended: () => town.site.page('/', null),
    against: () => ({ gate: 'site', blocker: wholeGate, why: /redirects without an end/ }),
  },
  {
    name: 'a build of another commit',
    wrong: () => town.site.buildInfo({ commit: other }),
    mended: () => town.site.buildInfo({ commit: intended() }),
    against: () => ({ gate: 'build', blocker: wholeGate, why: /\/build-info is not [0-9a-f]{8} of/ }),
  },
  {
    name: 'a build that is not told',
    wrong: () => town.site.page('/build-info', { status: 503 }),
    mended: () => town.site.page('/build-info', null),
    against: () => ({ gate: 'build', blocker: wholeGate, why: /^Inconclusive: .*status 503/ }),
  },
  {
    name: 'an image of another tag',
    wrong: () => image(other),
    mended: () => image(intended()),
    against: () => ({
      gate: 'image',
      blocker: wholeGate,
      why: /The image of bf-manage-core in eu-west-1 is not/,
      url: null,
    }),
  },
  {
    name: 'a service without a running task',
    wrong: () => town.cloud.setService({ ...service, desiredCount: 0 }),
    mended: () => town.cloud.setService({ ...service, desiredCount: 1 }),
    against: () => ({ gate: 'image', blocker: wholeGate, why: /^Inconclusive: No task/ }),
  },
  {
    name: 'a token that may not look into ECS',
    wrong: () => town.cloud.access({ operation: 'DescribeServices', allowed: false }),
    mended: () => town.cloud.access({ operation: 'DescribeServices', allowed: true }),
    against: () => ({ gate: 'image', blocker: wholeGate, why: /^Inconclusive: .*AWS/ }),
  },
  {
    name: 'a service that says that its database is down',
    wrong: () => town.site.health({ body: { checks: { database: 'down' } } }),
    mended: () => town.site.health({}),
    against: () => ({ gate: 'health', blocker: wholeGate, why: /\/health does not say/, url: /\/health$/ }),
  },
  {
    name: 'a health page that answers with 503',
    wrong: () => town.site.health({ status: 503 }),
    mended: () => town.site.health({}),
    against: () => ({ gate: 'health', blocker: wholeGate, why: /status 503 instead of 200/ }),
  },
  {
    name: 'a feature flag at another stage',
    wrong: () => flags([false]),
    mended: () => flags([true]),
    against: () => ({ gate: 'flags', blocker: 'flag/staging/new-overview', url: /feature_flags/ }),
  },
  {
    name: 'a feature flag that is not there',
    wrong: () => flags([]),
    mended: () => flags([true]),
    against: () => ({
      gate: 'flags',
      blocker: wholeGate,
      why: /^Inconclusive: .*has no feature flag new-overview/,
    }),
  },
];

test.each(named(scenarios))('%s alone turns GO into NO-GO; mended and re-checked it is GO', (_name, one) =>
  turns.turn(one),
);
