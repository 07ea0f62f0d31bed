import { draws } from './draw.ts';

/** `acceptThenTimeout`: no answer, then a reset. `outage`: every connection is reset. */
export const faultKinds = [
  'http500',
  'http503',
  'throttle',
  'reset',
  'slow',
  'acceptThenTimeout',
  'outage',
] as const;

export type FaultKind = (typeof faultKinds)[number];

export interface FaultSpec {
  kind: FaultKind;
  /** Such as DescribeServices; any when absent. */
  operation?: string;
  /** Any when absent. */
  region?: string;
  /** How often it strikes; without it, until it is deleted. */
  times?: number;
  /** 0 to 1; default 1. */
  probability?: number;
  /** Makes the draws repeatable; default 1. */
  seed?: number;
  /** For `slow` (default 2000) and `acceptThenTimeout` (default 10 min). */
  delayMs?: number;
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
    this.#active.push({ fault, draw: draws(`fault ${spec.seed ?? 1}`) });
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

  /** The fault that strikes this request, counted as struck. */
  strike(operation: string, region: string): Fault | undefined {
    const found = this.#active.find(({ fault, draw }) => {
      if (fault.operation !== undefined && fault.operation !== operation) return false;
      if (fault.region !== undefined && fault.region !== region) return false;
      if (fault.times !== undefined && fault.struck >= fault.times) return false;
      return draw() < (fault.probability ?? 1);
    });
    if (found) found.fault.struck += 1;
    return found?.fault;
  }
}
