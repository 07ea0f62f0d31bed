import type { AwsWorld } from '../aws/server.ts';
import { defaultWorld } from '../aws/world.ts';
import type { Service } from '../production/pipelines.ts';

const logGroup = '/ecs/manage-production/bf-manage-core';

/** The service of the example catalogue that runs in production. */
export const productionService: Service = {
  service: 'bf-manage-core',
  project: 'betterfleet/bf-manage-core',
  branch: 'release',
  image: 'registry.betterfleet.example/bf-manage-core',
  regions: ['eu-west-1', 'us-east-1'].map((region) => ({
    region,
    cluster: 'manage-production',
    environment: `production/${region}`,
  })),
};

/** What the log of a service that is well says, with how many lines a minute. */
const everyday: readonly [text: string, perMinute: number][] = [
  ['INFO  request finished path=/api/v1/chargers status=200 ms=41', 8],
  ['INFO  telemetry batch stored depot=north rows=480', 3],
  ['WARN  slow query ms=1310 table=charge_sessions', 0.4],
  ['ERROR upstream timed out charger=CH-0117 after 30 s', 0.15],
];

/**
 * The AWS of the sandbox: staging as ever, and production in both regions, where the commit of the release before has
 * run for a week and written its log, so that a spike check has something to compare with.
 */
export function productionWorld(commit: string): Pick<AwsWorld, 'services' | 'background'> {
  const { services, background } = defaultWorld();
  const { service, image, regions } = productionService;
  return {
    services: [
      ...services,
      ...regions.map(({ region, cluster }) => ({
        region,
        cluster,
        name: service,
        image: `${image}:${commit}`,
      })),
    ],
    background: [
      ...background,
      ...regions.flatMap(({ region }) =>
        everyday.map(([text, perMinute]) => ({ region, group: logGroup, text, perMinute })),
      ),
    ],
  };
}
