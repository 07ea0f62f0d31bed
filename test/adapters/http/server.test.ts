import { networkInterfaces } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { health } from '../../../src/adapters/http/health.ts';
import { type Route, startHttp } from '../../../src/adapters/http/server.ts';
import { createPool, endPool, storeSchema } from '../../../src/adapters/store/pool.ts';
import { freshDatabase } from '../../support/database.ts';
import { keptLog } from '../../support/log.ts';
import { nobody } from '../gitlab/stub.ts';

const echo: Route = {
  method: 'POST',
  path: '/echo',
  handle: async ({ body }) => ({ status: 202, body: { said: body.toString('utf8') } }),
};
const broken: Route = {
  method: 'GET',
  path: '/broken',
  handle: () => Promise.reject(new Error('password=hunter2')),
};

async function served(routes: Route[], other: Parameters<typeof startHttp>[1] = null) {
  const log = keptLog();
  const http = await startHttp(routes, other, { host: '127.0.0.1', port: 0 }, log);
  onTestFinished(http.close);
  const ask = async (method: string, path: string, body?: string) => {
    const response = await fetch(`${http.url}${path}`, { method, ...(body === undefined ? {} : { body }) });
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  return { ...http, log, ask };
}

describe('the HTTP interface', () => {
  test.each<[string, string, string | undefined, number]>([
    ['POST', '/echo', 'hello', 202],
    ['POST', '/echo?a=b', '', 202],
    ['GET', '/echo', undefined, 405],
    ['PUT', '/echo', 'hello', 405],
    ['DELETE', '/broken', undefined, 405],
    ['POST', '/echo/', 'hello', 404],
    ['POST', '/Echo', 'hello', 404],
    ['GET', '/', undefined, 404],
    ['GET', '/../echo', undefined, 405],
    ['GET', '/broken', undefined, 503],
  ])('answers %s %s', async (method, path, body, status) => {
    const { ask } = await served([echo, broken]);
    const answer = await ask(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(() => JSON.parse(answer.text)).not.toThrow();
  });

  test('hands a route the body’s own bytes', async () => {
    const { ask } = await served([echo]);
    expect(JSON.parse((await ask('POST', '/echo', '{"ä" : 1 }\n')).text)).toEqual({ said: '{"ä" : 1 }\n' });
  });

  test('tells a stranger nothing of what went wrong, and the log all', async () => {
    const { ask, log } = await served([broken]);
    expect((await ask('GET', '/broken')).text).not.toContain('hunter2');
    expect(log.lines).toMatchObject([{ level: 'error', fields: { path: '/broken' } }]);
  });

  test('hands everything else on', async () => {
    const { ask } = await served([echo], (request, response) =>
      response.writeHead(200).end(`other ${request.url}`),
    );
    expect((await ask('POST', '/slack/events', '')).text).toBe('other /slack/events');
    expect((await ask('GET', '/echo')).status).toBe(405);
  });

  test('listens on its address only', async () => {
    const { url, ask } = await served([echo]);
    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect((await ask('POST', '/echo', 'x')).status).toBe(202);
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of others)
      await expect(fetch(`http://${address}:${new URL(url).port}/echo`)).rejects.toThrow();
  });

  test('says so when its port is taken', async () => {
    const { url } = await served([echo]);
    const port = Number(new URL(url).port);
    await expect(startHttp([echo], null, { host: '127.0.0.1', port }, keptLog())).rejects.toThrow(
      'EADDRINUSE',
    );
  });

  test('answers what is in hand before it closes', async () => {
    const gate = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    const slow: Route = {
      method: 'GET',
      path: '/slow',
      handle: async () => {
        began.resolve();
        await gate.promise;
        return { status: 200, body: {} };
      },
    };
    const http = await startHttp([slow], null, { host: '127.0.0.1', port: 0 }, keptLog());
    const answer = fetch(`${http.url}/slow`, { headers: { connection: 'close' } });
    await began.promise;
    const closed = http.close();
    gate.resolve();
    expect((await answer).status).toBe(200);
    await closed;
    await expect(fetch(`${http.url}/slow`)).rejects.toThrow();
  });
});

describe('the health', () => {
  const pool = (url: string) => {
    const made = createPool(url, storeSchema, keptLog());
    onTestFinished(() => endPool(made));
    return made;
  };

  test('is good and ready with a database', async () => {
    const { url, drop } = await freshDatabase();
    onTestFinished(drop);
    const { ask } = await served(health(pool(url)));
    expect([(await ask('GET', '/healthz')).status, (await ask('GET', '/readyz')).status]).toEqual([200, 200]);
  });

  test('is good and not ready without one', async () => {
    const away = new URL(await nobody());
    const { ask } = await served(health(pool(`postgres://gonogo:secret@127.0.0.1:${away.port}/postgres`)));
    expect([(await ask('GET', '/healthz')).status, (await ask('GET', '/readyz')).status]).toEqual([200, 503]);
  });
});
