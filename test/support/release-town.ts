import { awsControl } from '../../sandbox/aws/control-client.ts';
import { startAws } from '../../sandbox/aws/server.ts';
import { gitlabControl } from '../../sandbox/gitlab/control-client.ts';
import { linearControl } from '../../sandbox/linear/control-client.ts';
import { type LinearWorld, startLinear } from '../../sandbox/linear/server.ts';
import { linearWorld } from '../../sandbox/scenes/example-world.ts';
import { seedStagingRelease } from '../../sandbox/scenes/staging-release.ts';
import { sentryControl } from '../../sandbox/sentry/control-client.ts';
import { startSentry } from '../../sandbox/sentry/server.ts';
import { websiteControl } from '../../sandbox/website/control-client.ts';
import { startWebsite } from '../../sandbox/website/server.ts';
import type { Catalogue } from '../../src/core/catalogue/catalogue.ts';
import type { Phase } from '../../src/core/catalogue/phase.ts';
import type { GatePlan, GroupPlan } from '../../src/core/release/plan.ts';
import { ada, engineers, releases, tess } from './catalogue.ts';
import { startTown, type TownOptions } from './town.ts';

export interface ReleaseTownOptions extends Omit<TownOptions, 'catalogue'> {
  /** The groups of the phase; all of {@link fiveGates} when absent. */
  groups?: (site: string) => GroupPlan[];
  phase?: Partial<Phase>;
  /** Who has which role, where it is not as in the other tests. */
  roles?: Partial<Catalogue['roles']>;
  /** What differs in Linear from the example's world. */
  linear?: Partial<LinearWorld>;
}

/** The log group that the gate `logs` counts in. */
export const logGroup = '/ecs/manage-staging/bf-manage-core';

/** A gate for tests: what is not given is as in the catalogue when it is left out. */
export function gate(id: string, change: Partial<GatePlan> = {}): GatePlan {
  return { id, title: `Gate ${id}`, check: null, with: {}, when: null, rule: null, touchedBy: [], ...change };
}

export function group(id: string, gates: GatePlan[], change: Partial<GroupPlan> = {}): GroupPlan {
  return { id, name: `Group ${id}`, answers: 'checks', workspace: false, gates, ...change };
}

/** One gate of each check, three manual ones and two add-ons: the five gates of the document, small. */
export function fiveGates(site: string): GroupPlan[] {
  const core = { project: 'bf-manage-core' };
  const ecs = { region: 'eu-west-1', cluster: 'manage-staging', service: 'bf-manage-core' };
  return [
    group('merge-requests', [gate('mrs', { check: 'merge-requests' })]),
    group('identity', [
      gate('pipeline', { check: 'pipeline' }),
      gate('site', { check: 'url-loads', with: { url: `${site}/`, contains: 'betterfleet-manage' } }),
      gate('build', {
        check: 'deployed-identity',
        with: { ...core, deployment: true, 'build-info': { url: `${site}/build-info` }, settle: 1 },
      }),
      gate('image', { check: 'deployed-identity', with: { ...core, ecs, settle: 1 } }),
      gate('health', {
        check: 'http-health',
        with: { url: `${site}/health`, path: '$.checks.*', equals: 'ok' },
      }),
      gate('migrations', {
        check: 'migrations',
        with: { job: { project: 'bf-manage-core', name: 'migrate' } },
        when: { labels: [], paths: ['migrations/**'], flags: [] },
      }),
    ]),
    group('smoke', [gate('login', { touchedBy: ['src/auth/**'] }), gate('chargers'), gate('logout')], {
      workspace: true,
    }),
    group(
      'add-ons',
      [
        gate('addon-load', { when: { labels: ['load-management'], paths: [], flags: [] } }),
        gate('addon-roaming', { when: { labels: ['roaming'], paths: ['src/roaming/**'], flags: [] } }),
      ],
      { answers: 'add-ons' },
    ),
    group('monitoring', [
      gate('sentry', { check: 'error-spike', with: { projects: ['manage-backend', 'manage-web'] } }),
      gate('logs', {
        check: 'log-spike',
        with: { region: 'eu-west-1', group: logGroup },
      }),
      gate('frontend', {
        check: 'frontend-errors',
        with: { project: 'manage-web', pages: ['/overview', '/chargers'] },
      }),
      gate('flags', {
        check: 'feature-flags',
        with: { project: 'bf-manage-web', flags: [{ name: 'new-overview', stage: 'on' }] },
      }),
      gate('warnings'),
    ]),
  ];
}

