import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { websiteControl } from '../../../sandbox/website/control-client.ts';
import { startWebsite } from '../../../sandbox/website/server.ts';
import { HttpWebProbe } from '../../../src/adapters/web/web-probe.ts';
import { nobody } from '../gitlab/stub.ts';

const probe = new HttpWebProbe();
const never = new AbortController().signal;
const limits = { timeLimitMs: 10_000, maxBytes: 10_000 };
const load = (url: string, change: Partial<typeof limits> = {}) =>
  probe.load(url, { ...limits, ...change }, never);

/** A site of the sandbox, whose authority this process trusts as one started with NODE_EXTRA_CA_CERTS would. */
async function website() {
  const site = await startWebsite();
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, site.ca ?? '']);
  onTestFinished(async () => {
    setDefaultCACertificates(before);
    await site.close();
  });
  return { site, control: websiteControl(site.controlUrl) };
}

/** A site that does what sites of the sandbox never do. */
async function oddSite(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a page loads', () => {
  test('with its status, its text and how long its certificate lasts', async () => {
    const { site, control } = await website();
    await control.certificate(9);
    const loaded = await load(site.url);
    expect(loaded).toMatchObject({ loaded: true, status: 200, url: `${site.url}/`, redirects: [] });
    if (!loaded.loaded) throw new Error(loaded.said);
    expect(loaded.body).toContain('data-app="betterfleet-manage"');
    const days = (Date.parse(loaded.certificateUntil ?? '') - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(9);
    expect(Date.parse(loaded.at)).not.toBeNaN();
    expect(loaded.tookMs).toBeGreaterThanOrEqual(0);
  });

  test('with the certificate that is shown now, not that of a load before', async () => {
    const { site, control } = await website();
    await load(site.url);
    await control.certificate(3);
    const loaded = await load(site.url);
    if (!loaded.loaded) throw new Error(loaded.said);
    expect(Math.round((Date.parse(loaded.certificateUntil ?? '') - Date.now()) / 86_400_000)).toBe(3);
  });

  test.each([404, 500, 503])(
    'with status %i too: that it is wrong is for the check to say',
    async (status) => {
      const { site, control } = await website();
      await control.page('/overview', { status, body: 'sorry' });
      expect(await load(`${site.url}/overview`)).toMatchObject({ loaded: true, status, body: 'sorry' });
    },
  );

  test('through redirects, from plain HTTP on, each of them told', async () => {
    const { site } = await website();
    const { origin } = new URL(site.controlUrl);
    expect(await load(`${origin}/overview`)).toMatchObject({
      loaded: true,
      status: 200,
      url: `${site.url}/login`,
      redirects: [
        { status: 301, from: `${origin}/overview`, to: `${site.url}/overview` },
        { status: 302, from: `${site.url}/overview`, to: `${site.url}/login` },
      ],
    });
  });

  test('without a certificate over plain HTTP, and as gonogo', async () => {
    let agent: string | undefined;
    const url = await oddSite((request, response) => {
      agent = request.headers['user-agent'];
      response.end('hello');
    });
    expect(await load(url)).toMatchObject({ loaded: true, body: 'hello', certificateUntil: null });
    expect(agent).toBe('gonogo');
  });

  test('cut at the limit, never within a character', async () => {
    const { site, control } = await website();
    await control.page('/long', { body: 'ä'.repeat(100_000) });
    expect(await load(`${site.url}/long`, { maxBytes: 7 })).toMatchObject({ loaded: true, body: 'äää' });
  });

  test.each([
    ['text/plain; charset=iso-8859-1', Buffer.from([0x67, 0xfc, 0x6e]), 'gün'],
    ['text/plain; charset=martian', Buffer.from('gün'), 'gün'],
  ])('in the charset that it names: %s', async (type, bytes, body) => {
    const url = await oddSite((_, response) => response.setHeader('content-type', type).end(bytes));
    expect(await load(url)).toMatchObject({ loaded: true, body });
  });
});

