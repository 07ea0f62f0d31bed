import { addService, type ServiceSpec } from './ecs/fleet.ts';
import type { BucketName, Rate } from './limits.ts';
import type { Background } from './logs/log-group.ts';
import { Region } from './region.ts';

/** Where the default world is. */
export const homeRegion = 'eu-west-1';

/** What the account has at the start, and how AWS behaves. */
export interface AwsWorld {
  accountId: string;
  /** Clusters, task definitions, tasks and log groups come with them; the region is eu-west-1 unless told. */
  services: (ServiceSpec & { region?: string })[];
  /** Lines that are written all the time; the group is made when there is none. */
  background: (Background & { group: string; region?: string })[];
  /** How long a line takes until a search finds it. Default 2000 ms. */
  ingestionDelayMs: number;
  /** Each such page of log events is empty and has a token, whatever there is; 0: none. Default 3. */
  emptyPageEvery: number;
  /** How many lines a search looks at for one page. Default 10 000. */
  linesPerPage: number;
  /** Instead of what AWS grants. */
  limits: Partial<Record<BucketName, Rate>>;
}

const group = '/ecs/manage-staging/bf-manage-core';

/** The world when none is given: one service that is well, with a quiet log. */
export function defaultWorld(): AwsWorld {
  return {
    accountId: '123456789012',
    services: [
      {
        cluster: 'manage-staging',
        name: 'bf-manage-core',
        image: `registry.betterfleet.example/bf-manage-core:${'0'.repeat(40)}`,
      },
    ],
    background: [
      { group, text: 'INFO  request finished path=/api/v1/chargers status=200 ms=34', perMinute: 6 },
      { group, text: 'INFO  telemetry batch stored depot=smoke-test rows=120', perMinute: 2 },
      { group, text: 'WARN  slow query ms=1240 table=charge_sessions', perMinute: 0.3 },
      { group, text: 'ERROR upstream timed out charger=CH-0042 after 30 s', perMinute: 0.1 },
    ],
    ingestionDelayMs: 2000,
    emptyPageEvery: 3,
    linesPerPage: 10_000,
    limits: {},
  };
}

/** How long the world at the start has been as it is. */
const age = 7 * 86_400_000;

/** The regions of an account: each is made, empty, when it is first asked for. */
export class Regions {
  readonly #accountId: string;
  readonly #all = new Map<string, Region>();

  /** `world` is what there is at the start; without it, nothing. */
  constructor(accountId: string, world?: Pick<AwsWorld, 'services' | 'background'>, now = 0) {
    this.#accountId = accountId;
    for (const { region = homeRegion, ...spec } of world?.services ?? [])
      addService(this.get(region), spec, now - age);
    for (const { region = homeRegion, group: name, ...background } of world?.background ?? [])
      this.get(region)
        .groupFor(name, now - age)
        .addBackground(background);
  }

  get(name: string): Region {
    const region = this.#all.get(name) ?? new Region(name, this.#accountId);
    this.#all.set(name, region);
    return region;
  }

  all(): Region[] {
    return [...this.#all.values()];
  }
}
