import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Account } from '../../core/catalogue/service.ts';
import type { AwsOptions } from './clients.ts';
import { type AwsPlace, clientsOf, placeConfig } from './place-clients.ts';

/** Clients of CloudWatch Logs, like those of ECS. */
export function logsClients(
  options: AwsOptions,
  accounts: readonly Account[],
): (place: AwsPlace) => CloudWatchLogsClient {
  return clientsOf((place) => new CloudWatchLogsClient(placeConfig(place, options, accounts)));
}
