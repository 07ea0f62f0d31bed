import type { Effect } from '../core/effect.ts';
import type { Chat, Deliveries, Delivery, Handler, Logger, Next, Pace, WorkTimes } from '../core/ports.ts';
import { later } from './invocation-deps.ts';
import { type RenderDeps, renderMessage, type Wanted } from './render-message.ts';
import { type SlotMemo, slotFor } from './slot.ts';

export interface PublishDeps extends RenderDeps {
  chat: Chat;
  deliveries: Deliveries;
  desk: WorkTimes;
  pace: Pace;
  log: Logger;
  /** How long after an unclear answer to look whether the message stands, in ms. */
  settleMs: number;
}

/** Slack's limits, with room to spare: about one post a second and channel, 50 updates a minute in all, in ms. */
const postSpacingMs = 1_050;
const parentUpdateSpacingMs = 3_000;
const replyUpdateSpacingMs = 2_200;
/** One message is written at most this often, whatever happens in between, in ms. */
const coalesceMs = 1_500;
/** How far Slack's clock may be behind ours when a message is searched, in ms. */
const clockSlackMs = 60_000;
/** Slack is done with a post after this long at the most, in ms; GitLab may take longer. */
const longestSettleMs = 10_000;
const nearMs = 5;
const unsentMs = 2_000;

/** The note a publication leaves to itself: the moment that Slack's limit gave to its next call. */
type Memo = SlotMemo;

/**
 * Brings one message in Slack to what the state says. What is shown is made when it is sent, so many changes in
 * between become one write. A post whose end nobody saw is searched by its mark before it is posted again.
 * Key: the message's key.
 */
export function publishMessage(deps: PublishDeps): Handler {
  return async (work, signal) => {
    const wanted = await renderMessage(deps, work.key);
    if (!wanted) return { next: 'done' };
    const channel = deps.catalogue.channels.releases;
    const delivery = (await deps.deliveries.get(work.key)) ?? {
      channel,
      ts: null,
      digest: null,
      intendedAt: null,
      writtenAt: null,
    };
    const publication = new Publication(deps, work.key, (work.memo ?? {}) as Memo, wanted, delivery, signal);
    return delivery.ts === null ? publication.post() : publication.update(delivery.ts);
  };
}

class Publication {
  readonly #deps: PublishDeps;
  readonly #key: string;
  readonly #memo: Memo;
  readonly #wanted: Wanted;
  /** As this run last read or noted it. */
  #delivery: Delivery;
  readonly #signal: AbortSignal;
  readonly #digest: string;
  readonly #begunAt: number;
  readonly #settleMs: number;

  constructor(
    deps: PublishDeps,
    key: string,
    memo: Memo,
    wanted: Wanted,
    delivery: Delivery,
    signal: AbortSignal,
  ) {
    this.#deps = deps;
    this.#key = key;
    this.#memo = memo;
    this.#wanted = wanted;
    this.#delivery = delivery;
    this.#signal = signal;
    this.#digest = deps.digest(JSON.stringify(wanted.body));
    this.#begunAt = deps.now().getTime();
    this.#settleMs = Math.min(deps.settleMs, longestSettleMs);
  }

