import { randomBytes } from 'node:crypto';

/** Where a trigger came from: views.push needs one that came from a modal. */
export interface Trigger {
  user: string;
  /** The modal's view id when the interaction happened in one, else null. */
  modalId: string | null;
}

const lifetimeMs = 3000;

/** Trigger ids: good for 3 s and for one use (facts/slack.md). */
export class Triggers {
  private readonly issued = new Map<string, Trigger & { at: number; used: boolean }>();
  private readonly now: () => number;

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  issue(trigger: Trigger): string {
    const id = `${this.now()}.${randomBytes(4).readUInt32BE()}.${randomBytes(16).toString('hex')}`;
    this.issued.set(id, { ...trigger, at: this.now(), used: false });
    return id;
  }

  /** Looks without using up. Gives Slack's error code for a trigger that cannot be exchanged any more. */
  look(id: string): Trigger | 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id' {
    const found = this.issued.get(id);
    if (!found) return 'invalid_trigger_id';
    if (found.used) return 'exchanged_trigger_id';
    if (this.now() - found.at > lifetimeMs) return 'expired_trigger_id';
    return found;
  }

  /** Uses the trigger up. */
  exchange(id: string): void {
    const found = this.issued.get(id);
    if (found) found.used = true;
  }
}
