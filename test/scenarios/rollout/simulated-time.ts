import { setImmediate as nextTurn } from 'node:timers/promises';
import type { awsControl } from '../../../sandbox/aws/control-client.ts';
import { linePace } from '../../adapters/aws/rollouts/line-pace.ts';

/** The clock of a simulated AWS, which stands until it is moved, as the bot's clock, pace and pause. */
export async function simulatedTime(control: ReturnType<typeof awsControl>) {
  let time = Date.parse((await control.setClock({ frozen: true })).now);
  const advance = async (ms: number) => {
    time += ms;
    if (ms > 0) await control.advance(ms);
  };
  return {
    pace: linePace(() => time),
    now: () => new Date(time),
    advance,
    /** Whoever pauses moves the time; those who pause at once end at the latest moment that one waits for. */
    pause: async (ms: number, signal: AbortSignal) => {
      signal.throwIfAborted();
      const until = time + ms;
      await nextTurn();
      await advance(Math.max(0, until - time));
    },
  };
}
