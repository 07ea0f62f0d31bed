import { setTimeout as wait } from 'node:timers/promises';
import type { JsonObject } from '../shared/json.ts';
import type { Faults } from './faults.ts';

/** Something Slack tells the app. */
export interface Delivery {
  kind: 'command' | 'interaction' | 'event';
  payload: JsonObject;
  /** Whether the app's answer carries meaning (commands, view submissions, suggestions). */
  answerable: boolean;
}

/** How the app took a delivery. `payload` is what it answered with (undefined when nothing). */
export interface Acknowledgement {
  acknowledged: boolean;
  payload: unknown;
  /** Slack's word for what went wrong, or null. */
  error: 'operation_timeout' | 'dispatch_failed' | null;
}

export interface Retry {
  number: number;
  reason: string;
}

/** A way to the app: a socket or a request URL. */
export interface Transport {
  readonly connected: boolean;
  send(delivery: Delivery, retry: Retry | null): Promise<Acknowledgement>;
}

/** How long Slack waits for an acknowledgement. */
export const ackLimitMs = 3000;
/** Events API: redelivered at once, after a minute, after five more. */
const redeliverAfterMs = [0, 60_000, 300_000];

/** Sends deliveries through whichever transport is in use, and remembers them for redelivery. */
export class Deliveries {
  private readonly transport: () => Transport;
  private readonly faults: Faults;
  private readonly timeScale: number;
  private readonly closing = new AbortController();
  private readonly last = new Map<Delivery['kind'], Delivery>();

  constructor(transport: () => Transport, faults: Faults, timeScale: number) {
    this.transport = transport;
    this.faults = faults;
    this.timeScale = timeScale;
  }

  get connected(): boolean {
    return this.transport().connected;
  }

  /** Sends once, or twice under the `duplicateDelivery` fault; the first acknowledgement counts. */
  async deliver(delivery: Delivery): Promise<Acknowledgement> {
    // A copy: the payload points into views and messages, and must arrive again as it was.
    this.last.set(delivery.kind, structuredClone(delivery));
    const copies = this.faults.strikeDelivery() ? 2 : 1;
    const [first] = await this.sendCopies(delivery, copies);
    return first ?? { acknowledged: false, payload: undefined, error: 'dispatch_failed' };
  }

  /** Sends an event; one that is not acknowledged comes again three times. Gives the last outcome. */
  async deliverEvent(delivery: Delivery): Promise<Acknowledgement> {
    const first = await this.deliver(delivery);
    if (!first.acknowledged) void this.redeliverEvent(delivery, first.error);
    return first;
  }

  /** Sends the last delivery of a kind again, `copies` times. Gives undefined when there was none. */
  async again(kind: Delivery['kind'], copies: number): Promise<Acknowledgement[] | undefined> {
    const delivery = this.last.get(kind);
    return delivery && this.sendCopies(delivery, copies);
  }

  close(): void {
    this.closing.abort();
  }

  private sendCopies(delivery: Delivery, copies: number): Promise<Acknowledgement[]> {
    return Promise.all(Array.from({ length: copies }, () => this.send(delivery, null)));
  }

  /** In an outage nothing reaches the app. */
  private async send(delivery: Delivery, retry: Retry | null): Promise<Acknowledgement> {
    if (this.faults.outage) return { acknowledged: false, payload: undefined, error: 'dispatch_failed' };
    return this.transport().send(delivery, retry);
  }

  private async redeliverEvent(delivery: Delivery, firstError: Acknowledgement['error']): Promise<void> {
    let error = firstError;
    for (const [index, after] of redeliverAfterMs.entries()) {
      try {
        await wait(after / this.timeScale, undefined, { signal: this.closing.signal });
      } catch (cause) {
        if (this.closing.signal.aborted) return;
        throw cause;
      }
      const reason = error === 'operation_timeout' ? 'http_timeout' : 'http_error';
      const outcome = await this.send(delivery, { number: index + 1, reason });
      if (outcome.acknowledged) return;
      error = outcome.error;
    }
  }
}
