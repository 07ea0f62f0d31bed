import type { Catalogue } from '../core/catalogue/catalogue.ts';
import type { Digest } from '../core/ids.ts';
import type { Chat, Clock, Deliveries, Logger, Store, WorkDesk } from '../core/ports.ts';
import type { Problem } from '../core/problem.ts';
import { type GroupMembers, lacksRole, type Role } from '../core/roles.ts';
import type { SecretFinder } from '../core/sources.ts';

/** What the Slack edge works with. */
export interface EdgeDeps {
  store: Store;
  catalogue: Catalogue;
  membersOf: GroupMembers;
  /** Everything that a person writes goes through it before it is recorded. */
  secrets: SecretFinder;
  digest: Digest;
  /** Orders work that follows from no change of a stream. */
  desk: WorkDesk;
  /** Where messages of ours stand, and their addresses. */
  deliveries: Pick<Deliveries, 'get'>;
  permalink: Chat['permalink'];
  now: Clock;
  log: Logger;
}

/** Null when the person may; otherwise what to tell them. Asked anew at every command, submit and button (A3, F5). */
export function authorise(deps: EdgeDeps, role: Role, user: string): Promise<Problem | null> {
  return lacksRole(deps.catalogue, role, user, deps.membersOf);
}
