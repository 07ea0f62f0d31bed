import { randomBytes } from 'node:crypto';

/** What a response_url belongs to. */
export interface ResponseTarget {
  user: string;
  channel: string;
  /** The message the interaction happened in, which may be replaced or deleted; null for a command. */
  messageTs: string | null;
  threadTs: string | null;
}

const maxUses = 5;
const lifetimeMs = 30 * 60_000;

/** response_url endpoints: five uses in thirty minutes. */
export class ResponseUrls {
  private readonly issued = new Map<string, { target: ResponseTarget; at: number; uses: number }>();
  private readonly now: () => number;

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  /** Gives the path of a new endpoint. */
  issue(target: ResponseTarget): string {
    const key = randomBytes(12).toString('hex');
    this.issued.set(key, { target, at: this.now(), uses: 0 });
    return `/actions/${key}`;
  }

  /** Looks an endpoint up without using it. Gives Slack's error when it is worn out. */
  look(key: string): ResponseTarget | 'no_such_url' | 'expired_url' | 'used_url' {
    const found = this.issued.get(key);
    if (!found) return 'no_such_url';
    if (this.now() - found.at > lifetimeMs) return 'expired_url';
    if (found.uses >= maxUses) return 'used_url';
    return found.target;
  }

  use(key: string): void {
    const found = this.issued.get(key);
    if (found) found.uses += 1;
  }
}