describe('a page does not load', () => {
  test.each([
    ['when its certificate has expired', -1],
    ['when its certificate has just expired', -0.001],
  ])('%s', async (_, daysLeft) => {
    const { site, control } = await website();
    await control.certificate(daysLeft);
    expect(await load(site.url)).toMatchObject({
      loaded: false,
      why: 'certificate',
      said: expect.stringMatching(/expired/i),
    });
  });

  test('when nobody trusts its certificate', async () => {
    const site = await startWebsite();
    onTestFinished(() => site.close());
    expect(await load(site.url)).toMatchObject({ loaded: false, why: 'certificate' });
  });

  test.each([
    ['no first byte', { delayMs: 60_000 }],
    ['the second half of the body', { stallMs: 60_000, body: 'half a page' }],
  ])('in time: %s comes', async (_, page) => {
    const { site, control } = await website();
    await control.page('/slow', page);
    expect(await load(`${site.url}/slow`, { timeLimitMs: 300 })).toMatchObject({
      loaded: false,
      why: 'timeout',
      said: 'no answer within 0.3 s',
    });
  });

  test('when the time is used up by redirects together', async () => {
    const { site, control } = await website();
    await control.page('/one', { redirect: '/two', delayMs: 400 });
    await control.page('/two', { body: 'there', delayMs: 400 });
    expect(await load(`${site.url}/one`, { timeLimitMs: 600 })).toMatchObject({ why: 'timeout' });
  });

  test('when the connection is cut, or nobody listens', async () => {
    const { site, control } = await website();
    await control.outage(true);
    const cut = { loaded: false, why: 'unreachable', said: 'the connection failed (ECONNRESET)' };
    expect(await load(site.url)).toMatchObject(cut);
    expect(await load(await nobody())).toMatchObject({ said: 'the connection failed (ECONNREFUSED)' });
  });

  test('when the connection is cut half-way through the body', async () => {
    const url = await oddSite((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
    });
    expect(await load(url)).toMatchObject({
      loaded: false,
      why: 'unreachable',
      said: expect.stringMatching(/half-way/),
    });
  });

  test('when it sends the visitor round in circles', async () => {
    const { site, control } = await website();
    await control.page('/a', { redirect: '/b' });
    await control.page('/b', { redirect: '/a' });
    const loaded = await load(`${site.url}/a`);
    expect(loaded).toMatchObject({ loaded: false, why: 'too-many-redirects' });
    expect(loaded.redirects).toHaveLength(11);
  });

  test.each(['mailto:someone@example.com', 'http://', 'file:///etc/hosts'])(
    'when it redirects to %s',
    async (redirect) => {
      const { site, control } = await website();
      await control.page('/away', { redirect });
      expect(await load(`${site.url}/away`)).toMatchObject({ loaded: false, why: 'unreachable' });
    },
  );

  test.each(['nonsense', 'ftp://example.com/'])('from %s', async (url) => {
    expect(await load(url)).toMatchObject({ loaded: false, why: 'unreachable' });
  });

  test('when it is packed though that was not asked for', async () => {
    const url = await oddSite((_, response) => response.setHeader('content-encoding', 'gzip').end('x'));
    expect(await load(url)).toMatchObject({
      loaded: false,
      why: 'unreachable',
      said: expect.stringMatching(/gzip/),
    });
  });
});

test('credentials go to their own origin alone and are shown nowhere', async () => {
  const seen: (string | undefined)[] = [];
  const other = await oddSite((request, response) => {
    seen.push(request.headers.authorization);
    response.end('other');
  });
  const own = await oddSite((request, response) => {
    seen.push(request.headers.authorization);
    if (request.url === '/') response.writeHead(302, { location: '/in' }).end();
    else response.writeHead(302, { location: other.replace('//', '//me:pass@') }).end();
  });
  const loaded = await load(own.replace('//', '//u:s%40cret@'));
  const basic = `Basic ${Buffer.from('u:s@cret').toString('base64')}`;
  expect(seen).toEqual([basic, basic, undefined]);
  expect(loaded).toMatchObject({ loaded: true, url: `${other}/` });
  expect(JSON.stringify(loaded)).not.toMatch(/s%40cret|s@cret|me:pass/);
});

test('a load ends when its caller ends it, with the caller’s reason', async () => {
  const { site, control } = await website();
  await control.page('/slow', { delayMs: 60_000 });
  const stop = new AbortController();
  const loading = probe.load(`${site.url}/slow`, limits, stop.signal);
  await vi.waitFor(async () => expect(await control.requests()).toHaveLength(1));
  const reason = new Error('enough');
  stop.abort(reason);
  await expect(loading).rejects.toBe(reason);
});
