import { randomBytes } from 'node:crypto';
import { defaultWorld, type SlackWorld } from './world.ts';

export type WorldChannel = SlackWorld['channels'][number];
export type WorldPerson = SlackWorld['people'][number];
export type WorldGroup = SlackWorld['userGroups'][number];

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** A random Slack-like id: the prefix and ten upper-case letters or digits. */
export function newId(prefix: string, length = 10): string {
  return prefix + Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join('');
}

/** The workspace: who is in it, the app's identity and tokens, and the revision every visible change raises. */
export class Workspace {
  readonly world: Required<SlackWorld>;
  readonly teamId = 'T01SANDBOX';
  readonly teamDomain = 'sandbox';
  readonly appId = 'A01GONOGO';
  readonly botUserId = 'U0BOT';
  readonly botId = 'B0BOT';
  readonly botName = 'gonogo';
  readonly botToken = `xoxb-sandbox-${randomBytes(12).toString('hex')}`;
  readonly appToken = `xapp-1-sandbox-${randomBytes(12).toString('hex')}`;
  readonly signingSecret = randomBytes(16).toString('hex');
  /** The deprecated verification token that payloads still carry. */
  readonly verificationToken = randomBytes(12).toString('hex');
  revision = 0;
  private readonly listeners = new Set<(revision: number) => void>();
  private lastMicros = 0;

  constructor(world: Partial<SlackWorld> = {}) {
    this.world = structuredClone({ ...defaultWorld, ...world });
    for (const person of this.world.people) this.joinGroups(person.id, person.groups ?? []);
  }

  /** Puts a person into groups by handle, creating those that do not exist. */
  joinGroups(userId: string, handles: string[]): void {
    for (const handle of handles) {
      const group = this.world.userGroups.find((each) => each.handle === handle);
      if (!group) {
        this.world.userGroups.push({ id: newId('S'), handle, name: handle, users: [userId] });
      } else if (!group.users.includes(userId)) group.users.push(userId);
    }
  }

  person(id: string): WorldPerson | undefined {
    return this.world.people.find((person) => person.id === id);
  }

  /** Finds a channel by id, or by name as `#name` or `name` where `byName` is set (chat.* accept that). */
  channel(idOrName: string, byName = false): WorldChannel | undefined {
    const name = idOrName.replace(/^#/, '');
    return this.world.channels.find(
      (channel) => channel.id === idOrName || (byName && channel.name === name),
    );
  }

  isInChannel(channel: WorldChannel, userId: string): boolean {
    if (userId === this.botUserId) return channel.botIsMember;
    return channel.members?.includes(userId) ?? this.person(userId) !== undefined;
  }

  /** A new message timestamp: seconds and microseconds, unique and growing. */
  nextTs(): string {
    this.lastMicros = Math.max(Date.now() * 1000, this.lastMicros + 1);
    const seconds = Math.floor(this.lastMicros / 1_000_000);
    return `${seconds}.${String(this.lastMicros % 1_000_000).padStart(6, '0')}`;
  }

  /** Announces a visible change. */
  changed(): void {
    this.revision += 1;
    for (const listener of this.listeners) listener(this.revision);
  }

  /** Calls the listener on every change until the returned function is called. */
  onChange(listener: (revision: number) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}
