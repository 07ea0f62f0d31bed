import type { Logger } from './core/ports.ts';

/** How often it is looked whether there is something to give back, and how often that is done at most, in ms. */
const lookEveryMs = 5_000;
const giveEveryMs = 60_000;
/** For less than this, in bytes, the process is not held. */
const worthBytes = 30e6;

/** The part of `process.memoryUsage()` that is looked at, in bytes. */
export type Usage = Pick<NodeJS.MemoryUsage, 'rss' | 'heapTotal' | 'external'>;

/**
 * Says when there are pages to give back: V8 keeps those that its heap has emptied, and shows them nowhere, so what is
 * resident beside the heap is compared with the least that it ever was. `at`: ms on a clock that only goes on.
 */
export function sparePages(): (usage: Usage, at: number) => boolean {
  let least = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  return ({ rss, heapTotal, external }, at) => {
    const beside = rss - heapTotal - external;
    least = Math.min(least, beside);
    if (beside - least < worthBytes || at - last < giveEveryMs) return false;
    last = at;
    return true;
  };
}

/**
 * Gives the pages back that V8 keeps (docs/decisions/0032), at most once a minute, which holds the process for a fifth
 * of a second: for one that answers nobody. Does nothing where Node was started without `--expose-gc`.
 * Gives what ends it.
 */
export function giveSparePagesBack(log: Pick<Logger, 'debug'>, everyMs = lookEveryMs): () => void {
  const collect = globalThis.gc;
  if (!collect) return () => undefined;
  const hasSpare = sparePages();
  const timer = setInterval(() => {
    const before = process.memoryUsage();
    const began = performance.now();
    if (!hasSpare(before, began)) return;
    // Only a collection of the last resort gives them back.
    collect({ type: 'major', flavor: 'last-resort' });
    const heldMs = Math.round(performance.now() - began);
    log.debug({ from: before.rss, to: process.memoryUsage.rss(), heldMs }, 'Memory was given back');
  }, everyMs);
  return () => clearInterval(timer);
}
