import { vi } from 'vitest';
import { ecsClients } from '../../../src/adapters/aws/ecs-clients.ts';
import { logsClients } from '../../../src/adapters/aws/logs-clients.ts';
import { EcsRollouts } from '../../../src/adapters/aws/rollouts/ecs-rollouts.ts';
import { taskLogTurns } from '../../../src/adapters/aws/task-log-turns.ts';
import { CloudWatchTaskLogs } from '../../../src/adapters/aws/task-logs.ts';
import type { Account } from '../../../src/core/catalogue/service.ts';
import { aws, options } from '../../adapters/aws/stage.ts';
import { simulatedTime } from './simulated-time.ts';

/** Buckets of tokens go by real time, of which hardly any passes here. */
const plenty = { burst: 100_000, perSecond: 100_000 };
const buckets = [
  'services',
  'tasks',
  'serviceDeployments',
  'taskDefinitions',
  'containerInstances',
  'logEvents',
] as const;

/**
 * A simulated AWS whose time stands until it is moved, and the bot's reader with the same time.
 *
 * @param asked what the roles of the accounts ask for instead of their own external id
 */
export async function townOf(accounts: readonly Account[], asked?: string) {
  const limits = Object.fromEntries(buckets.map((bucket) => [bucket, plenty]));
  const { server, control } = await aws({ limits });
  vi.stubEnv('AWS_ENDPOINT_URL_STS', server.url);
  for (const { roleArn: arn, externalId } of accounts) {
    const wanted = asked ?? externalId;
    await control.addRole({ arn, ...(wanted === null ? {} : { externalId: wanted }) });
  }
  const time = await simulatedTime(control);
  const clientOf = ecsClients(options, accounts);
  const pace = { ...taskLogTurns(time), now: time.now };
  const sources = {
    rollouts: new EcsRollouts(clientOf, time),
    taskLogs: new CloudWatchTaskLogs(logsClients(options, accounts), pace),
  };
  return { control, time, clientOf, sources };
}
export type Town = Awaited<ReturnType<typeof townOf>>;
