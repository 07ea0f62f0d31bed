import type { WebClient } from '@slack/web-api';
import type { Clock, Logger } from '../../core/ports.ts';

/** How long a name counts, in ms. */
const validMs = 24 * 3_600_000;
/** How long after Slack gave none it is asked again, in ms. */
const retryMs = 60_000;

/** What people in Slack are called, for places outside Slack. Cached; whoever Slack does not name is left out. */
export class SlackPeople {
  readonly #client: WebClient;
  readonly #now: Clock;
  readonly #log: Logger;
  readonly #known = new Map<string, { name: string | null; until: number }>();

  constructor(client: WebClient, now: Clock, log: Logger) {
    this.#client = client;
    this.#now = now;
    this.#log = log;
  }

  namesOf = async (users: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    const found = await Promise.all(users.map(async (user) => [user, await this.#nameOf(user)] as const));
    return new Map(found.flatMap(([user, name]) => (name === null ? [] : [[user, name] as const])));
  };

  async #nameOf(user: string): Promise<string | null> {
    const now = this.#now().getTime();
    const known = this.#known.get(user);
    if (known && known.until > now) return known.name;
    // `gonogo` and `gitlab:NAME` are no people of Slack.
    const name = /^[UW][A-Z0-9]+$/.test(user) ? await this.#ask(user) : null;
    this.#known.set(user, { name, until: now + (name === null ? retryMs : validMs) });
    return name;
  }

  async #ask(user: string): Promise<string | null> {
    try {
      const { user: shown } = await this.#client.users.info({ user });
      return shown?.profile?.display_name || shown?.real_name || shown?.name || null;
    } catch (error) {
      this.#log.info({ err: error, user }, 'Slack did not say what somebody is called');
      return null;
    }
  }
}
