import type { StreamKind } from '../event.ts';
import { type InvocationEvent, type InvocationEventType, invocationEvents } from './events.ts';
import { foldInvocation, type Invocation } from './state.ts';

/** How the streams of invocations are read. */
export const invocationStream: StreamKind<Invocation, InvocationEvent> = {
  name: 'invocation',
  parse(type, data) {
    if (!isEventType(type)) throw new Error(`An invocation has no event "${type}"`);
    return { type, data: invocationEvents[type].parse(data) } as InvocationEvent;
  },
  fold: foldInvocation,
};

function isEventType(type: string): type is InvocationEventType {
  return Object.hasOwn(invocationEvents, type);
}
