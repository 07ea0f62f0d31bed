import type { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { Account } from '../../core/catalogue/service.ts';
import { once } from '../../core/once.ts';
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

/** Clients of one service of AWS, one for each account and region, made when first asked for. */
export function clientsOf<C extends WithMiddleware>(make: (place: AwsPlace) => C): (place: AwsPlace) => C {
  const made = new Map<string, C>();
  return (place) => {
    const key = JSON.stringify([place.account, place.region]);
    const client = made.get(key) ?? quiet(make(place));
    made.set(key, client);
    return client;
  };
}

/**
 * What a client for a place is made with. Throws {@link OutsideError} for an account that the catalogue does not have.
 */
export function placeConfig(place: AwsPlace, options: AwsOptions, accounts: readonly Account[]) {
  const { retryMode: _, ...usual } = configOf(place.region, options);
  const config = { ...usual, maxAttempts: attempts, retryStrategy: connectionRetries };
  if (place.account === null) return config;
  return { ...config, credentials: roleCredentials(place.account, usual, accounts) };
}

/**
 * The SDK asks STS for an hour at a time, and again before the hour is over. The part of it that does so is loaded with
 * the first role.
 */
function roleCredentials(
  id: string,
  usual: Omit<ReturnType<typeof configOf>, 'retryMode'>,
  accounts: readonly Account[],
): ReturnType<typeof fromTemporaryCredentials> {
  const account = accounts.find((one) => one.id === id);
  if (!account) throw unknownAccount(id);
  const { roleArn, externalId } = account;
  const params = {
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    ...(externalId === null ? {} : { ExternalId: externalId }),
  };
  const provider = once(async () => {
    const sdk = await import('@aws-sdk/credential-providers');
    return sdk.fromTemporaryCredentials({ params, clientConfig: usual });
  });
  return async (identity) => (await provider())(identity);
}

function unknownAccount(id: string): OutsideError {
  const said = `The catalogue has no account "${id}".`;
  return new OutsideError('refused', problem('aws-refused', { said }), { cause: null });
}
