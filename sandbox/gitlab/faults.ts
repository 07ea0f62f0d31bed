/** `acceptThen…`: the effect happens, only the answer is lost. */
export const faultKinds = [
  'http500',
  'http502',
  'http503',
  'http429',
  'reset',
  'acceptThen502',
  'acceptThenReset',
  'acceptThenTimeout',
  'slow',
  'outage',
  'dropWebhook',
  'duplicateWebhook',
  'lateWebhook',
] as const;

export type FaultKind = (typeof faultKinds)[number];

export interface FaultSpec {
  kind: FaultKind;
  /** Method and end of the route, e.g. `POST /pipeline` or `GET /pipelines/:id`; any request when absent. */
  route?: string;
  /** Full path or name of a project. */
  project?: string;
  /** How often it strikes; without it, until it is deleted. */
  times?: number;
  /** 0 to 1; default 1. */
  probability?: number;
  /** Makes the draws repeatable; default 1. */
  seed?: number;
  /** For `slow`, `lateWebhook` and `acceptThenTimeout` (after it the connection is reset). Not scaled. */
  delayMs?: number;
  /** Seconds for the Retry-After header of `http429` and `http503`. */
  retryAfter?: number;
}

export interface Fault extends FaultSpec {
  id: number;
  struck: number;
}

const webhookKinds: readonly FaultKind[] = ['dropWebhook', 'duplicateWebhook', 'lateWebhook'];

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

  /** The fault that strikes this API request, counted as struck. `route` is `METHOD /projects/:id/…`. */
  forRequest(route: string, project: string | undefined): Fault | undefined {
    return this.#strike((f) => !webhookKinds.includes(f.kind) && onRoute(f, route) && onProject(f, project));
  }

  /** The fault that strikes this webhook. An outage stops webhooks too. */
  forWebhook(project: string): Fault | undefined {
    return this.#strike((f) => {
      if (f.kind === 'outage') return f.times === undefined && f.route === undefined;
      return webhookKinds.includes(f.kind) && onProject(f, project);
    });
  }

  #strike(concerns: (fault: Fault) => boolean): Fault | undefined {
    const found = this.#active.find(({ fault, draw }) => {
      if (!concerns(fault) || (fault.times !== undefined && fault.struck >= fault.times)) return false;
      return draw() < (fault.probability ?? 1);
    });
    if (found) found.fault.struck += 1;
    return found?.fault;
  }
}

function onRoute(fault: Fault, route: string): boolean {
  if (fault.route === undefined) return true;
  const plain = (text: string) => text.replace(/:\w+/g, ':').trim();
  const [method, path] = plain(route).split(' ');
  const wanted = plain(fault.route).split(' ');
  const wantedPath = wanted.at(-1) ?? '';
  return (wanted.length === 1 || wanted[0] === method) && (path ?? '').endsWith(wantedPath);
}

function onProject(fault: Fault, path: string | undefined): boolean {
  if (fault.project === undefined) return true;
  return path === fault.project || path?.split('/').at(-1) === fault.project;
}

/** A small repeatable source of numbers from 0 to 1 (a 32-bit linear congruential generator, mixed). */
function draws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32;
  };
}
