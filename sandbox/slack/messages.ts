import type { JsonObject } from '../shared/json.ts';
import type { Block } from './screen.ts';
import type { Workspace } from './workspace.ts';

export interface StoredMessage {
  ts: string;
  channel: string;
  user: string;
  byBot: boolean;
  text: string;
  blocks: Block[];
  /** The parent's ts on a reply, else null. */
  threadTs: string | null;
  broadcast: boolean;
  edited: string | null;
  /** The one person who sees it, or null. */
  ephemeralFor: string | null;
  metadata: JsonObject | null;
  /** Emoji name to the users who reacted. */
  reactions: Map<string, string[]>;
}

export type NewMessage = Pick<StoredMessage, 'channel' | 'user' | 'text'> & Partial<StoredMessage>;

/** Every message of the workspace, oldest first. */
export class Messages {
  private readonly workspace: Workspace;
  private readonly byChannel = new Map<string, StoredMessage[]>();

  constructor(workspace: Workspace) {
    this.workspace = workspace;
  }

  add(message: NewMessage): StoredMessage {
    const stored: StoredMessage = {
      ts: this.workspace.nextTs(),
      byBot: message.user === this.workspace.botUserId,
      blocks: [],
      threadTs: null,
      broadcast: false,
      edited: null,
      ephemeralFor: null,
      metadata: null,
      reactions: new Map(),
      ...message,
    };
    const list = this.byChannel.get(message.channel) ?? [];
    list.push(stored);
    this.byChannel.set(message.channel, list);
    this.workspace.changed();
    return stored;
  }

  /** All messages of a channel, replies and ephemerals included, oldest first. */
  all(channel: string): StoredMessage[] {
    return this.byChannel.get(channel) ?? [];
  }

  /** A message that the Web API can see: ephemerals are not kept by Slack. */
  find(channel: string, ts: string): StoredMessage | undefined {
    return this.all(channel).find((message) => message.ts === ts && message.ephemeralFor === null);
  }

  /** Top-level messages and broadcast replies, oldest first. */
  topLevel(channel: string): StoredMessage[] {
    return this.all(channel).filter(
      (message) => message.ephemeralFor === null && (message.threadTs === null || message.broadcast),
    );
  }

  replies(channel: string, parentTs: string): StoredMessage[] {
    return this.all(channel).filter(
      (message) => message.threadTs === parentTs && message.ephemeralFor === null,
    );
  }

  /** The parent of the thread that `ts` belongs to: a reply's ts leads to its parent. */
  threadParent(channel: string, ts: string): StoredMessage | undefined {
    const found = this.find(channel, ts);
    return found?.threadTs ? this.find(channel, found.threadTs) : found;
  }

  /** Changes a message in place; `edited` becomes now. */
  update(message: StoredMessage, change: Partial<StoredMessage>): void {
    Object.assign(message, change, { edited: this.workspace.nextTs() });
    this.workspace.changed();
  }

  /** Deletes a message; the parent of a thread leaves a tombstone that keeps its replies together. */
  remove(message: StoredMessage): void {
    if (this.replies(message.channel, message.ts).length > 0) {
      this.update(message, {
        text: 'This message was deleted.',
        blocks: [],
        metadata: null,
        byBot: false,
      });
      return;
    }
    const list = this.all(message.channel);
    list.splice(list.indexOf(message), 1);
    this.workspace.changed();
  }

  /** The newest ephemeral or ordinary message with this ts that the person can see. */
  seenBy(user: string, channel: string, ts: string): StoredMessage | undefined {
    return this.all(channel).find((message) => message.ts === ts && isVisible(message, user));
  }
}

export function isVisible(message: StoredMessage, user: string): boolean {
  return message.ephemeralFor === null || message.ephemeralFor === user;
}
