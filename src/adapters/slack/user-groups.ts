import type { WebClient } from '@slack/web-api';
import type { Clock, Logger } from '../../core/ports.ts';

/** How long an answer of Slack counts, in ms; usergroups.* allows 20 calls a minute. */
const validMs = 300_000;
/** How long before its end an answer is renewed, so that no command has to wait for it, in ms. */
const renewMs = 60_000;
/** How long a command may wait for Slack, in ms: its trigger lives three seconds. */
const patienceMs = 1_500;

interface Answer {
  members: readonly string[];
  at: number;
}

/** The members of Slack user groups, cached. Without a valid answer it says null, and nobody gets a role by it. */
export class UserGroups {
  readonly #client: WebClient;
  readonly #now: Clock;
  readonly #log: Logger;
  readonly #answers = new Map<string, Answer>();
  readonly #asking = new Map<string, Promise<Answer | null>>();
  #timer: NodeJS.Timeout | null = null;

  constructor(client: WebClient, now: Clock, log: Logger) {
    this.#client = client;
    this.#now = now;
    this.#log = log;
  }

  /** Asks for these groups now and keeps their answers fresh. */
  async keepFresh(groups: readonly string[]): Promise<void> {
    if (groups.length === 0) return;
    this.#timer = setInterval(() => {
      for (const group of groups) if (this.#age(group) > validMs - renewMs) void this.#ask(group);
    }, renewMs / 4);
    this.#timer.unref();
    await Promise.all(groups.map((group) => this.#ask(group)));
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  readonly membersOf = async (group: string): Promise<readonly string[] | null> => {
    const known = this.#answers.get(group);
    if (known && this.#age(group) < validMs) return known.members;
    const asked = await Promise.race([this.#ask(group), timeout(patienceMs)]);
    return asked?.members ?? null;
  };

  #age(group: string): number {
    const known = this.#answers.get(group);
    return known ? this.#now().getTime() - known.at : Number.POSITIVE_INFINITY;
  }

  /** One question a group at a time, however many wait for it. */
  #ask(group: string): Promise<Answer | null> {
    const asking = this.#asking.get(group) ?? this.#fetch(group).finally(() => this.#asking.delete(group));
    this.#asking.set(group, asking);
    return asking;
  }

  async #fetch(group: string): Promise<Answer | null> {
    try {
      const { users } = await this.#client.usergroups.users.list({ usergroup: group });
      const answer = { members: users ?? [], at: this.#now().getTime() };
      this.#answers.set(group, answer);
      return answer;
    } catch (error) {
      this.#log.warn(
        { err: error, group },
        'Slack did not say who is in a user group; its roles are refused until it does',
      );
      return null;
    }
  }
}

function timeout(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms).unref());
}
