import { describe, expect, onTestFinished, test } from 'vitest';
import { sentryControl } from '../../../sandbox/sentry/control-client.ts';
import { type SentryWorld, startSentry } from '../../../sandbox/sentry/server.ts';

const quiet: Partial<SentryWorld> = { background: [], ingestionDelayMs: 0 };
const minute = 60_000;

async function started(world: Partial<SentryWorld> = quiet) {
  const sentry = await startSentry({ world });
  onTestFinished(() => sentry.close());
  const base = `${sentry.url}/api/0/organizations/${sentry.organization}`;
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${base}/${path}`, {
      ...init,
      headers: { authorization: `Bearer ${sentry.token}`, ...init.headers },
    });
  const read = async <T>(path: string): Promise<T> => {
    const response = await ask(path);
    expect(response.status, path).toBe(200);
    return (await response.json()) as T;
  };
  return { sentry, base, ask, read, control: sentryControl(sentry.url) };
}

interface Series {
  timeSeries: {
    values: { timestamp: number; value: number; incomplete: boolean; incompleteReason?: string }[];
    yAxis: string;
    meta: { interval: number; valueType: string };
  }[];
  meta: { dataset: string; start: number; end: number };
}

/** A whole hour that is long over: nothing in it is incomplete. */
const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3 * 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();
const span = `start=${iso(hour)}&end=${iso(hour + 10 * minute)}`;
const series = `events-timeseries/?dataset=errors&interval=1m&${span}`;
const staging = { project: 'manage-backend', environment: 'staging' };
const values = (answer: Series) => answer.timeSeries[0]?.values.map(({ value }) => value);

describe('errors over time', () => {
  test('are counted by bucket, in milliseconds, with the one that the end falls into', async () => {
    const { read, control } = await started();
    await control.errors({ ...staging, from: iso(hour), perMinute: [1, 0, 2, 0, 0, 0, 0, 0, 0, 7, 99] });
    const answer = await read<Series>(series);
    expect(values(answer)).toEqual([1, 0, 2, 0, 0, 0, 0, 0, 0, 7, 0]);
    expect(answer.meta).toEqual({ dataset: 'errors', start: hour, end: hour + 10 * minute });
    const [first] = answer.timeSeries;
    expect(first?.yAxis).toBe('count()');
    expect(first?.meta).toMatchObject({ interval: minute, valueType: 'integer' });
    expect(first?.values[0]).toEqual({ timestamp: hour, value: 1, incomplete: false });
  });

  test('a first bucket that is cut holds only what came after the start', async () => {
    const { read, control } = await started();
    await control.errors({ ...staging, from: iso(hour), perMinute: [10, 10, 10, 10, 10] });
    const cut = `start=${iso(hour + 2 * minute)}&end=${iso(hour + 7 * minute)}`;
    const answer = await read<Series>(`events-timeseries/?dataset=errors&interval=5m&${cut}`);
    expect(answer.timeSeries[0]?.values.map(({ timestamp, value }) => [timestamp - hour, value])).toEqual([
      [0, 30],
      [5 * minute, 0],
    ]);
  });

  test('what is younger than 90 seconds is incomplete', async () => {
    const { read } = await started();
    const answer = await read<Series>('events-timeseries/?dataset=errors&interval=1m&statsPeriod=10m');
    const incomplete = answer.timeSeries[0]?.values.filter((value) => value.incomplete) ?? [];
    expect(incomplete.length).toBeGreaterThanOrEqual(2);
    expect(incomplete.length).toBeLessThanOrEqual(3);
    expect(incomplete[0]?.incompleteReason).toBe('INCOMPLETE_BUCKET');
    expect(answer.timeSeries[0]?.values[0]).not.toHaveProperty('incompleteReason');
  });

  test('an error is found only when it has been taken in', async () => {
    const { read, control } = await started({ ...quiet, ingestionDelayMs: 600_000 });
    await control.errors({ ...staging, perMinute: Array<number>(30).fill(60) });
    const late = await read<Series>('events-timeseries/?dataset=errors&interval=1m&statsPeriod=9m');
    expect(values(late)?.every((value) => value === 0)).toBe(true);
    await control.world({ ingestionDelayMs: 0 });
    const found = await read<Series>('events-timeseries/?dataset=errors&interval=1m&statsPeriod=9m');
    expect(values(found)?.some((value) => value >= 60)).toBe(true);
  });

  test.each([
    ['all', '', 15],
    ['one project', '&project=4501', 11],
    ['two projects', '&project=4501&project=4502', 15],
    ['all projects', '&project=-1', 15],
    ['an environment', '&environment=production', 4],
    ['two environments', '&environment=production&environment=staging', 15],
    ['a release', '&query=release:2026.47.0', 8],
    ['a release, with a star', '&query=release:2026.4*', 9],
    ['one of two releases', '&query=release:[2026.46.0,2026.47.0]', 9],
    ['not a release', '&query=!release:2026.47.0', 7],
    ['a value in quotes', '&query=transaction:"GET /overview"', 8],
    ['a platform', '&query=platform:javascript', 4],
    ['a tag that nothing has', '&query=colour:red', 0],
    ['a parameter that does not exist', '&colour=red', 15],
    ['a data set that holds no errors', '&dataset=spans', 15],
  ])('%s', async (_, query, total) => {
    const { read, control } = await started();
    const at = { from: iso(hour) };
    await control.errors({
      ...staging,
      ...at,
      tags: { release: '2026.47.0', transaction: 'GET /overview' },
      perMinute: [8],
    });
    await control.errors({ ...staging, ...at, tags: { release: '2026.46.0' }, perMinute: [1] });
    await control.errors({ ...staging, ...at, perMinute: [2] });
    await control.errors({ project: 'manage-web', environment: 'production', ...at, perMinute: [4] });
    expect(values(await read<Series>(series + query))?.reduce((a, b) => a + b, 0)).toBe(total);
  });

  test('the background is the same each time, about as much as told, and goes on', async () => {
    const background = [{ ...staging, perMinute: 3 }];
    const { read } = await started({ background, ingestionDelayMs: 0 });
    const day = `events-timeseries/?dataset=errors&interval=1m&start=${iso(hour - 86_400_000)}&end=${iso(hour)}`;
    const counts = values(await read<Series>(day)) ?? [];
    expect(values(await read<Series>(day))).toEqual(counts);
    const mean = counts.reduce((a, b) => a + b, 0) / 1440;
    expect(mean).toBeGreaterThan(2.5);
    expect(mean).toBeLessThan(3.5);
    expect(new Set(counts).size).toBeGreaterThan(5);
  });

  test('/events-stats/ has the same in seconds, without the bucket that the end cuts', async () => {
    const { read, control } = await started();
    await control.errors({ ...staging, from: iso(hour), perMinute: [5, 6, 7] });
    const query = `dataset=errors&interval=1m&start=${iso(hour)}&end=${iso(hour + 2.5 * minute)}`;
    const at = hour / 1000;
    const whole = await read<{ data: unknown; meta: object; start: number }>(`events-stats/?${query}`);
    expect(whole.data).toEqual([
      [at, [{ count: 5 }]],
      [at + 60, [{ count: 6 }]],
    ]);
    expect(whole).toMatchObject({ start: at, isMetricsData: false, meta: { fields: { count: 'integer' } } });
    const partial = await read<{ data: unknown[] }>(`events-stats/?${query}&partial=1`);
    expect(partial.data[2]).toEqual([at + 120, [{ count: 3 }]]);
  });

  test('two axes are two series', async () => {
    const { read, control } = await started();
    await control.errors({ ...staging, from: iso(hour), perMinute: [6] });
    const answer = await read<Series>(`${series}&yAxis=count()&yAxis=epm()`);
    expect(answer.timeSeries.map(({ yAxis, values: [first] }) => [yAxis, first?.value])).toEqual([
      ['count()', 6],
      ['epm()', 6],
    ]);
  });
});

describe('issues', () => {
  async function stocked() {
    const town = await started();
    const add = (title: string, more: object) => town.control.addIssue({ ...staging, title, ...more });
    await add('TypeError: x is undefined', {
      firstRelease: '2026.47.0',
      project: 'manage-web',
      culprit: '/overview',
      count: 12,
    });
    await add('ValueError: bad tariff', {
      firstRelease: '2026.47.0',
      firstSeen: iso(Date.now() - 3 * 3_600_000),
    });
    await add('KeyError: depot', {
      firstRelease: '2026.46.0',
      firstSeen: iso(hour - 86_400_000),
      lastSeen: iso(hour),
    });
    const { id } = await add('OldError: solved', { firstRelease: '2026.47.0' });
    await town.control.setStatus({ id, status: 'resolved' });
    await add('Elsewhere: prod', { environment: 'production', firstRelease: '2026.47.0' });
    return town;
  }

  const q = (text: string) => `query=${encodeURIComponent(text)}`;
  test.each([
    ['unresolved ones when there is no query', '', ['Elsewhere', 'KeyError', 'TypeError', 'ValueError']],
    ['all with an empty query', 'query=', ['Elsewhere', 'KeyError', 'OldError', 'TypeError', 'ValueError']],
    [
      'new in a release',
      `${q('firstRelease:2026.47.0 is:unresolved')}&environment=staging`,
      ['TypeError', 'ValueError'],
    ],
    ['new in another', q('firstRelease:"2026.46.0"'), ['KeyError']],
    ['resolved', q('is:resolved'), ['OldError']],
    ['not resolved', q('!is:resolved firstRelease:2026.47.0'), ['Elsewhere', 'TypeError', 'ValueError']],
    ['of a project', 'project=4502', ['TypeError']],
    ['with a word', q('tariff'), ['ValueError']],
    ['younger than an hour', q('is:unresolved firstSeen:-1h'), ['Elsewhere', 'TypeError']],
    ['older than an hour', q('is:unresolved age:+1h'), ['KeyError', 'ValueError']],
    [
      'since a moment',
      q(`firstSeen:>${iso(hour - 3_600_000)} is:unresolved`),
      ['Elsewhere', 'TypeError', 'ValueError'],
    ],
    ['seen in the last minutes', 'statsPeriod=10m', ['Elsewhere', 'TypeError', 'ValueError']],
  ])('%s', async (_, query, names) => {
    const { read } = await stocked();
    const found = await read<{ title: string }[]>(`issues/?${query}`);
    expect(found.map(({ title }) => title.split(':')[0]).sort()).toEqual(names);
  });

  test('have Sentry’s fields; only a single one names its first release', async () => {
    const { read } = await stocked();
    const [issue] = await read<{ id: string; permalink: string }[]>(`issues/?${q('x')}&project=4502`);
    expect(issue).toMatchObject({
      title: 'TypeError: x is undefined',
      metadata: { type: 'TypeError', value: 'x is undefined' },
      culprit: '/overview',
      status: 'unresolved',
      count: '12',
      project: { id: '4502', slug: 'manage-web' },
    });
    expect(issue).not.toHaveProperty('firstRelease');
    const single = await read<object>(`issues/${issue?.id}/`);
    expect(single).toMatchObject({ firstRelease: { version: '2026.47.0' } });
    expect(await (await fetch(issue?.permalink ?? '')).text()).toContain('first seen in 2026.47.0');
  });

  test('come in pages whose Link header says if there is more', async () => {
    const { ask, base } = await stocked();
    const links = async (path: string) => {
      const response = await ask(path);
      const titles = ((await response.json()) as { title: string }[]).map(({ title }) => title.split(':')[0]);
      const next = /<([^>]+)>; rel="next"; results="(\w+)"; cursor="([^"]+)"/.exec(
        response.headers.get('link') ?? '',
      );
      return {
        titles,
        url: next?.[1] ?? '',
        more: next?.[2],
        cursor: next?.[3],
        hits: response.headers.get('x-hits'),
      };
    };
    const first = await links('issues/?query=&limit=3&sort=new');
    expect(first).toMatchObject({ more: 'true', cursor: '0:3:0', hits: '5' });
    const second = await links(first.url.slice(base.length + 1));
    expect(second.more).toBe('false');
    expect([...first.titles, ...second.titles]).toHaveLength(5);
    expect(new Set([...first.titles, ...second.titles]).size).toBe(5);
  });
});

test('projects and environments are listed', async () => {
  const { read } = await started();
  expect(await read('projects/')).toMatchObject([{ id: '4501', slug: 'manage-backend' }, { id: '4502' }]);
  expect(await read('environments/')).toMatchObject([{ name: 'staging' }, { name: 'production' }]);
});

describe('refusals', () => {
  const anonymous = { authorization: '' };
  test.each([
    ['no token', series, anonymous, 401, 'Authentication credentials were not provided.'],
    ['a wrong token', series, { authorization: 'Bearer wrong' }, 401, 'Invalid token'],
    ['an address without its slash', 'issues?query=', {}, 404, 'did you forget a trailing slash?'],
    ['an unknown address', 'nonsense/', {}, 404, 'Route not found'],
    ['an unknown issue', 'issues/1/', {}, 404, 'The requested resource does not exist'],
    [
      'an unknown environment',
      `${series}&environment=moon`,
      {},
      404,
      'The requested resource does not exist',
    ],
    [
      'an unknown environment of issues',
      'issues/?environment=moon',
      {},
      404,
      'The requested resource does not exist',
    ],
    ['an unknown project', `${series}&project=1`, {}, 403, 'You do not have permission'],
    ['a project by name', `${series}&project=manage-web`, {}, 400, 'Values must be numbers.'],
    [
      'an unknown data set',
      'events-timeseries/?dataset=error',
      {},
      400,
      'dataset must be one of: discover, errors',
    ],
    ['an unknown function', `${series}&yAxis=sum(errors)`, {}, 400, 'is not a valid function'],
    [
      'a start without an end',
      `events-timeseries/?dataset=errors&start=${iso(hour)}`,
      {},
      400,
      'start and end are both required',
    ],
    [
      'an end before the start',
      `events-stats/?start=${iso(hour)}&end=${iso(hour - 1)}`,
      {},
      400,
      'start must be before end',
    ],
    [
      'a time that is none',
      'events-stats/?start=yesterday&end=today',
      {},
      400,
      'yesterday is not a valid ISO8601 date query',
    ],
    ['a period that is none', 'events-stats/?statsPeriod=10min', {}, 400, "Invalid statsPeriod: '10min'"],
    [
      'too many buckets',
      'events-timeseries/?dataset=errors&interval=1s&statsPeriod=7d',
      {},
      400,
      'would create too many results',
    ],
    [
      'an interval of nothing',
      'events-timeseries/?dataset=errors&interval=0s&statsPeriod=1h',
      {},
      400,
      'zero duration',
    ],
    ['a state that is none', 'issues/?query=is:broken', {}, 400, 'Invalid value for \\"is\\" search'],
    ['a time in a search that is none', 'issues/?query=firstSeen:>-7d', {}, 400, 'Invalid date: >-7d'],
    ['a key without a value', 'issues/?query=firstRelease:', {}, 400, "Empty string after 'firstRelease:'"],
    ['a quote left open', 'issues/?query="half', {}, 400, 'unmatched quotes'],
    ['OR', 'issues/?query=is:unresolved OR is:ignored', {}, 400, 'not supported'],
    ['an unknown order', 'issues/?sort=beauty', {}, 400, 'Invalid sort parameter'],
    ['a wrong statistics period', 'issues/?groupStatsPeriod=1h', {}, 400, 'Invalid stats_period'],
    ['a cursor that is none', 'issues/?cursor=next', {}, 400, 'Invalid cursor parameter.'],
    ['a page that is too long', 'projects/?per_page=500', {}, 400, 'Must be between 1 and 100'],
  ])('%s', async (_, path, headers, status, words) => {
    const { ask } = await started();
    const response = await ask(path, { headers });
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(words);
  });

  test('another organization does not exist', async () => {
    const { sentry } = await started();
    const headers = { authorization: `Bearer ${sentry.token}` };
    expect((await fetch(`${sentry.url}/api/0/organizations/other/projects/`, { headers })).status).toBe(404);
  });

  test('nothing can be written', async () => {
    const { ask } = await started();
    const response = await ask('issues/', { method: 'PUT' });
    expect([response.status, await response.json()]).toEqual([405, { detail: 'Method "PUT" not allowed.' }]);
  });

  test('a scope that is missing closes its endpoints only', async () => {
    const { ask, control } = await started();
    await control.world({ scopes: ['org:read'] });
    expect((await ask('issues/')).status).toBe(403);
    expect((await ask(series)).status).toBe(200);
    await control.world({ scopes: ['event:read'] });
    for (const path of [series, 'events-stats/', 'projects/', 'environments/'])
      expect((await ask(path)).status).toBe(403);
  });

  test('a hidden project is refused and in no list', async () => {
    const { ask, read, control } = await started();
    const { world } = await control.state();
    await control.world({
      projects: world.projects.map((one) => ({ ...one, hidden: one.slug === 'manage-web' })),
    });
    expect(await read('projects/')).toMatchObject([{ slug: 'manage-backend' }]);
    expect((await ask(`${series}&project=4502`)).status).toBe(403);
  });

  test('too many in a second get 429 with when it ends', async () => {
    const { ask } = await started({ ...quiet, requestsPerSecond: 1 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask('issues/')));
    const refused = answers.find(({ status }) => status === 429);
    expect(await refused?.json()).toEqual({
      detail: 'You are attempting to use this endpoint too frequently. Limit is 1 requests in 1 seconds',
    });
    expect(refused?.headers.get('x-sentry-rate-limit-remaining')).toBe('0');
    expect(refused?.headers.get('retry-after')).toBeNull();
    expect(Number(refused?.headers.get('x-sentry-rate-limit-reset'))).toBeGreaterThanOrEqual(
      Math.floor(Date.now() / 1000),
    );
  });
});

describe('faults', () => {
  test.each([
    ['http500', 500, 'Internal Error'],
    ['http502', 502, 'Bad Gateway'],
    ['http503', 503, 'Service Unavailable'],
    ['http429', 429, 'too frequently'],
  ] as const)('%s strikes as often as told, on its route', async (kind, status, words) => {
    const { ask, control } = await started();
    await control.addFault({ kind, route: 'GET /issues/', times: 1 });
    expect((await ask('projects/')).status).toBe(200);
    const struck = await ask('issues/');
    expect([struck.status, await struck.text()]).toEqual([status, expect.stringContaining(words)]);
    expect((await ask('issues/')).status).toBe(200);
    expect(await control.requests('GET /issues/')).toMatchObject([{ fault: kind, status }, { status: 200 }]);
  });

  test.each(['reset', 'outage'] as const)('%s cuts the connection until it is taken back', async (kind) => {
    const { ask, control } = await started();
    await control.addFault({ kind });
    await expect(ask('issues/')).rejects.toThrow('fetch failed');
    await control.removeFault();
    expect((await ask('issues/')).status).toBe(200);
  });

  test.each(['slow', 'acceptThenTimeout'] as const)(
    '%s runs into the time limit of the caller',
    async (kind) => {
      const { ask, control } = await started();
      await control.addFault({ kind, delayMs: 60_000 });
      await expect(ask('issues/', { signal: AbortSignal.timeout(100) })).rejects.toThrow('timeout');
    },
  );
});

test.each([
  ['errors', { ...staging, perMinute: [] }, 400, 'perMinute'],
  ['errors', { ...staging, perMinute: [-1] }, 400, 'perMinute'],
  ['errors', { ...staging, project: 'nope', perMinute: [1] }, 404, 'no project nope'],
  ['issues', { ...staging, environment: 'moon', title: 'x' }, 404, 'no environment moon'],
  ['issues', { ...staging }, 400, 'title'],
  ['issues/status', { id: '1', status: 'resolved' }, 404, 'no issue 1'],
  ['faults', { kind: 'dropWebhook' }, 400, 'kind'],
  ['world', { scopes: ['org:write'] }, 400, 'scopes'],
])('the control endpoint %s refuses %j', async (path, body, status, words) => {
  const { sentry } = await started();
  const response = await fetch(`${sentry.url}/_control/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(status);
  expect(await response.text()).toContain(words);
});

test('a strange Host or Origin is refused', async () => {
  const { ask } = await started();
  expect((await ask('projects/', { headers: { origin: 'http://evil.example' } })).status).toBe(403);
});
