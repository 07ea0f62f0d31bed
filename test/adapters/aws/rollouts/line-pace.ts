import type { Pace } from '../../../../src/core/ports.ts';

/** The pace of the store, in the memory of one test; `now` in ms since 1970. */
export function linePace(now: () => number): Pace {
  const nextAt = new Map<string, number>();
  return {
    reserve: async (name, spacingMs) => {
      const slot = Math.max(nextAt.get(name) ?? 0, now());
      nextAt.set(name, slot + spacingMs);
      return new Date(slot);
    },
    holdUntil: async (name, at) => {
      nextAt.set(name, Math.max(nextAt.get(name) ?? 0, at.getTime()));
    },
  };
}
