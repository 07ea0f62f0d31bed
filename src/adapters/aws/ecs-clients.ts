import { ECSClient } from '@aws-sdk/client-ecs';
import type { Account } from '../../core/catalogue/service.ts';
import type { AwsOptions } from './clients.ts';
import { type AwsPlace, clientsOf, placeConfig } from './place-clients.ts';

/**
 * ECS clients, one for each account and region. Asking for an account that the catalogue does not have throws
 * {@link OutsideError}.
 */
export function ecsClients(
  options: AwsOptions,
  accounts: readonly Account[],
): (place: AwsPlace) => ECSClient {
  return clientsOf((place) => new ECSClient(placeConfig(place, options, accounts)));
}
