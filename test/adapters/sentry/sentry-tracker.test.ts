import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { sentryControl } from '../../../sandbox/sentry/control-client.ts';
import { type SentryWorld, startSentry } from '../../../sandbox/sentry/server.ts';
import { SentryTracker } from '../../../src/adapters/sentry/sentry-tracker.ts';
import { OutsideError } from '../../../src/core/ports.ts';
import { answering, nobody } from '../gitlab/stub.ts';

const never = new AbortController().signal;
const minute = 60_000;
const staging = { project: 'manage-backend', environment: 'staging' };
/** A whole hour that is long over. */
const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3 * 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();
const span = { from: new Date(hour), to: new Date(hour + 10 * minute), bucketMs: 2 * minute };

async function sentry(world: Partial<SentryWorld> = {}) {
  const server = await startSentry({ world: { background: [], ingestionDelayMs: 0, ...world } });
  onTestFinished(() => server.close());
  const { url, token, organization } = server;
  const tracker = (change: object = {}) =>
    new SentryTracker({ url: `${url}/`, token, organization, timeoutMs: 5_000, ...change });
  return { url, tracker: tracker(), trackerWith: tracker, control: sentryControl(url) };
}
const trackerAt = (url: string) =>
  new SentryTracker({ url, token: 't', organization: 'betterfleet', timeoutMs: 1_000 });

/** A Sentry of one's own that is older than the endpoint for time series. */
async function withoutTimeseries(url: string): Promise<string> {
  const old = createServer(async (request, response) => {
    if (request.url?.includes('events-timeseries'))
      return void response.writeHead(404).end('{"info":"Route not found"}');
    const { authorization = '' } = request.headers;
    const answer = await fetch(url + request.url, { headers: { authorization } });
    response.writeHead(answer.status).end(await answer.text());
  });
  await new Promise<void>((ready) => old.listen(0, '127.0.0.1', ready));
  onTestFinished(() => {
    old.closeAllConnections();
    old.close();
  });
  return `http://127.0.0.1:${(old.address() as AddressInfo).port}`;
}

async function failure(reading: Promise<unknown>): Promise<OutsideError> {
  const error = await reading.then(
    () => new Error('it was read'),
    (reason: unknown) => reason,
  );
  if (error instanceof OutsideError) return error;
  throw error;
}

