import type { Clock } from '../core/ports.ts';
import type { PromotionEvent } from '../core/promotion/events.ts';
import { foldPromotion } from '../core/promotion/fold.ts';
import { promotionChange } from '../core/promotion/orders.ts';
import type { Promotion } from '../core/promotion/state.ts';

/** A promotion that is kept in memory for the length of one command: the bot's own rules, without its store. */
export class PromotionAlone {
  readonly #id: string;
  readonly #now: Clock;
  #state: Promotion | null = null;
  #seq = 0;

  constructor(id: string, now: Clock) {
    this.#id = id;
    this.#now = now;
  }

  get state(): Promotion {
    if (!this.#state) throw new Error('Nothing was recorded yet');
    return this.#state;
  }

  /** Records events with all that follows from them. */
  record(events: PromotionEvent[]): void {
    const by = { actor: 'pipeline', at: this.#now() };
    const change = promotionChange(this.#id, { state: this.#state, seq: this.#seq }, events, by);
    for (const event of change.events) {
      this.#seq += 1;
      const recorded = { ...event, seq: this.#seq, at: by.at.toISOString(), actor: by.actor };
      this.#state = foldPromotion(this.#id, this.#state, recorded);
    }
  }
}
