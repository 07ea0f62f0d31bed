import { z } from 'zod';
import { rolloutMemory } from '../../core/rollout/memory.ts';
import { logProgress } from '../logs/progress.ts';

/** What one look leaves for the next, as JSON: what was seen of the rollout, and what was read of its lines. */
export const watchMemo = z.strictObject({
  memory: rolloutMemory,
  logs: logProgress.nullable(),
  migration: logProgress.nullable(),
});
export type WatchMemo = z.infer<typeof watchMemo>;