  async post(): Promise<Next> {
    const { chat, now } = this.#deps;
    const place = await this.#place();
    if (!place) return { next: 'again', at: await this.#afterParent() };
    const looked = await this.#lookForEarlier(place);
    if (looked) return looked;
    const turn = await this.#turn(`slack/post/${place.channel}`, postSpacingMs);
    if (turn) return turn;
    // From here on a crash leaves the intent, and the next run looks before it posts.
    if (!(await this.#note({ intendedAt: now() }))) return { next: 'again', at: now() };
    if (this.#stoodStill()) {
      await this.#note({ intendedAt: null });
      return { next: 'again', at: now() };
    }
    const effect = await chat.post(
      { ...this.#wanted.body, ...place, broadcast: this.#wanted.broadcast, mark: { key: this.#key } },
      this.#signal,
    );
    if (effect.outcome === 'done') return this.#posted(effect.value.ts, this.#digest);
    // It certainly is not there, so there is nothing to look for.
    if (effect.outcome !== 'unclear') await this.#note({ intendedAt: null });
    return this.#notDone(effect, `slack/post/${place.channel}`);
  }

  async update(ts: string): Promise<Next> {
    const { chat, now } = this.#deps;
    if (this.#delivery.digest === this.#digest) return { next: 'done' };
    const readyAt = (this.#delivery.writtenAt?.getTime() ?? 0) + coalesceMs;
    if (readyAt > now().getTime()) return { next: 'again', at: new Date(readyAt), memo: this.#memo };
    const isParent = this.#wanted.parent === null;
    const line = `slack/update/${isParent ? 'parents' : 'replies'}`;
    const turn = await this.#turn(line, isParent ? parentUpdateSpacingMs : replyUpdateSpacingMs);
    if (turn) return turn;
    if (this.#stoodStill()) return { next: 'again', at: now() };
    const { channel } = this.#delivery;
    const effect = await chat.update(
      { ...this.#wanted.body, channel, ts, mark: { key: this.#key } },
      this.#signal,
    );
    if (effect.outcome !== 'done') return this.#notDone(effect, line);
    await this.#note({ digest: this.#digest, writtenAt: now() });
    return { next: 'done' };
  }

  /**
   * Whether so much time went by since this run began that another may have this work by now: it looks for what
   * this one would do, or has written something newer. Throws when that is certain.
   */
  #stoodStill(): boolean {
    this.#signal.throwIfAborted();
    return this.#deps.now().getTime() - this.#begunAt > this.#settleMs / 2;
  }

  /** Notes where the message stands; false when somebody else has moved it on since this run read it. */
  async #note(change: Partial<Delivery>): Promise<boolean> {
    const was = this.#delivery;
    const noted = await this.#deps.deliveries.put(this.#key, { ...was, ...change }, was);
    if (noted) this.#delivery = { ...was, ...change };
    return noted;
  }

  /** Where a post goes; null while the parent of a reply is not there yet. */
  async #place(): Promise<{ channel: string; threadTs?: string } | null> {
    const { channel } = this.#delivery;
    if (this.#wanted.parent === null) return { channel };
    const parent = await this.#deps.deliveries.get(this.#wanted.parent);
    return parent?.ts ? { channel: parent.channel, threadTs: parent.ts } : null;
  }

  /**
   * A reply waits until its parent has had its turn, which in a long line is minutes away: thousands of replies that
   * looked every two seconds would leave their parents no time.
   */
  async #afterParent(): Promise<Date> {
    const { desk, now } = this.#deps;
    const { parent } = this.#wanted;
    const due = parent === null ? null : await desk.dueAt('message', parent);
    return new Date(Math.max(now().getTime(), due?.getTime() ?? 0) + unsentMs);
  }

  /** When an earlier post ended unseen: waits until it must have settled, then looks. Null when it is not there. */
  async #lookForEarlier(place: { channel: string; threadTs?: string }): Promise<Next | null> {
    const { chat, now } = this.#deps;
    const { intendedAt } = this.#delivery;
    if (intendedAt === null) return null;
    const lookAt = new Date(intendedAt.getTime() + this.#settleMs);
    if (lookAt > now()) return { next: 'again', at: lookAt, memo: this.#memo };
    const since = new Date(intendedAt.getTime() - clockSlackMs);
    const found = await chat.find(place, { key: this.#key }, since, this.#signal);
    if (found) return this.#posted(found.ts, null);
    return (await this.#note({ intendedAt: null })) ? null : { next: 'again', at: now() };
  }

  /** `digest` is null for a message that was found: what it says is then brought up to date. */
  async #posted(ts: string, digest: string | null): Promise<Next> {
    const { now } = this.#deps;
    const noted = await this.#note({ ts, digest, intendedAt: null, writtenAt: now() });
    return digest === null || !noted ? { next: 'again', at: now() } : { next: 'done' };
  }

  async #turn(line: string, spacingMs: number): Promise<Next | null> {
    const { slot, memo } = await slotFor(this.#deps, this.#memo, line, spacingMs);
    if (slot.getTime() - this.#deps.now().getTime() <= nearMs) return null;
    return { next: 'again', at: slot, memo };
  }

  async #notDone(effect: Exclude<Effect<unknown>, { outcome: 'done' }>, line: string): Promise<Next> {
    const { now, pace, log } = this.#deps;
    log.info({ message: this.#key, ...effect }, 'A message did not get through at once');
    switch (effect.outcome) {
      case 'busy': {
        const at = later(now, effect.retryAfterMs);
        await pace.holdUntil(line, at);
        return { next: 'again', at };
      }
      case 'unsent':
        return { next: 'again', at: later(now, unsentMs) };
      case 'unclear':
        return { next: 'again', at: later(now, this.#settleMs) };
      case 'refused':
        throw new Error(`Slack refused ${this.#key}: ${effect.problem.why}`);
    }
  }
}
