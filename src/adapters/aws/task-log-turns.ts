import type { AwsPlace } from './place-clients.ts';
import type { TaskLogsOptions } from './task-logs.ts';
import { type Rate, Turns, type Waiting } from './turns.ts';

/** Lets the lines of tasks be read in the turns of each account and region (facts: logs). */
export function taskLogTurns(waiting: Waiting): Required<Pick<TaskLogsOptions, 'before' | 'throttled'>> {
  const known = new Map<string, Turns>();
  const turnsOf = ({ account, region }: AwsPlace): Turns => {
    const line = `aws/${account ?? '-'}/${region}/log-events`;
    const turns = known.get(line) ?? new Turns(line, grantedOf(region), waiting);
    known.set(line, turns);
    return turns;
  };
  return {
    before: (place, signal) => turnsOf(place).take(1, signal),
    // The next turn is behind the hold.
    throttled: (place, time) => turnsOf(place).hold(time),
  };
}

/** FilterLogEvents a second; AWS grants 5 to 10 outside us-east-1. */
function grantedOf(region: string): Rate {
  const perSecond = region === 'us-east-1' ? 25 : 5;
  return { burst: perSecond, perSecond };
}
