import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { Account } from '../../core/catalogue/service.ts';
import { OutsideError } from '../../core/ports.ts';
import { problem } from '../../core/problem.ts';
import { type AwsOptions, configOf, quiet, type WithMiddleware } from './clients.ts';
import { attempts, connectionRetries } from './connection-retries.ts';

/** `account`: id of one of the catalogue; null: that of the bot's own credentials. */
export interface AwsPlace {
  account: string | null;
  region: string;
}

/** Name of gonogo's sessions, as CloudTrail shows them. */
const sessionName = 'gonogo';

/**
 * ECS clients, one for each account and region, made when first asked for. Asking for an account that the
 * catalogue does not have throws {@link OutsideError}.
 */
export function ecsClients(
  options: AwsOptions,
  accounts: readonly Account[],
): (place: AwsPlace) => ECSClient {
  return clientsOf((place) => new ECSClient(placeConfig(place, options, accounts)));
}

/** The same for CloudWatch Logs. */
export function logsClients(
  options: AwsOptions,
  accounts: readonly Account[],
): (place: AwsPlace) => CloudWatchLogsClient {
  return clientsOf((place) => new CloudWatchLogsClient(placeConfig(place, options, accounts)));
}

function clientsOf<C extends WithMiddleware>(make: (place: AwsPlace) => C): (place: AwsPlace) => C {
  const made = new Map<string, C>();
  return (place) => {
    const key = JSON.stringify([place.account, place.region]);
    const client = made.get(key) ?? quiet(make(place));
    made.set(key, client);
    return client;
  };
}

function placeConfig(place: AwsPlace, options: AwsOptions, accounts: readonly Account[]) {
  const { retryMode: _, ...usual } = configOf(place.region, options);
  const config = { ...usual, maxAttempts: attempts, retryStrategy: connectionRetries };
  if (place.account === null) return config;
  return { ...config, credentials: roleCredentials(place.account, usual, accounts) };
}

/** The SDK asks STS for an hour at a time, and again before the hour is over. */
function roleCredentials(
  id: string,
  usual: Omit<ReturnType<typeof configOf>, 'retryMode'>,
  accounts: readonly Account[],
) {
  const account = accounts.find((one) => one.id === id);
  if (!account) throw unknownAccount(id);
  const { roleArn, externalId } = account;
  return fromTemporaryCredentials({
    params: {
      RoleArn: roleArn,
      RoleSessionName: sessionName,
      ...(externalId === null ? {} : { ExternalId: externalId }),
    },
    clientConfig: usual,
  });
}

function unknownAccount(id: string): OutsideError {
  const said = `The catalogue has no account "${id}".`;
  return new OutsideError('refused', problem('aws-refused', { said }), { cause: null });
}