describe('errors are counted', () => {
  test('by stretches, oldest first, without the one that the end falls into', async () => {
    const { tracker, control } = await sentry();
    await control.errors({ ...staging, from: iso(hour), perMinute: [1, 2, 0, 0, 0, 5, 0, 0, 0, 7, 99] });
    const { buckets } = await tracker.errorCounts({ ...staging, ...span }, never);
    expect(buckets).toEqual([3, 0, 5, 0, 7].map((count, i) => ({ at: iso(hour + i * 2 * minute), count })));
  });

  test('of one project in one environment, by slug or by number', async () => {
    const { tracker, control } = await sentry();
    const at = { from: iso(hour) };
    await control.errors({ ...staging, ...at, perMinute: [4] });
    await control.errors({ ...staging, environment: 'production', ...at, perMinute: [50] });
    await control.errors({ ...staging, project: 'manage-web', ...at, perMinute: [60] });
    for (const project of ['manage-backend', '4501']) {
      const { buckets } = await tracker.errorCounts({ ...staging, project, ...span }, never);
      expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(4);
    }
  });

  test('in whole stretches alone: one that the span cuts would look like a quiet one', async () => {
    const { tracker, control } = await sentry();
    await control.errors({ ...staging, from: iso(hour), perMinute: Array<number>(20).fill(10) });
    const cut = { from: new Date(hour + 3 * minute), to: new Date(hour + 14 * minute), bucketMs: 5 * minute };
    const { buckets } = await tracker.errorCounts({ ...staging, ...cut }, never);
    expect(buckets).toEqual([{ at: iso(hour + 5 * minute), count: 50 }]);
  });

  test('but not where Sentry still takes them in', async () => {
    const { tracker } = await sentry();
    const now = Date.now();
    const last = { from: new Date(now - 30 * minute), to: new Date(now), bucketMs: minute };
    const { buckets } = await tracker.errorCounts({ ...staging, ...last }, never);
    const ends = buckets.map(({ at }) => Date.parse(at) + minute);
    expect(Math.max(...ends)).toBeLessThanOrEqual(Date.now() - 90_000);
    expect(buckets.length).toBeGreaterThanOrEqual(26);
  });

  test('through the older endpoint where the newer one is missing, in the same stretches', async () => {
    const { tracker, trackerWith, control, url } = await sentry();
    await control.errors({ ...staging, from: iso(hour), perMinute: [1, 2, 0, 0, 0, 5, 0, 0, 0, 7] });
    const expected = await tracker.errorCounts({ ...staging, ...span }, never);
    const older = trackerWith({ url: await withoutTimeseries(url) });
    const found = await older.errorCounts({ ...staging, ...span }, never);
    expect(found.buckets).toEqual(expected.buckets);
  });

  test('through the older endpoint too, not where Sentry still takes them in', async () => {
    const { trackerWith, url } = await sentry();
    const older = trackerWith({ url: await withoutTimeseries(url) });
    const now = Date.now();
    const last = { from: new Date(now - 30 * minute), to: new Date(now), bucketMs: minute };
    const { buckets } = await older.errorCounts({ ...staging, ...last }, never);
    const ends = buckets.map(({ at }) => Date.parse(at) + minute);
    expect(Math.max(...ends)).toBeLessThanOrEqual(Date.now() - 90_000);
  });

  test('with a page for people', async () => {
    const { tracker, url } = await sentry();
    const { url: page } = await tracker.errorCounts({ ...staging, ...span }, never);
    const { origin, pathname, searchParams } = new URL(page);
    expect([origin, pathname]).toEqual([url, '/organizations/betterfleet/issues/']);
    expect(Object.fromEntries(searchParams)).toEqual({
      query: 'project:manage-backend',
      environment: 'staging',
      start: iso(hour),
      end: iso(hour + 10 * minute),
    });
  });
});

describe('issues are found', () => {
  test('by Sentry’s own search, in one environment', async () => {
    const { tracker, control } = await sentry();
    await control.addIssue({
      ...staging,
      title: 'TypeError: depot is undefined',
      culprit: 'overview in load',
      firstRelease: '2026.47.0',
      count: 12,
      userCount: 3,
    });
    await control.addIssue({ ...staging, title: 'Old', firstRelease: '2026.46.0' });
    await control.addIssue({
      ...staging,
      environment: 'production',
      title: 'Elsewhere',
      firstRelease: '2026.47.0',
    });
    const search = 'firstRelease:2026.47.0 is:unresolved';
    const { issues, url } = await tracker.issues({ ...staging, search }, never);
    expect(issues).toEqual([
      {
        id: expect.stringMatching(/^MANAGE-BACKEND-/),
        title: 'TypeError: depot is undefined',
        culprit: 'overview in load',
        url: expect.stringMatching(/^http.*\/issues\/\d+\/$/),
        count: 12,
        users: 3,
        firstSeen: expect.any(String),
        lastSeen: expect.any(String),
        level: 'error',
      },
    ]);
    expect(new URL(url).searchParams.get('query')).toBe(`${search} project:manage-backend`);
  });

  test('on every page', async () => {
    const { tracker, control } = await sentry();
    for (let i = 0; i < 205; i += 1) await control.addIssue({ ...staging, title: `Error ${i}` });
    const { issues } = await tracker.issues({ ...staging, search: 'is:unresolved' }, never);
    expect(new Set(issues.map(({ id }) => id)).size).toBe(205);
  });

  test('only so many: more than can be judged is no answer', async () => {
    const one = {
      shortId: 'A-1',
      title: 't',
      culprit: null,
      permalink: 'https://s/1/',
      count: '1',
      userCount: 0,
      firstSeen: iso(hour),
      lastSeen: iso(hour),
      level: 'error',
    };
    const link = '<http://s/>; rel="next"; results="true"; cursor="0:100:0"';
    const { url, seen } = await answering(200, JSON.stringify(Array(100).fill(one)), { link });
    const { kind, problem } = await failure(trackerAt(url).issues({ ...staging, search: '' }, never));
    expect([kind, problem.code, seen.length]).toEqual(['refused', 'sentry-too-much', 10]);
  });
});

