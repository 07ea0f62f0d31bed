import type { Containers, LogStore } from '../../core/sources.ts';
import type { AwsOptions } from './clients.ts';

/** ECS and CloudWatch Logs; their SDK takes 60 MB and is loaded with the first question. */
export function awsOnDemand(options: AwsOptions): { logs: LogStore; containers: Containers } {
  const logs = once(async () => {
    const { CloudWatchLogs } = await import('./cloudwatch-logs.ts');
    return new CloudWatchLogs(options);
  });
  const containers = once(async () => {
    const { EcsContainers } = await import('./ecs-containers.ts');
    return new EcsContainers(options);
  });
  return {
    logs: {
      lineCounts: async (query, signal) => (await logs()).lineCounts(query, signal),
      lines: async (query, signal) => (await logs()).lines(query, signal),
    },
    containers: { running: async (place, signal) => (await containers()).running(place, signal) },
  };
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | null = null;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
