import { awsControl } from '../../../sandbox/aws/control-client.ts';
import { startAws } from '../../../sandbox/aws/server.ts';
import type { PromotionPlan } from '../../../src/core/promotion/plan.ts';
import { catalogueOf } from '../../support/catalogue.ts';
import { startTown, type TownOptions } from '../../support/town.ts';
import { until } from '../../support/until.ts';

export const [eu, us] = ['eu-west-1', 'us-east-1'] as const;
export const cluster = 'manage-production';
export const service = 'bf-manage-core';
export const path = `betterfleet/${service}`;
export const image = `registry.betterfleet.example/${service}`;
export const logGroup = `/ecs/${cluster}/${service}`;
export const apiToken = 'a-token-for-pipelines-only';
/** Who took over where the owner is named; the simulated Slack shows it as it was written. */
export const owners = 'S0MANAGE';

/** A service of two regions that is judged by its deployment and tasks alone, soon after they run. */
export function planOf(change: Partial<PromotionPlan> = {}): PromotionPlan {
  const { service: id = service } = change;
  return {
    service: id,
    name: 'Manage core',
    project: service,
    path,
    owner: { name: 'Manage team', users: [], groups: [owners] },
    regions: [eu, us].map((region) => ({
      region,
      account: null,
      cluster,
      service: id,
      environment: `production/${region}`,
    })),
    freshMinutes: 60,
    rules: {
      soakSeconds: 1,
      deadlineSeconds: 600,
      emptyPasses: false,
      imageTag: '{commit}',
      logs: null,
      migration: null,
    },
    after: [],
    ...change,
  };
}

export interface PromotionTownOptions extends Omit<TownOptions, 'catalogue'> {
  plans?: PromotionPlan[];
  /** Lines of the log that are written all the time, in both regions. */
  everyday?: { text: string; perMinute: number }[];
}

/**
 * A whole bot with a service that runs the commit before in two regions of the simulated AWS since a week. Looks at
 * GitLab that no webhook asks for come far apart, unless there are no webhooks.
 */
export async function startPromotionTown({
  plans = [planOf()],
  everyday,
  ...options
}: PromotionTownOptions = {}) {
  const aws = await startAws({
    world: {
      services: plans.flatMap(({ service: name, regions }) =>
        regions.map(({ region }) => ({ region, cluster, name, image: `${image}:${'0'.repeat(40)}` })),
      ),
      background: [eu, us].flatMap((region) =>
        (everyday ?? []).map((line) => ({ region, group: logGroup, ...line })),
      ),
      ingestionDelayMs: 0,
    },
  });
  // The SDK of AWS reads these itself; nothing of ours does.
  Object.assign(process.env, {
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
    AWS_ENDPOINT_URL_ECS: aws.url,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: aws.url,
  });
  const base = catalogueOf(1, { services: plans });
  const town = await startTown({
    ...options,
    catalogue: {
      ...base,
      projects: [{ id: service, path, releaseBranch: 'release' }],
      limits: { ...base.limits, followPollSeconds: options.webhooks === false ? 1 : 600 },
    },
    gitlab: {
      projects: [{ path, branches: ['main', 'release'] }, { path: base.gitlab.root }],
      ...options.gitlab,
    },
    settings: { GONOGO_API_TOKEN: apiToken, ...options.settings },
  });
  // The bot's own first look at each region is over: what comes now it hears of.
  const first = plans.flatMap(({ regions }) => regions).length;
  await until(
    'the first looks at GitLab',
    async () => (await town.forge.requests('GET /deployments')).length >= first,
    60_000,
  );
  return {
    ...town,
    aws,
    cloud: awsControl(aws.url),
    stop: async () => {
      await town.stop();
      await aws.close();
    },
  };
}

export type PromotionTown = Awaited<ReturnType<typeof startPromotionTown>>;
