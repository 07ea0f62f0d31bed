import type { Machine } from './dispatch.ts';
import { streamOf } from './ecs/task.ts';
import type { Region } from './region.ts';

/** Everything that the control API shows of one region. */
function regionSnapshot(region: Region) {
  return {
    name: region.name,
    clusters: [...region.clusters.values()].map(({ name, services, tasks, instances }) => ({
      name,
      services: [...services.values()],
      instances,
      tasks: [...tasks.all()].map((task) => ({ ...task, stream: streamOf(task) })),
    })),
    logGroups: [...region.groups.values()].map((group) => ({
      name: group.name,
      background: group.background(),
      streams: [...group.streams(region.tasksLoggingTo(group.name))],
    })),
  };
}

/** What `GET /_control/state` shows; times are ms since 1970. */
export function snapshot({ world, clock, accounts, faults }: Machine) {
  const [home, ...others] = accounts.all();
  const { ingestionDelayMs, emptyPageEvery, linesPerPage, limits } = world;
  return {
    settings: { ingestionDelayMs, emptyPageEvery, linesPerPage, limits },
    clock: clock.state(),
    regions: home?.regions.all().map(regionSnapshot) ?? [],
    /** Of the caller's own account. */
    denied: [...(home?.denied ?? [])],
    otherAccounts: others.map(({ id, regions, denied }) => ({
      id,
      regions: regions.all().map(regionSnapshot),
      denied: [...denied],
    })),
    faults: faults.list(),
  };
}

export type AwsState = ReturnType<typeof snapshot>;
