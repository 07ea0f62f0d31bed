import type { FilteredLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import type { LogLine } from '../../core/rollout/logs.ts';

/** A page has up to 10,000 lines of together a megabyte; so many characters are handed over at once. */
const mostCharacters = 4_096;
const mostLines = 200;

/** The lines of a page in their order, in small parts; a longer line is a part by itself. */
export function* slices(events: readonly FilteredLogEvent[]): Generator<LogLine[]> {
  let part: LogLine[] = [];
  let characters = 0;
  for (const { eventId, timestamp, logStreamName = '', message = '' } of events) {
    // AWS gives each line its id and its time.
    if (eventId === undefined || timestamp === undefined) continue;
    const isFull = characters + message.length > mostCharacters || part.length >= mostLines;
    if (isFull && part.length > 0) {
      yield part;
      part = [];
      characters = 0;
    }
    part.push({ id: eventId, at: timestamp, stream: logStreamName, text: message });
    characters += message.length;
  }
  if (part.length > 0) yield part;
}
