import { setTimeout as pause } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import type { JsonObject } from '../shared/json.ts';
import type { Faults } from './faults.ts';
import type { Change, Forge } from './forge.ts';
import type { HookPayloads } from './hook-payloads.ts';
import { Slots } from './slots.ts';

export type HookEvent = 'Pipeline Hook' | 'Job Hook' | 'Deployment Hook' | 'Merge Request Hook';

export interface HookSettings {
  url: string;
  /** Sent as X-Gitlab-Token. */
  secretToken?: string;
  /** `whsec_…`: adds the Standard Webhooks headers. */
  signingToken?: string;
  /** How long the receiver may take; GitLab's 10 000 ms unless told. Not scaled. */
  timeoutMs?: number;
}

/** One delivery as it went. */
export interface Delivery {
  n: number;
  at: string;
  event: string;
  project: string;
  pipelineId: number | null;
  /** Status in the payload. */
  about: string;
  idempotencyKey: string;
  /** HTTP status of the receiver; null when there was none. */
  status: number | null;
  outcome: 'waiting' | 'delivered' | 'refused' | 'failed' | 'dropped' | 'hook disabled';
  /** The delivery that this one repeats. */
  redeliveryOf: number | null;
}

interface Message {
  event: HookEvent;
  project: string;
  pipelineId: number | null;
  about: string;
  idempotencyKey: string;
  body: string;
  redeliveryOf: number | null;
}

/** How many of the newest messages can be sent again. */
const keptBodies = 5000;

/** Sends what happens to the receiver, as GitLab does: no order promised, failures counted, hooks disabled. */
export class Webhooks {
  readonly #forge: Forge;
  readonly #payloads: HookPayloads;
  readonly #faults: Faults;
  readonly #instance: string;
  readonly #sent = new Map<number, Message>();
  readonly #deliveries: Delivery[] = [];
  readonly #stop = new AbortController();
  #hook: (HookSettings & { uuid: string }) | undefined;
  readonly #slots = new Slots(16);
  #failures = 0;
  #disabledUntil = 0;