describe('a read of Sentry', () => {
  const count = (tracker: SentryTracker, place = staging) =>
    tracker.errorCounts({ ...place, ...span }, never);

  test.each([
    ['environment', { ...staging, environment: 'nowhere' }, '404'],
    ['project', { ...staging, project: 'nothing' }, '403'],
  ])('of an unknown %s is refused, naming both', async (_, place, status) => {
    const { tracker } = await sentry();
    const { kind, problem } = await failure(count(tracker, place));
    expect([kind, problem.code]).toEqual(['refused', 'sentry-refused']);
    expect(problem.what).toBe(`Sentry shows nothing of ${place.project} in ${place.environment}.`);
    expect(problem.why).toContain(status);
  });

  test('with a wrong token is refused', async () => {
    const { trackerWith } = await sentry();
    const { kind, problem } = await failure(count(trackerWith({ token: 'wrong' })));
    expect([kind, problem.code]).toEqual(['refused', 'sentry-token-refused']);
  });

  test('with a search that Sentry can’t parse is refused in its words', async () => {
    const { tracker } = await sentry();
    const { kind, problem } = await failure(tracker.issues({ ...staging, search: 'is:(' }, never));
    expect([kind, problem.code]).toEqual(['refused', 'sentry-unread']);
    expect(problem.why).toContain('Error parsing search query');
  });

  test.each(['http500', 'http502', 'http503', 'reset', 'http429'] as const)(
    'is repeated after %s',
    async (kind) => {
      const { tracker, control } = await sentry();
      await control.addFault({ kind, times: 1 });
      expect((await count(tracker)).buckets).toHaveLength(5);
      expect(await control.requests()).toHaveLength(2);
    },
  );

  test('is left to the caller when Sentry asks for a long rest', async () => {
    const { tracker, control } = await sentry();
    await control.addFault({ kind: 'http429', retryAfter: 60 });
    const { kind, retryAfterMs } = await failure(count(tracker));
    expect(kind).toBe('busy');
    expect(retryAfterMs).toBeGreaterThan(55_000);
    expect(await control.requests()).toHaveLength(1);
  });

  test('gives up after four tries', async () => {
    const { tracker, control } = await sentry();
    await control.addFault({ kind: 'outage' });
    expect(await failure(count(tracker))).toMatchObject({
      kind: 'unreachable',
      problem: { code: 'sentry-unread' },
    });
    expect(await control.requests()).toHaveLength(4);
  });

  test('without an answer in time, or from nobody, throws', async () => {
    const { trackerWith, control } = await sentry();
    await control.addFault({ kind: 'slow', delayMs: 60_000 });
    const late = await failure(count(trackerWith({ timeoutMs: 100 })));
    expect(late.problem.why).toBe('no answer within 0.1 s');
    const gone = await failure(count(trackerAt(await nobody())));
    expect(gone.problem.why).toBe('the connection failed (ECONNREFUSED)');
  });

  test.each(['{"timeSeries":[]}', '{"colour":"red"}', '<html>'])(
    'whose answer is not understood throws: %s',
    async (body) => {
      const { url } = await answering(200, body);
      expect((await failure(count(trackerAt(url)))).problem.code).toBe('sentry-unread');
    },
  );

  test('ends when its caller ends it, with the caller’s reason', async () => {
    const { tracker, control } = await sentry();
    await control.addFault({ kind: 'slow', delayMs: 60_000 });
    const stop = new AbortController();
    const reading = tracker.errorCounts({ ...staging, ...span }, stop.signal);
    await vi.waitFor(async () => expect((await control.state()).faults[0]?.struck).toBe(1));
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });
});