/** A catalogue with two projects and one phase. */
export function releaseCatalogue(site: string, options: ReleaseTownOptions = {}): Catalogue {
  const project = (id: string) => ({ id, path: `betterfleet/${id}`, releaseBranch: 'release' });
  const phase: Phase = {
    id: 'staging',
    name: 'Staging validation',
    environment: 'staging',
    url: site,
    projects: ['bf-manage-core', 'bf-manage-web'],
    baseline: 'production',
    workspaces: {
      suggested: { workspace: 'Smoke test', depot: 'Depot North' },
      reserved: ['Depot simulation'],
    },
    record: {
      team: 'REL',
      title: 'Validate Manage staging release {name}',
      labels: ['Kind: validation'],
      runbook: null,
    },
    approvals: [],
    groups: (options.groups ?? fiveGates)(site),
    ...options.phase,
  };
  return {
    name: 'BetterFleet Manage',
    gitlab: { root: 'betterfleet/bf-dev', releaseBranch: 'release' },
    groups: [],
    projects: [project('bf-manage-core'), project('bf-manage-web')],
    roles: {
      releaseEngineer: { users: [], groups: [engineers] },
      tester: { users: [tess], groups: [] },
      admin: { users: [ada], groups: [] },
      ...options.roles,
    },
    channels: { releases },
    limits: { pipelinesPerMinute: 6_000, followPollSeconds: 1, followHours: 24 },
    phases: [phase],
    accounts: [],
    services: [],
    waves: [],
  };
}

/**
 * A whole bot with every service that a validation asks, and a release that was deployed to staging three quarters
 * of an hour ago: everything is well but for one merge request without its label.
 */
export async function startReleaseTown(options: ReleaseTownOptions = {}) {
  const timeScale = options.timeScale ?? 60;
  const [linear, sentry, website, aws] = await Promise.all([
    startLinear({ world: { ...linearWorld, ...options.linear }, timeScale }),
    // Quiet: errors that come by chance would be a spike once in a thousand runs.
    startSentry({ world: { background: [] } }),
    startWebsite({ tls: false }),
    startAws({ world: { background: [{ group: logGroup, text: 'INFO  request finished', perMinute: 8 }] } }),
  ]);
  // The SDK of AWS reads these itself; nothing of ours does.
  Object.assign(process.env, {
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
    AWS_ENDPOINT_URL_ECS: aws.url,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: aws.url,
  });
  const flags = [{ name: 'new-overview', active: true, strategies: [{ name: 'default' as const }] }];
  const town = await startTown({
    ...options,
    timeScale,
    catalogue: releaseCatalogue(website.url, options),
    gitlab: {
      projects: [
        { path: 'betterfleet/bf-manage-core', branches: ['main', 'release'] },
        { path: 'betterfleet/bf-manage-web', branches: ['main', 'release'], featureFlags: flags },
        { path: 'betterfleet/bf-dev' },
      ],
      ...options.gitlab,
    },
    settings: {
      LINEAR_API_KEY: linear.apiKey,
      LINEAR_API_URL: linear.url,
      SENTRY_URL: sentry.url,
      SENTRY_TOKEN: sentry.token,
      SENTRY_ORGANIZATION: 'betterfleet',
      ...options.settings,
    },
  });
  const site = websiteControl(website.controlUrl);
  const cloud = awsControl(aws.url);
  const scene = await seedStagingRelease({ gitlab: gitlabControl(town.gitlab.url), website: site });
  const commit = scene.commits['betterfleet/bf-manage-core'] ?? '';
  await cloud.setService({
    cluster: 'manage-staging',
    service: 'bf-manage-core',
    image: `registry.betterfleet.example/bf-manage-core:${commit}`,
  });
  const stop = async () => {
    await town.stop();
    await Promise.all([linear.close(), sentry.close(), website.close(), aws.close()]);
  };
  return {
    ...town,
    scene,
    site,
    cloud,
    tracker: linearControl(linear.url),
    errors: sentryControl(sentry.url),
    stop,
  };
}

export type ReleaseTown = Awaited<ReturnType<typeof startReleaseTown>>;
