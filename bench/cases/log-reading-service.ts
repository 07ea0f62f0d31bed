import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { event, linesAPage } from './log-reading-lines.ts';

/**
 * A CloudWatch Logs of one group, in a thread of its own: FilterLogEvents in full pages. Says its port. The next page is
 * written while the one before is read, for it is the reader that is measured.
 */
const total = Number((workerData as { total: number }).total);

function page(from: number): string {
  const to = Math.min(total, from + linesAPage);
  const events = Array.from({ length: to - from }, (_, i) => event(from + i, total));
  return JSON.stringify({ events, ...(to < total && { nextToken: String(to) }) });
}

let ready = { from: 0, page: page(0) };

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const { nextToken = '0' } = JSON.parse(body) as { nextToken?: string };
  const from = Number(nextToken);
  const answer = ready.from === from ? ready.page : page(from);
  response.setHeader('content-type', 'application/x-amz-json-1.1').end(answer, () => {
    const next = from + linesAPage;
    if (next < total) ready = { from: next, page: page(next) };
  });
});
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));
