import { createHash } from 'node:crypto';
import type { Recorded } from '../../../src/core/event.ts';
import type { WorkOrder } from '../../../src/core/ports.ts';
import { decide, gapsOf } from '../../../src/core/release/decide.ts';
import type { ReleaseEvent } from '../../../src/core/release/events.ts';
import type { GateStatus } from '../../../src/core/release/gate-status.ts';
import { releaseChange } from '../../../src/core/release/orders.ts';
import type { Plan } from '../../../src/core/release/plan.ts';
import type { Decision, Release } from '../../../src/core/release/state.ts';
import { releaseStream } from '../../../src/core/release/stream.ts';
import {
  answered,
  approved,
  bot,
  findingSample,
  found,
  guard,
  identified,
  judged,
  owner,
  passStarted,
  placed,
  planSample,
  releaseOpened,
  requested,
  rita,
  tess,
  written,
} from './samples.ts';

export const digest = (text: string) => createHash('sha256').update(text).digest('hex');
export const minute = 60_000;

/** Recorded events as the store gives them back, folded one by one. */
export function foldAll(events: readonly Recorded<ReleaseEvent>[], id = '2026.47'): Release {
  const state = events.reduce<Release | null>((before, event) => releaseStream.fold(id, before, event), null);
  if (!state) throw new Error('there is no event');
  return state;
}

/** One release whose changes go through the same door as the bot's, kept as the store keeps them. */
export class Life {
  readonly id = '2026.47';
  readonly events: Recorded<ReleaseEvent>[] = [];
  now = new Date('2026-11-20T10:00:00.000Z');
  /** What the last change ordered. */
  work: WorkOrder[] = [];
  #state: Release | null = null;

  get state(): Release {
    if (!this.#state) throw new Error('the release is not open');
    return this.#state;
  }

  /** Records what somebody did with all that follows; the events that were recorded come back. */
  record(actor: string, ...events: ReleaseEvent[]): ReleaseEvent[] {
    const before = { state: this.#state, seq: this.events.length };
    const change = releaseChange(this.id, before, events, { actor, at: this.now, digest });
    this.work = change.work ?? [];
    for (const { type, data } of change.events) {
      const stored = releaseStream.parse(type, JSON.parse(JSON.stringify(data)));
      const event = { ...stored, seq: this.events.length + 1, at: this.now.toISOString(), actor };
      this.events.push(event);
      this.#state = releaseStream.fold(this.id, this.#state, event);
    }
    return change.events.slice(events.length);
  }

  /** The clock moves on, and what follows from that alone is recorded. */
  wait(ms: number): ReleaseEvent[] {
    this.now = new Date(this.now.getTime() + ms);
    return this.record(bot);
  }

  standing() {
    return decide(this.state, this.now, digest);
  }

  status(gate: string): GateStatus {
    const status = this.standing().statuses.find((one) => one.gate.id === gate);
    if (!status) throw new Error(`there is no gate ${gate}`);
    return status;
  }

  lastDecision(): Decision {
    const decision = this.state.decisions.at(-1);
    if (!decision) throw new Error('there is no decision');
    return decision;
  }

  /** Writes down what the record lacks. */
  writeRecord(): ReleaseEvent[] {
    return this.record(bot, written(gapsOf(this.state, this.standing().statuses)));
  }

  approveAll(): ReleaseEvent[] {
    return [
      ...this.record(owner, approved('platform', this.standing().digest)),
      ...this.record(guard, approved('security', this.standing().digest)),
    ];
  }
}

/** Opened, with its candidate; automated gates wait for their turn and people for nobody. */
export function begun(plan: Plan = planSample()): Life {
  const life = new Life();
  life.record(rita, releaseOpened(plan), passStarted());
  life.record(bot, identified(), requested('mrs', 'site'));
  life.record(bot, judged({ migrations: 'applies', roaming: 'applies' }), requested('migrations'));
  return life;
}

/** Everything is answered with yes but what `but` says otherwise: a finding's events, or nothing for an open gate. */
export function answeredAll(plan: Plan = planSample(), but: Record<string, ReleaseEvent | null> = {}): Life {
  const life = begun(plan);
  life.record(tess, placed());
  const yes: Record<string, ReleaseEvent | null> = {
    mrs: found('mrs', findingSample('pass')),
    site: found('site', findingSample('pass')),
    migrations: found('migrations', findingSample('pass')),
    login: answered('login'),
    charts: answered('charts'),
    roaming: answered('roaming'),
    ...but,
  };
  for (const event of Object.values(yes)) if (event) life.record(tess, event);
  return life;
}

/** All the way to a GO. */
export function gone(plan: Plan = planSample()): Life {
  const life = answeredAll(plan);
  if (plan.recorded) life.writeRecord();
  if (plan.approvals.length > 0) life.approveAll();
  return life;
}
