import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Tap = Awaited<ReturnType<typeof startTap>>;

/**
 * Stands between two programs on real ports, hands on whatever comes, and keeps it: what was asked and what was
 * answered, as text. `target` is where the requests go.
 */
export async function startTap(target: string) {
  const asked: string[] = [];
  const answered: string[] = [];
  const origin = new URL(target).origin;
  const server = createServer((request, response) => {
    handOn(origin, request, response, { asked, answered }).catch((error: unknown) => {
      // As if nothing stood in between: the other side sees a connection that breaks.
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    answered,
    /** The same address through this tap. */
    through: (address: string) => address.replace(new URL(address).origin, `http://127.0.0.1:${port}`),
    stop: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** Headers that are of one connection only, or that the client here writes itself. */
const ownHeaders = [
  'connection',
  'content-length',
  'content-encoding',
  'host',
  'keep-alive',
  'transfer-encoding',
];

async function handOn(
  origin: string,
  request: IncomingMessage,
  response: ServerResponse,
  kept: { asked: string[]; answered: string[] },
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  kept.asked.push(`${request.url}\n${body.toString()}`);
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    value === undefined || ownHeaders.includes(name) ? [] : [[name, String(value)]],
  );
  const answer = await fetch(origin + request.url, {
    method: request.method ?? 'GET',
    headers,
    ...(body.length > 0 && { body }),
  });
  const text = await answer.text();
  kept.answered.push(text);
  for (const [name, value] of answer.headers) if (!ownHeaders.includes(name)) response.setHeader(name, value);
  response.writeHead(answer.status).end(text);
}
