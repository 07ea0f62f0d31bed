/**
 * What can go wrong on purpose. `acceptThen…`: the effect happens, the answer is lost. `socketDisconnect` asks
 * every connection to leave, once and at once; `outage` refuses everything until it is removed.
 */
export const faultKinds = [
  'http500',
  'http502',
  'reset',
  'acceptThenReset',
  'acceptThen502',
  'acceptThenTimeout',
  'slow',
  'ratelimited',
  'outage',
  'socketDisconnect',
  'duplicateDelivery',
] as const;
type FaultKind = (typeof faultKinds)[number];

export interface FaultRequest {
  kind: FaultKind;
  /** A Web API method or `response_url`; without it every method (an outage always hits everything). */
  method?: string;
  /** How often it strikes; without it until removed. */
  times?: number;
  /** 0 to 1; without it always. */
  probability?: number;
  /** Makes the draws repeatable. */
  seed?: number;
  /** `slow`: wait before working (1000). `acceptThenTimeout`: how long the answer hangs (60,000). */
  delayMs?: number;
  /** `socketDisconnect`: Slack's word for why (`refresh_requested`); a warning comes ten seconds ahead. */
  reason?: 'warning' | 'refresh_requested';
  /** `ratelimited`: the Retry-After header in seconds (1). */
  retryAfter?: number;
}

export interface Fault extends FaultRequest {
  id: string;
  /** How often it struck. */
  struck: number;
}

/** The faults in force. */
export class Faults {
  private readonly active = new Map<string, { fault: Fault; random: () => number }>();
  private count = 0;
  /** Told about every fault that is added or removed, so that outages can drop connections at once. */
  onChange: (fault: Fault | null) => void = () => undefined;

  add(request: FaultRequest): Fault {
    this.count += 1;
    const fault: Fault = { ...request, id: `F${this.count}`, struck: 0 };
    this.active.set(fault.id, {
      fault,
      random: request.seed === undefined ? Math.random : seeded(request.seed),
    });
    this.onChange(fault);
    return fault;
  }

  list(): Fault[] {
    return [...this.active.values()].map(({ fault }) => fault);
  }

  /** Removes one, or all. Gives whether there was any. */
  remove(id?: string): boolean {
    const any = id === undefined ? this.active.size > 0 : this.active.has(id);
    if (id === undefined) this.active.clear();
    else this.active.delete(id);
    this.onChange(null);
    return any;
  }

  get outage(): boolean {
    return this.list().some((fault) => fault.kind === 'outage');
  }

  /** The fault that strikes a call of this method now, used up by one; undefined when it goes well. */
  strikeCall(method: string): Fault | undefined {
    return this.strike(
      (fault) =>
        fault.kind === 'outage' ||
        (!['duplicateDelivery', 'socketDisconnect'].includes(fault.kind) &&
          (fault.method === undefined || fault.method === method)),
    );
  }

  /** Whether the next delivery to the app arrives twice. */
  strikeDelivery(): boolean {
    return this.strike((fault) => fault.kind === 'duplicateDelivery') !== undefined;
  }

  private strike(matches: (fault: Fault) => boolean): Fault | undefined {
    for (const { fault, random } of this.active.values()) {
      if (!matches(fault) || random() >= (fault.probability ?? 1)) continue;
      fault.struck += 1;
      if (fault.times !== undefined && fault.struck >= fault.times) this.remove(fault.id);
      return fault;
    }
    return undefined;
  }
}

/** A small repeatable generator of numbers in [0, 1): a linear congruential step, its high bits taken. */
function seeded(seed: number): () => number {
  let state = BigInt(Math.trunc(seed)) * 2n + 1n;
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 33n) / 2 ** 31;
  };
}
