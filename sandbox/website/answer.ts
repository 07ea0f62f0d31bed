import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { PageSpec } from './pages.ts';

/**
 * Writes one page; gives the status that was sent, or null when the connection was cut. A visitor who leaves
 * while it waits ends the wait.
 */
export async function answer(
  response: ServerResponse,
  page: PageSpec,
  headOnly: boolean,
): Promise<number | null> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  if (page.delayMs) await wait(page.delayMs, gone.signal);
  if (page.reset || response.destroyed) return cut(response);
  const status = page.status ?? (page.redirect === undefined ? 200 : 302);
  const body = Buffer.from(page.body ?? '', 'utf8');
  response.writeHead(status, {
    'content-type': page.contentType ?? 'text/html; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
    ...(page.redirect === undefined ? {} : { location: page.redirect }),
  });
  if (page.stallMs && !headOnly) {
    response.write(body.subarray(0, body.length >> 1));
    await wait(page.stallMs, gone.signal);
    if (response.destroyed) return null;
    response.end(body.subarray(body.length >> 1));
  } else response.end(headOnly ? undefined : body);
  return status;
}

async function wait(ms: number, gone: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal: gone, ref: false }).catch((error: unknown) => {
    if (!gone.aborted) throw error;
  });
}

/** Breaks the connection without an answer (Node can't send a reset below TLS; the visitor sees one all the same). */
export function cut(response: ServerResponse): null {
  response.destroy();
  return null;
}
