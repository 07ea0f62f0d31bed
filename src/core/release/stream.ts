import type { StreamKind } from '../event.ts';
import { type ReleaseEvent, type ReleaseEventType, releaseEvents } from './events.ts';
import { foldRelease } from './fold.ts';
import type { Release } from './state.ts';

/** How the streams of releases are read. */
export const releaseStream: StreamKind<Release, ReleaseEvent> = {
  name: 'release',
  parse(type, data) {
    if (!isEventType(type)) throw new Error(`A release has no event "${type}"`);
    return { type, data: releaseEvents[type].parse(data) } as ReleaseEvent;
  },
  fold: foldRelease,
};

function isEventType(type: string): type is ReleaseEventType {
  return Object.hasOwn(releaseEvents, type);
}
