import type { Clock, Pace } from '../core/ports.ts';

/** Permits at an even spacing for this process alone: a job has no database to share them by. */
export class OwnPace implements Pace {
  readonly #now: Clock;
  readonly #nextAt = new Map<string, number>();

  constructor(now: Clock) {
    this.#now = now;
  }

  async reserve(name: string, spacingMs: number): Promise<Date> {
    const slot = Math.max(this.#now().getTime(), this.#nextAt.get(name) ?? 0);
    this.#nextAt.set(name, slot + spacingMs);
    return new Date(slot);
  }

  async holdUntil(name: string, at: Date): Promise<void> {
    this.#nextAt.set(name, Math.max(at.getTime(), this.#nextAt.get(name) ?? 0));
  }
}
