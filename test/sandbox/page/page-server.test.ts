import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningPage, startPage } from '../../../sandbox/page-server.ts';
import {
  listen,
  openEventStream,
  Router,
  type RunningServer,
  readJson,
  sendJson,
} from '../../../sandbox/shared/http.ts';

let service: RunningServer;
let page: RunningPage;

beforeAll(async () => {
  const router = new Router()
    .add('POST', '/_control/faults', async (exchange) => {
      sendJson(exchange.response, 201, { got: await readJson(exchange.request), query: exchange.url.search });
    })
    .add('GET', '/_control/changes', async ({ response }) => {
      const { send, closed } = openEventStream(response);
      send({ revision: 7 });
      await closed;
    });
  service = await listen(router);
  page = await startPage({ slackUrl: service.url, gitlabUrl: 'http://127.0.0.1:9' });
});

afterAll(async () => {
  await page.close();
  await service.close();
});

/** A request with headers that fetch does not let one set. */
function ask(path: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${page.url}${path}`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

describe('the page’s server', () => {
  test('serves TypeScript without its types, as JavaScript', async () => {
    const response = await fetch(`${page.url}/main.ts`);
    expect(response.headers.get('content-type')).toContain('text/javascript');
    expect(await response.text()).not.toContain('import type');
  });

  test('tells the browser to run nothing but the page’s own files', async () => {
    const policy = (await fetch(page.url)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
  });

  test.each([
    '/../page-server.ts',
    '/%2e%2e/page-server.ts',
    '/tsconfig.json',
    '/../../package.json',
    '/chat',
  ])('does not serve %s', async (path) => {
    expect(await ask(path, {})).toBe(404);
  });

  test.each([
    ['a rebound name', { host: 'evil.example' }],
    ['another port', { host: '127.0.0.1:1' }],
    ['a foreign origin', { origin: 'http://evil.example' }],
    ['another page on this machine', { origin: 'http://127.0.0.1:1' }],
  ])('refuses %s', async (_name, headers) => {
    expect(await ask('/', headers)).toBe(403);
    expect(await ask('/slack/_control/changes', headers)).toBe(403);
  });

  test('passes control calls on, body, query and status', async () => {
    const response = await fetch(`${page.url}/slack/_control/faults?a=1`, {
      method: 'POST',
      body: '{"kind":"slow"}',
    });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ got: { kind: 'slow' }, query: '?a=1' });
  });

  test('passes events on while the stream stays open', async () => {
    const response = await fetch(`${page.url}/slack/_control/changes`);
    const reader = response.body?.getReader();
    const first = await reader?.read();
    await reader?.cancel();
    expect(new TextDecoder().decode(first?.value)).toContain('"revision":7');
  });

  test('says so when a service does not answer', async () => {
    expect((await fetch(`${page.url}/gitlab/_control/state`)).status).toBe(502);
  });

  test('passes on nothing but control calls', async () => {
    expect((await fetch(`${page.url}/slack/api/auth.test`)).status).toBe(404);
  });
});
