import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Effect } from '../../core/effect.ts';
import type { Chat, Logger, MessageBody, MessageMark } from '../../core/ports.ts';
import { checkMessage } from '../../core/slack-payload/check-message.ts';
import type { PayloadFault } from '../../core/slack-payload/fault.ts';
import { effectOf } from './effects.ts';

/** The metadata type that carries our mark. */
const eventType = 'gonogo_message';
const pageSize = 100;
/** Pages looked through for a message: more than a channel gets while one answer is awaited. */
const mostPages = 10;

/** A payload that Slack would refuse, or might: a defect of ours, found before it left. */
export class PayloadRefused extends Error {
  readonly faults: PayloadFault[];
  constructor(faults: PayloadFault[]) {
    super(
      `The payload breaks Slack's limits: ${faults.map(({ pointer, message }) => `${pointer} ${message}`).join('; ')}`,
    );
    this.faults = faults;
  }
}

/** Slack's Web API for messages. The client must have its retries off: it would post again after an unclear answer. */
export class SlackChat implements Chat {
  readonly #client: WebClient;
  readonly #log: Logger;

  constructor(client: WebClient, log: Logger) {
    this.#client = client;
    this.#log = log;
  }

  async post(
    message: MessageBody & { channel: string; threadTs?: string; broadcast?: boolean; mark: MessageMark },
  ): Promise<Effect<{ ts: string }>> {
    const { channel, threadTs, broadcast = false } = message;
    try {
      const content = {
        ...checkedContent(message),
        channel,
        unfurl_links: false,
        unfurl_media: false,
      } as const;
      const reply = threadTs === undefined ? {} : { thread_ts: threadTs };
      // Slack's types know a reply that is broadcast and one that is not, and nothing between.
      const answer = await (threadTs !== undefined && broadcast
        ? this.#client.chat.postMessage({ ...content, thread_ts: threadTs, reply_broadcast: true })
        : this.#client.chat.postMessage({ ...content, ...reply }));
      if (!answer.ts) return { outcome: 'unclear', cause: 'Slack gave no message id' };
      return { outcome: 'done', value: { ts: answer.ts } };
    } catch (error) {
      return effectOf(error);
    }
  }

  async update(
    message: MessageBody & { channel: string; ts: string; mark: MessageMark },
  ): Promise<Effect<null>> {
    const { channel, ts } = message;
    try {
      await this.#client.chat.update({ ...checkedContent(message), channel, ts });
      return { outcome: 'done', value: null };
    } catch (error) {
      return effectOf(error);
    }
  }

  async find(
    place: { channel: string; threadTs?: string },
    mark: MessageMark,
    since: Date,
    signal: AbortSignal,
  ): Promise<{ ts: string } | null> {
    let cursor: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      signal.throwIfAborted();
      const answer = await this.#page(place, since, cursor);
      const found = (answer.messages ?? []).find((message) => markOf(message) === mark.key);
      if (found?.ts) return { ts: found.ts };
      cursor = answer.response_metadata?.next_cursor || undefined;
      if (!cursor) return null;
    }
    throw new Error(`The message ${mark.key} may stand further back than ${mostPages} pages`);
  }

  async permalink({ channel, ts }: { channel: string; ts: string }): Promise<string | null> {
    try {
      const { permalink } = await this.#client.chat.getPermalink({ channel, message_ts: ts });
      return permalink ?? null;
    } catch (error) {
      this.#log.debug({ err: error, channel, ts }, 'Slack gave no address of a message; asked again later');
      return null;
    }
  }

  #page(
    { channel, threadTs }: { channel: string; threadTs?: string },
    since: Date,
    cursor: string | undefined,
  ) {
    const common = {
      channel,
      include_all_metadata: true,
      oldest: String(since.getTime() / 1_000),
      inclusive: true,
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    };
    if (threadTs === undefined) return this.#client.conversations.history(common);
    return this.#client.conversations.replies({ ...common, ts: threadTs });
  }
}

/** Our blocks are held against closed schemas here; Slack's own types describe the same shapes. */
function checkedContent({ text, blocks, mark }: MessageBody & { mark: MessageMark }) {
  const metadata = { event_type: eventType, event_payload: { key: mark.key } };
  const faults = checkMessage({ text, blocks, metadata });
  if (faults.length > 0) throw new PayloadRefused(faults);
  return { text, blocks: blocks as unknown as KnownBlock[], metadata };
}

function markOf(message: { metadata?: { event_type?: string; event_payload?: unknown } }): string | null {
  const { event_type, event_payload } = message.metadata ?? {};
  if (event_type !== eventType || typeof event_payload !== 'object' || event_payload === null) return null;
  return 'key' in event_payload && typeof event_payload.key === 'string' ? event_payload.key : null;
}
