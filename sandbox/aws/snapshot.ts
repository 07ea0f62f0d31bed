import type { Machine } from './dispatch.ts';
import { streamOf } from './ecs/entities.ts';
import type { Region } from './region.ts';

/** Everything that the control API shows of one region. */
function regionSnapshot(region: Region) {
  return {
    name: region.name,
    clusters: [...region.clusters.values()].map(({ name, services, tasks }) => ({
      name,
      services: [...services.values()],
      tasks: tasks.map((task) => ({ ...task, stream: streamOf(task) })),
    })),
    logGroups: [...region.groups.values()].map((group) => ({
      name: group.name,
      background: group.background(),
      streams: [...group.streams(region.tasksLoggingTo(group.name))],
    })),
  };
}

/** What `GET /_control/state` shows; times are ms since 1970. */
export function snapshot({ world, regions, faults, denied }: Machine) {
  const { ingestionDelayMs, emptyPageEvery, linesPerPage, limits } = world;
  return {
    settings: { ingestionDelayMs, emptyPageEvery, linesPerPage, limits },
    regions: regions.all().map(regionSnapshot),
    faults: faults.list(),
    denied: [...denied],
  };
}

export type AwsState = ReturnType<typeof snapshot>;
