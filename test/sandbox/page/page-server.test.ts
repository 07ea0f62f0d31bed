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
  page = await startPage({
    slackUrl: service.url,
    gitlabUrl: 'http://127.0.0.1:9',
    sentryUrl: service.url,
  });
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

  test('tells of all services in one stream: who is away, who is there, and what changed', async () => {
    const response = await fetch(`${page.url}/_page/changes`);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const heard: string[] = [];
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const read = (async () => {
      for (;;) {
        const next = await reader?.read();
        if (!next || next.done) return;
        heard.push(...next.value.split('\n\n').filter(Boolean));
      }
    })();
    const event = (service: string, connection: string) => `data: ${JSON.stringify({ service, connection })}`;
    await expect.poll(() => heard).toContain(event('slack', 'live'));
    expect(heard).toContain(event('gitlab', 'connecting'));
    // Sentry does not tell of changes itself: what is done to it through the page is told here.
    const before = heard.filter((one) => one === event('sentry', 'live')).length;
    expect(before).toBe(1);
    await fetch(`${page.url}/sentry/_control/faults`, { method: 'POST', body: '{}' });
    await expect.poll(() => heard.filter((one) => one === event('sentry', 'live')).length).toBe(2);
    await reader?.cancel();
    await read;
  });

  test('says so when a service does not answer', async () => {
    expect((await fetch(`${page.url}/gitlab/_control/state`)).status).toBe(502);
  });

  test('knows only the services that it was started with', async () => {
    const settings = (await (await fetch(`${page.url}/_page/settings.json`)).json()) as {
      services: string[];
    };
    expect(settings.services).toEqual(['slack', 'gitlab', 'sentry']);
    expect((await fetch(`${page.url}/linear/_control/state`)).status).toBe(404);
  });

  test('passes on nothing but control calls', async () => {
    expect((await fetch(`${page.url}/slack/api/auth.test`)).status).toBe(404);
  });
});
