import type { WebClient } from '@slack/web-api';
import type { Pool } from 'pg';
import { gitlabWebhook } from './adapters/http/gitlab-webhook.ts';
import { health } from './adapters/http/health.ts';
import { rolloutApi } from './adapters/http/rollout-api.ts';
import { startHttp } from './adapters/http/server.ts';
import { createSlackEdge } from './adapters/slack/bolt.ts';
import type { SlackChat } from './adapters/slack/chat.ts';
import { UserGroups } from './adapters/slack/user-groups.ts';
import type { StoreDeliveries } from './adapters/store/deliveries.ts';
import type { EventStore } from './adapters/store/event-store.ts';
import { sha256 } from './adapters/store/hash-chain.ts';
import type { Outbox } from './adapters/store/outbox.ts';
import { registerCommands } from './commands/index.ts';
import type { Catalogue } from './core/catalogue/catalogue.ts';
import type { Clock, Logger } from './core/ports.ts';
import { promotionKeys } from './core/promotion/orders.ts';
import type { Rollouts } from './core/rollout/sources.ts';
import type { SecretFinder } from './core/sources.ts';
import type { Settings } from './settings.ts';

/** What the edge shares with the work of the same process. */
export interface EdgeDeps {
  pool: Pool;
  store: EventStore;
  outbox: Outbox;
  deliveries: StoreDeliveries;
  client: WebClient;
  catalogue: Catalogue;
  secrets: SecretFinder;
  rollouts: Rollouts;
  permalink: SlackChat['permalink'];
  now: Clock;
  log: Logger;
}

/**
 * Opens the doors: Slack's commands and buttons, GitLab's webhooks, the HTTP interface. Gives the address at which it
 * listens; what is to be closed at a stop goes to `closers`, the last first.
 */
export async function startEdge(
  settings: Settings,
  deps: EdgeDeps,
  closers: (() => Promise<unknown> | unknown)[],
): Promise<string> {
  const { pool, store, outbox, deliveries, client, catalogue, secrets, rollouts, permalink, now, log } = deps;
  const groups = new UserGroups(client, now, log);
  const slack = createSlackEdge(settings.slack, client, log);
  registerCommands(slack.app, {
    store,
    catalogue,
    membersOf: groups.membersOf,
    secrets,
    digest: sha256,
    desk: outbox,
    deliveries,
    permalink,
    now,
    log,
  });
  const api = rolloutApi({
    token: settings.apiToken,
    store,
    catalogue,
    digest: sha256,
    rollouts,
    threadOf: async (promotion) => {
      const told = await deliveries.get(promotionKeys.parent(promotion));
      return told?.ts ? permalink({ channel: told.channel, ts: told.ts }) : null;
    },
    now,
    log,
  });
  const routes = [...health(pool), gitlabWebhook(settings.gitlab.webhook, outbox), ...api];
  const http = await startHttp(routes, slack.listener, settings, log);
  closers.push(http.close);
  await groups.keepFresh(groupsOf(catalogue));
  closers.push(() => groups.stop());
  await slack.start();
  closers.push(slack.stop);
  return http.url;
}

/** The user groups that give somebody a role. */
function groupsOf({ roles, phases }: Catalogue): string[] {
  const members = [
    roles.releaseEngineer,
    roles.tester,
    roles.admin,
    ...phases.flatMap(({ approvals }) => approvals),
  ];
  return [...new Set(members.flatMap(({ groups }) => groups))];
}
