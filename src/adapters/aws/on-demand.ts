import type { Account } from '../../core/catalogue/service.ts';
import { once } from '../../core/once.ts';
import type { Clock, Pace } from '../../core/ports.ts';
import type { Rollouts, TaskLogs } from '../../core/rollout/sources.ts';
import type { Containers, LogStore } from '../../core/sources.ts';
import type { AwsOptions } from './clients.ts';
import type { CallCounts } from './rollouts/calls.ts';

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

/** What watches read of AWS. `callsMade`: calls to ECS since the start, by operation. */
export interface RolloutReaders {
  rollouts: Rollouts;
  taskLogs: TaskLogs;
  callsMade: () => CallCounts;
}

/**
 * The readers of watches, loaded with the first question like the others.
 *
 * @param accounts those of the catalogue, by whose roles other accounts are read
 * @param pace shared by all workers, on the clock `now`
 */
export function rolloutsOnDemand(
  options: AwsOptions,
  accounts: readonly Account[],
  pace: Pace,
  now: Clock = () => new Date(),
): RolloutReaders {
  let counts: () => CallCounts = () => ({});
  const rollouts = once(async () => {
    const [{ EcsRollouts }, { ecsClients }] = await Promise.all([
      import('./rollouts/ecs-rollouts.ts'),
      import('./ecs-clients.ts'),
    ]);
    const loaded = new EcsRollouts(ecsClients(options, accounts), { pace, now });
    counts = () => loaded.callsMade();
    return loaded;
  });
  const taskLogs = once(async () => {
    const [{ CloudWatchTaskLogs }, { taskLogTurns }, { logsClients }] = await Promise.all([
      import('./task-logs.ts'),
      import('./task-log-turns.ts'),
      import('./logs-clients.ts'),
    ]);
    return new CloudWatchTaskLogs(logsClients(options, accounts), { ...taskLogTurns({ pace, now }), now });
  });
  return {
    rollouts: {
      observe: async (place, questions, signal) => (await rollouts()).observe(place, questions, signal),
      snapshot: async (place, signal) => (await rollouts()).snapshot(place, signal),
    },
    taskLogs: { read: async (query, page, signal) => (await taskLogs()).read(query, page, signal) },
    callsMade: () => counts(),
  };
}
