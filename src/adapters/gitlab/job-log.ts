import { stripVTControlCharacters } from 'node:util';

/** Reads a stream to its end and keeps the last `bytes` of it, from the first whole line on when it was cut. */
export async function endOf(stream: ReadableStream<Uint8Array>, bytes: number): Promise<string> {
  const kept: Uint8Array[] = [];
  let size = 0;
  let isCut = false;
  for await (const chunk of stream) {
    kept.push(chunk);
    size += chunk.length;
    while (size - (kept[0]?.length ?? 0) >= bytes) {
      size -= kept.shift()?.length ?? 0;
      isCut = true;
    }
  }
  const all = Buffer.concat(kept);
  const end = all.subarray(Math.max(0, all.length - bytes));
  if (!isCut && end.length === all.length) return end.toString('utf8');
  return end.subarray(end.indexOf('\n') + 1).toString('utf8');
}

const sectionMark = /section_(?:start|end):\d+:[^\r\n]*\r/g;
/** A runner's time stamp; `+` says that the line goes on where the one before ended. */
const stamp = /^\d{4}-\d\d-\d\dT[\d:.]+Z \d\d[OE](\+?) ?/;

/**
 * A job's log as a person reads it: without colours, marks of sections and time stamps (FF_TIMESTAMPS). What
 * overwrote itself stays, as lines of its own: nothing that was said is lost.
 */
export function plainLog(log: string): string {
  const lines: string[] = [];
  for (const raw of log.replace(sectionMark, '').split(/\r*\n|\r+/)) {
    const isMore = stamp.exec(raw)?.[1] === '+';
    const bare = stripVTControlCharacters(raw.replace(stamp, ''));
    lines.push(isMore ? `${lines.pop() ?? ''}${bare}` : bare);
  }
  return lines.join('\n');
}
