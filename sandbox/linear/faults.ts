/** `acceptThen…`: the effect happens, only the answer is lost. */
export const faultKinds = [
  'http500',
  'timeout',
  'reset',
  'acceptThen500',
  'acceptThenReset',
  'acceptThenTimeout',
  'ratelimited',
  'outage',
  'slow',
] as const;

export type FaultKind = (typeof faultKinds)[number];

export interface FaultSpec {
  kind: FaultKind;
  /** A field of Query or Mutation, e.g. `issueCreate`; or a field below it, `issue.comments`. Any when absent. */
  operation?: string;
  /** How often it strikes; without it, until it is deleted. */
  times?: number;
  /** 0 to 1; default 1. */
  probability?: number;
  /** Makes the draws repeatable; default 1. */
  seed?: number;
  /** For `slow` (default 2000), `timeout` and `acceptThenTimeout` (after it the connection is reset; default 10 min). */
  delayMs?: number;
  /** Seconds for the Retry-After header of `ratelimited`; default 1. */
  retryAfter?: number;
}

export interface Fault extends FaultSpec {
  id: number;
  struck: number;
}

/** What goes wrong, when. Faults are asked in the order in which they were added; the first match strikes. */
export class Faults {
  readonly #active: { fault: Fault; draw: () => number }[] = [];
  #last = 0;

  add(spec: FaultSpec): Fault {
    this.#last += 1;
    const fault = { ...spec, id: this.#last, struck: 0 };
    this.#active.push({ fault, draw: draws(spec.seed ?? 1) });
    return fault;
  }

  list(): Fault[] {
    return this.#active.map(({ fault }) => fault);
  }

  /** Removes one, or all when no id is given; says how many went. */
  remove(id?: number): number {
    const before = this.#active.length;
    const staying = id === undefined ? [] : this.#active.filter(({ fault }) => fault.id !== id);
    this.#active.splice(0, before, ...staying);
    return before - staying.length;
  }

  /** The fault that strikes this request, counted as struck; `operations` as in the request log. */
  strike(operations: readonly string[]): Fault | undefined {
    const found = this.#active.find(({ fault, draw }) => {
      if (fault.operation !== undefined && !operations.includes(fault.operation)) return false;
      if (fault.times !== undefined && fault.struck >= fault.times) return false;
      return draw() < (fault.probability ?? 1);
    });
    if (found) found.fault.struck += 1;
    return found?.fault;
  }
}

/** A small repeatable source of numbers from 0 to 1 (a 32-bit linear congruential generator, mixed). */
function draws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32;
  };
}
