import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { websiteControl } from '../../../sandbox/website/control-client.ts';
import { startWebsite, type WebsiteOptions } from '../../../sandbox/website/server.ts';

async function started(options: WebsiteOptions = {}) {
  const site = await startWebsite(options);
  onTestFinished(() => site.close());
  return { site, control: websiteControl(site.controlUrl) };
}

interface Seen {
  status: number | undefined;
  location: string | undefined;
  body: string;
}

/** A visit by somebody who trusts the sandbox's authority. */
function visit(url: string, ca: string | null, options: RequestOptions = {}): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const asked = get(url, { ...(ca === null ? {} : { ca }), agent: false, ...options }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          location: response.headers.location,
          body: Buffer.concat(parts).toString(),
        }),
      );
    });
    asked.on('error', reject);
  });
}

function certificateOf(url: string): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('a fresh site is well', () => {
  test.each([
    ['/', 200, 'data-app="betterfleet-manage"'],
    ['/health', 200, '"status":"ok"'],
    ['/login', 200, 'Log in'],
    ['/nowhere', 404, 'Not found'],
  ])('%s answers %i', async (path, status, words) => {
    const { site } = await started();
    const seen = await visit(site.url + path, site.ca);
    expect(seen.status).toBe(status);
    expect(seen.body).toContain(words);
  });

  test('a page that needs a login redirects to it', async () => {
    const { site } = await started();
    expect(await visit(`${site.url}/overview`, site.ca)).toMatchObject({ status: 302, location: '/login' });
  });

  test('plain HTTP redirects to the site', async () => {
    const { site } = await started();
    const response = await fetch(`${site.controlUrl}/help?a=1`, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([301, `${site.url}/help?a=1`]);
  });
});

describe('the certificate', () => {
  test('is believed by whoever trusts the authority and by nobody else', async () => {
    const { site } = await started();
    expect((await visit(site.url, site.ca)).status).toBe(200);
    await expect(visit(site.url, null)).rejects.toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
    const other = await started();
    await expect(visit(site.url, other.site.ca)).rejects.toThrow();
  });

  test('is believed by a Node process that is started with NODE_EXTRA_CA_CERTS', async () => {
    const { site } = await started();
    const folder = mkdtempSync(join(tmpdir(), 'gonogo-ca-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'ca.pem');
    writeFileSync(file, site.ca ?? '');
    const script = `fetch(${JSON.stringify(site.url)}).then((answer) => console.log(answer.status))`;
    const env = { NODE_EXTRA_CA_CERTS: file };
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env });
    expect(stdout.trim()).toBe('200');
  });

  test.each([
    [400, 400],
    [9, 9],
    [-2, -2],
  ])('is valid for %i days when told', async (daysLeft, expected) => {
    const { site, control } = await started();
    await control.certificate(daysLeft);
    const { valid_to, subjectaltname } = await certificateOf(site.url);
    expect(Math.round((Date.parse(valid_to) - Date.now()) / 86_400_000)).toBe(expected);
    expect(subjectaltname).toBe('DNS:localhost, IP Address:127.0.0.1');
  });

  test('is shown anew to a visitor who keeps connections', async () => {
    const { site, control } = await started();
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    expect((await visit(site.url, site.ca, { agent })).status).toBe(200);
    await control.certificate(-1);
    await expect(visit(site.url, site.ca, { agent })).rejects.toThrow();
  });

  test('past its time is refused', async () => {
    const { site, control } = await started();
    await control.certificate(-1);
    await expect(visit(site.url, site.ca)).rejects.toMatchObject({ code: 'CERT_HAS_EXPIRED' });
  });

  test('does not exist on a site without TLS', async () => {
    const { site, control } = await started({ tls: false });
    expect((await fetch(`${site.url}/health`)).status).toBe(200);
    await expect(control.certificate(3)).rejects.toThrow('409 this site was started without TLS');
  });
});

describe('what is told to go wrong does', () => {
  test('a page takes another status and body, and comes back', async () => {
    const { site, control } = await started();
    await control.page('/', { status: 503, body: 'sorry' });
    expect(await visit(site.url, site.ca)).toMatchObject({ status: 503, body: 'sorry' });
    await control.page('/', null);
    expect((await visit(site.url, site.ca)).status).toBe(200);
  });

  test('redirects can go in circles', async () => {
    const { site, control } = await started();
    await control.page('/login', { redirect: '/overview' });
    expect((await visit(`${site.url}/login`, site.ca)).location).toBe('/overview');
    expect((await visit(`${site.url}/overview`, site.ca)).location).toBe('/login');
  });

  test.each([
    ['a page that answers late', { delayMs: 60_000 }],
    ['a page that stops in the middle', { body: 'half and half', stallMs: 60_000 }],
  ])('%s runs into the time limit of its visitor', async (_, page) => {
    const { site, control } = await started();
    await control.page('/', page);
    const late = visit(site.url, site.ca, { signal: AbortSignal.timeout(200) });
    await expect(late).rejects.toThrow();
  });

  test('a cut connection is no answer', async () => {
    const { site, control } = await started();
    await control.page('/overview', { reset: true });
    await expect(visit(`${site.url}/overview`, site.ca)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await control.outage(true);
    await expect(visit(site.url, site.ca)).rejects.toMatchObject({ code: 'ECONNRESET' });
    const paths = (await control.requests()).map(({ path, status }) => [path, status]);
    expect(paths).toEqual([
      ['/overview', null],
      ['/', null],
    ]);
    await control.reset();
    expect((await visit(site.url, site.ca)).status).toBe(200);
  });

  test('health fails with what is wrong in its JSON', async () => {
    const { site, control } = await started();
    await control.health({ status: 503, body: { status: 'degraded', checks: { database: 'timeout' } } });
    const seen = await visit(`${site.url}/health`, site.ca);
    expect(seen.status).toBe(503);
    expect(JSON.parse(seen.body)).toEqual({ status: 'degraded', checks: { database: 'timeout' } });
  });
});

test('the build is the one that was deployed last', async () => {
  const { site, control } = await started({ buildInfo: { version: '2026.46.1' } });
  const read = async () => JSON.parse((await visit(`${site.url}/build-info`, site.ca)).body);
  expect(await read()).toMatchObject({ version: '2026.46.1', branch: 'release' });
  await control.buildInfo({ commit: 'a'.repeat(40) });
  expect(await read()).toMatchObject({ commit: 'a'.repeat(40), version: '2026.46.1' });
  site.deploy({ commit: 'b'.repeat(40), version: '2026.47.0', builtAt: '2026-11-20T08:00:00Z' });
  expect(await read()).toEqual({
    commit: 'b'.repeat(40),
    branch: 'release',
    version: '2026.47.0',
    builtAt: '2026-11-20T08:00:00Z',
  });
});

test.each([
  ['page', { path: 'overview', page: {} }, 'a path such as'],
  ['page', { path: '/_control/state', page: {} }, 'a path such as'],
  ['page', { path: '/', page: { colour: 'red' } }, 'colour'],
  ['health', { status: 42 }, 'status'],
  ['build-info', { builtAt: 'yesterday' }, 'builtAt'],
  ['certificate', {}, 'daysLeft'],
  ['outage', { on: 'yes' }, 'on'],
])('a control body that is wrong is refused by name: %s', async (path, body, word) => {
  const { site } = await started();
  const response = await fetch(`${site.controlUrl}/_control/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(word);
});

test('a strange Host or Origin is refused, on the site too', async () => {
  const { site } = await started({ tls: false });
  const headers = { origin: 'http://evil.example' };
  expect((await fetch(site.url, { headers })).status).toBe(403);
  expect((await fetch(`${site.controlUrl}/_control/state`, { headers })).status).toBe(403);
});