  constructor(forge: Forge, payloads: HookPayloads, faults: Faults, instance: string) {
    this.#forge = forge;
    this.#payloads = payloads;
    this.#faults = faults;
    this.#instance = instance;
    forge.subscribe((change) => this.#announce(change));
  }

  /** Sets or removes the receiver; a disabled hook is enabled again. */
  configure(hook: HookSettings | undefined): void {
    this.#hook = hook ? { ...hook, uuid: crypto.randomUUID() } : undefined;
    this.#failures = 0;
    this.#disabledUntil = 0;
  }

  /** Where it is sent to, and whether GitLab has disabled it. */
  status(): JsonObject {
    const now = Date.now();
    const disabled = this.#failures >= 40 ? 'permanently' : now < this.#disabledUntil ? 'temporarily' : 'no';
    return { url: this.#hook?.url ?? null, consecutiveFailures: this.#failures, disabled };
  }

  deliveries(): Delivery[] {
    return [...this.#deliveries];
  }

  #announce(change: Change): void {
    if (!this.#hook) return;
    if (change.kind === 'pipeline' && change.from !== null) {
      const { pipeline } = change;
      this.#queue(
        'Pipeline Hook',
        pipeline.project.spec.path,
        pipeline.id,
        pipeline.status,
        this.#payloads.pipeline(pipeline),
      );
    } else if (change.kind === 'job' && change.job.plan.kind === 'job') {
      const { job } = change;
      this.#queue(
        'Job Hook',
        job.pipeline.project.spec.path,
        job.pipeline.id,
        `${job.name} ${job.status}`,
        this.#payloads.job(job),
      );
    } else if (change.kind === 'deployment') {
      const { deployment } = change;
      const { pipeline } = deployment.job;
      this.#queue(
        'Deployment Hook',
        pipeline.project.spec.path,
        pipeline.id,
        deployment.status,
        this.#payloads.deployment(deployment),
      );
    } else if (change.kind === 'merge_request') {
      const { mergeRequest, action, by, before } = change;
      this.#queue(
        'Merge Request Hook',
        mergeRequest.project.spec.path,
        null,
        `!${mergeRequest.iid} ${action}`,
        this.#payloads.mergeRequest(mergeRequest, action, by, before),
      );
    }
  }

  #queue(
    event: HookEvent,
    project: string,
    pipelineId: number | null,
    about: string,
    payload: JsonObject,
  ): void {
    const message: Message = {
      event,
      project,
      pipelineId,
      about,
      idempotencyKey: crypto.randomUUID(),
      body: JSON.stringify(payload),
      redeliveryOf: null,
    };
    const fault = this.#faults.forWebhook(project);
    const delivery = this.#record(message);
    if (fault?.kind === 'dropWebhook' || fault?.kind === 'outage') {
      delivery.outcome = 'dropped';
      return;
    }
    const delay = fault?.kind === 'lateWebhook' ? (fault.delayMs ?? 5000) : 0;
    void this.#deliver(message, delivery, delay);
    if (fault?.kind === 'duplicateWebhook') void this.redeliver(delivery.n);
  }

  #record(message: Message): Delivery {
    const { body: _, ...rest } = message;
    const n = this.#deliveries.length + 1;
    const delivery: Delivery = { n, at: new Date().toISOString(), status: null, outcome: 'waiting', ...rest };
    this.#deliveries.push(delivery);
    this.#sent.set(n, message);
    this.#sent.delete(n - keptBodies);
    return delivery;
  }

  /** Sends message `n` again, with the same Idempotency-Key; undefined when there is no such message. */
  async redeliver(n: number): Promise<Delivery | undefined> {
    const message = this.#sent.get(n);
    if (!message) return undefined;
    const again = { ...message, redeliveryOf: n };
    const delivery = this.#record(again);
    await this.#deliver(again, delivery, 0);
    return delivery;
  }

  async #deliver(message: Message, delivery: Delivery, delayMs: number): Promise<void> {
    const stop = this.#stop.signal;
    if (delayMs > 0) await pause(delayMs, undefined, { signal: stop }).catch(() => undefined);
    await this.#slots.take();
    try {
      await this.#send(message, delivery, stop);
    } finally {
      this.#slots.release();
    }
  }

  async #send(message: Message, delivery: Delivery, stop: AbortSignal): Promise<void> {
    const hook = this.#hook;
    if (!hook || stop.aborted) return;
    if (this.#failures >= 40 || Date.now() < this.#disabledUntil) {
      delivery.outcome = 'hook disabled';
      return;
    }
    const { status, ok } = await post(
      hook.url,
      message.body,
      this.#headers(hook, message),
      hook.timeoutMs,
      stop,
    );
    delivery.status = status;
    delivery.outcome = ok ? 'delivered' : status === null ? 'failed' : 'refused';
    this.#count(ok);
  }

  /** Four failures in a row disable the hook for a (scaled) minute and longer, forty for ever. */
  #count(ok: boolean): void {
    if (ok) {
      this.#failures = 0;
      this.#disabledUntil = 0;
      return;
    }
    this.#failures += 1;
    if (this.#failures < 4) return;
    const minutes = Math.min(2 ** (this.#failures - 4), 24 * 60);
    this.#disabledUntil = Date.now() + (minutes * 60_000) / this.#forge.timeScale;
  }

  #headers(hook: HookSettings & { uuid: string }, message: Message): Record<string, string> {
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'user-agent': 'GitLab/19.2.0-ee',
      'idempotency-key': message.idempotencyKey,
      'x-gitlab-event': message.event,
      'x-gitlab-webhook-uuid': hook.uuid,
      'x-gitlab-instance': this.#instance,
      'x-gitlab-event-uuid': crypto.randomUUID(),
    };
    if (hook.secretToken !== undefined) headers['x-gitlab-token'] = hook.secretToken;
    return hook.signingToken === undefined
      ? headers
      : { ...headers, ...signature(hook.signingToken, message.idempotencyKey, message.body) };
  }

  /** Sends a body of the caller's choice with headers of its choice, unsigned: what a stranger could do. */
  async forge(event: string, payload: unknown, headers: Record<string, string>): Promise<number | null> {
    if (!this.#hook) return null;
    const own = {
      'content-type': 'application/json',
      'x-gitlab-event': event,
      'idempotency-key': crypto.randomUUID(),
      'x-gitlab-event-uuid': crypto.randomUUID(),
    };
    const sent = await post(
      this.#hook.url,
      JSON.stringify(payload),
      { ...own, ...headers },
      undefined,
      this.#stop.signal,
    );
    return sent.status;
  }

  close(): void {
    this.#stop.abort();
  }
}

function signature(token: string, id: string, body: string): Record<string, string> {
  const at = new Date();
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(token).sign(id, at, body),
  };
}

/** Posts and reads the status; no answer (refused, reset, time-out) gives null, for that is a result here. */
async function post(
  url: string,
  body: string,
  headers: Record<string, string>,
  timeoutMs = 10_000,
  stop: AbortSignal,
): Promise<{ status: number | null; ok: boolean }> {
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]);
    const response = await fetch(url, { method: 'POST', body, headers, signal, redirect: 'manual' });
    await response.arrayBuffer();
    return { status: response.status, ok: response.status < 400 };
  } catch (error) {
    if (error instanceof Error) return { status: null, ok: false };
    throw error;
  }
}
