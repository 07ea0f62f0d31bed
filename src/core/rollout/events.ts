import type { ObservedService, ObservedTask, ServiceEvent } from './observation.ts';

/** What the service's own log says about the deployment under test. */

const notPlaced = /unable to place (?:a )?tasks?/i;
const hasStarted = /has started \d+ tasks?/i;
const crashLoop = /unable to consistently start tasks/i;
const completed = /deployment completed/i;

/**
 * The newest event that a task of the deployment could not be placed, when none was started after it (row 9). An
 * event of the same moment as a start is taken for the later one.
 */
export function unplaced(
  { events }: ObservedService,
  own: readonly ObservedTask[],
  since: string,
): ServiceEvent | null {
  const about = newest(events, notPlaced, since);
  if (!about) return null;
  const isLater = (at: string) => Date.parse(at) > Date.parse(about.at);
  const wasStarted =
    events.some(({ at, message }) => hasStarted.test(message) && isLater(at)) ||
    own.some(({ createdAt }) => isLater(createdAt));
  return wasStarted ? null : about;
}

/** The newest event that its tasks keep stopping. */
export function crashLoopEvent({ events }: ObservedService, since: string): ServiceEvent | null {
  return newest(events, crashLoop, since);
}

/** The event that says of this very deployment that it completed; "a steady state" names none (facts). */
export function completionEvent({ events }: ObservedService, id: string): ServiceEvent | null {
  const names = ({ message }: ServiceEvent) => message.includes(`(deployment ${id})`);
  return events.find((one) => completed.test(one.message) && names(one)) ?? null;
}

function newest(events: readonly ServiceEvent[], says: RegExp, since: string): ServiceEvent | null {
  const found = events.filter(({ at, message }) => says.test(message) && Date.parse(at) >= Date.parse(since));
  return found.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))[0] ?? null;
}
