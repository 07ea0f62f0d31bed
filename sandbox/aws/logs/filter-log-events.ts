import { z } from 'zod';
import { ApiError, invalidParameter } from '../api-error.ts';
import type { Call } from '../call.ts';
import { type FilterPattern, parseFilterPattern } from './filter-pattern.ts';
import type { LogGroup, LogLine } from './log-group.ts';
import { type PageToken, queryMark, readToken, writeToken } from './page-token.ts';

const ms = z.int().min(0);

export const filterLogEventsInput = z.strictObject({
  logGroupName: z.string().min(1).max(512).exactOptional(),
  logGroupIdentifier: z.string().min(1).max(2048).exactOptional(),
  logStreamNames: z.array(z.string()).min(1).max(100).exactOptional(),
  logStreamNamePrefix: z.string().min(1).max(512).exactOptional(),
  startTime: ms.exactOptional(),
  endTime: ms.exactOptional(),
  filterPattern: z.string().max(1024).exactOptional(),
  nextToken: z.string().min(1).exactOptional(),
  limit: z.int().min(1).max(10_000).exactOptional(),
  startFromHead: z.boolean().exactOptional(),
  interleaved: z.boolean().exactOptional(),
  unmask: z.boolean().exactOptional(),
});

type Input = z.infer<typeof filterLogEventsInput>;

const megabyte = 1_048_576;

/** The group of a name or an ARN. Throws ResourceNotFoundException. */
function groupOf({ region }: Call, { logGroupName, logGroupIdentifier }: Input): LogGroup {
  if ((logGroupName === undefined) === (logGroupIdentifier === undefined))
    throw invalidParameter('Exactly one of logGroupName and logGroupIdentifier must be given.');
  const prefix = region.arn('logs', 'log-group:');
  const given = logGroupName ?? logGroupIdentifier ?? '';
  const isArn = logGroupIdentifier !== undefined && given.startsWith(prefix);
  const group = region.groups.get(isArn ? given.slice(prefix.length) : given);
  if (!group) throw new ApiError('ResourceNotFoundException', 'The specified log group does not exist.');
  return group;
}

/** Which streams are searched. Throws for a named one that does not exist. */
function streamFilter(input: Input, existing: Set<string>): (stream: string) => boolean {
  const { logStreamNames: names, logStreamNamePrefix: prefix } = input;
  if (names && prefix !== undefined)
    throw invalidParameter('logStreamNames and logStreamNamePrefix can not be given both.');
  if (names?.some((name) => !existing.has(name)))
    throw new ApiError('ResourceNotFoundException', 'The specified log stream does not exist.');
  return (stream) => (names ? names.includes(stream) : stream.startsWith(prefix ?? ''));
}

/**
 * `FilterLogEvents`: a search, page by page. A page ends at the limit, at 1 MB, or when enough lines were looked at:
 * it may then be empty and has a token all the same. Only a page without a token is the last.
 */
export function filterLogEvents(call: Call, input: Input) {
  const { region, world, now } = call;
  const group = groupOf(call, input);
  if (input.startFromHead === false)
    throw invalidParameter('startFromHead: false is not part of the simulated service.');
  const { startTime = 0, endTime = now, limit = 10_000, nextToken } = input;
  if (endTime < startTime) throw invalidParameter('endTime must not be before startTime.');
  const tasks = region.tasksLoggingTo(group.name);
  const inStream = streamFilter(input, group.streams(tasks));
  const matches = parseFilterPattern(input.filterPattern ?? '');
  const { nextToken: _, limit: __, ...query } = input;
  const mark = queryMark(query);
  const from = nextToken === undefined ? null : readToken(nextToken, mark);

  region.pages += 1;
  if (world.emptyPageEvery > 0 && region.pages % world.emptyPageEvery === 0 && !from?.afterEmpty) {
    const again = from ?? { query: mark, at: startTime, eventId: '' };
    return page([], call, { ...again, afterEmpty: true });
  }
  const until = Math.min(endTime, now - world.ingestionDelayMs);
  const known = (line: LogLine) => line.at + world.ingestionDelayMs + (line.lateMs ?? 0) <= now;
  const lines = group.read(tasks, Math.max(startTime, from?.at ?? 0), until, known);
  const wanted: Wanted = { from, inStream, matches, limit, linesPerPage: world.linesPerPage };
  const { found, last } = search(lines, wanted);
  return page(found, call, last && { query: mark, at: last.at, eventId: last.eventId, afterEmpty: false });
}

interface Wanted {
  from: PageToken | null;
  inStream: (stream: string) => boolean;
  matches: FilterPattern;
  limit: number;
  linesPerPage: number;
}

/** What is found, and the last line that was looked at when the search stopped before the end. */
function search(lines: Iterable<LogLine>, wanted: Wanted): { found: LogLine[]; last: LogLine | null } {
  const found: LogLine[] = [];
  let [looked, bytes] = [0, 0];
  let before: LogLine | null = null;
  for (const line of lines) {
    if (wanted.from && isBefore(line, wanted.from)) continue;
    if (wanted.inStream(line.stream) && wanted.matches(line.text)) {
      bytes += Buffer.byteLength(line.text) + 26;
      if (bytes > megabyte && before) return { found, last: before };
      found.push(line);
    }
    looked += 1;
    if (found.length >= wanted.limit || looked >= wanted.linesPerPage) return { found, last: line };
    before = line;
  }
  return { found, last: null };
}

function isBefore(line: LogLine, token: PageToken): boolean {
  return line.at < token.at || (line.at === token.at && line.eventId <= token.eventId);
}

function page(found: LogLine[], { world }: Call, next: PageToken | null) {
  return {
    events: found.map(({ stream, at, text, eventId, lateMs = 0 }) => ({
      logStreamName: stream,
      timestamp: at,
      message: text,
      ingestionTime: at + world.ingestionDelayMs + lateMs,
      eventId,
    })),
    searchedLogStreams: [],
    ...(next ? { nextToken: writeToken(next) } : {}),
  };
}
