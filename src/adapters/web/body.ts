import type { IncomingMessage } from 'node:http';
import { TextDecoder } from 'node:util';

/** The body as text, at most `maxBytes` of it; what is behind them is not read. Rejects when it ends half-way. */
export async function bodyOf(response: IncomingMessage, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    if (size >= maxBytes) break;
  }
  const bytes = Buffer.concat(parts).subarray(0, maxBytes);
  // `stream`: half a character at the cut is left out, not shown as a wrong one.
  return decoder(response.headers['content-type']).decode(bytes, { stream: true });
}

/** By the charset that the site names; UTF-8 for none, and for one that nobody knows. */
function decoder(contentType: string | undefined): TextDecoder {
  const charset = /charset="?([\w-]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset);
  } catch (error) {
    if (error instanceof RangeError) return new TextDecoder();
    throw error;
  }
}
