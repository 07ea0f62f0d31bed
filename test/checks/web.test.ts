import { describe, expect, test } from 'vitest';
import type { PageLoad } from '../../src/core/sources.ts';
import { judged, loaded, unloaded } from './support/release.ts';

function web(load: PageLoad, asked: string[] = []) {
  return {
    web: {
      load: async (url: string) => {
        asked.push(url);
        return load;
      },
    },
  };
}
const url = 'https://staging.example/';
const day = (count: number) =>
  new Date(Date.parse('2026-11-22T12:00:00Z') + count * 86_400_000).toISOString();

describe('a page', () => {
  test.each<[string, object, PageLoad, string]>([
    ['that loads', {}, loaded(), 'pass'],
    ['with another status', {}, loaded({ status: 503 }), 'fail'],
    ['with the wanted status', { status: 401 }, loaded({ status: 401 }), 'pass'],
    ['with its text', { contains: 'BetterFleet' }, loaded({ body: '<h1>BetterFleet</h1>' }), 'pass'],
    ['without its text', { contains: 'BetterFleet' }, loaded({ body: 'Bad gateway' }), 'fail'],
    ['too long to find its text', { contains: 'z' }, loaded({ body: 'x'.repeat(2_000_000) }), 'inconclusive'],
    ['whose certificate holds', {}, loaded({ certificateUntil: day(14) }), 'pass'],
    ['whose certificate ends soon', {}, loaded({ certificateUntil: day(13.9) }), 'fail'],
    [
      'whose certificate may end soon',
      { 'certificate-days': 3 },
      loaded({ certificateUntil: day(4) }),
      'pass',
    ],
    ['whose certificate cannot be read', {}, loaded({ certificateUntil: 'soon' }), 'inconclusive'],
    ['that does not answer', {}, unloaded('timeout'), 'fail'],
    ['with a bad certificate', {}, unloaded('certificate'), 'fail'],
    ['that redirects for ever', {}, unloaded('too-many-redirects'), 'fail'],
    ['that is not there', {}, unloaded('unreachable'), 'fail'],
  ])('%s', async (_, params, load, outcome) => {
    const finding = await judged('url-loads', { url, ...params }, web(load));
    expect(finding.outcome).toBe(outcome);
    expect(finding.remedy === '').toBe(outcome === 'pass');
  });

  test('shows its redirects as evidence, and no times in its reason', async () => {
    const redirects = [{ status: 302, from: url, to: `${url}login` }];
    const finding = await judged('url-loads', { url }, web(loaded({ redirects, url: `${url}login` })));
    expect(finding.evidence.map(({ label, value }) => `${label}: ${value}`)).toEqual([
      `Redirect 302: ${url} → ${url}login`,
      `${url}: status 200 in 12 ms`,
      'Certificate: none: plain HTTP',
    ]);
    expect(finding.reason).toBe(`${url} loads.`);
  });

  test('given as a path is meant on the environment', async () => {
    const asked: string[] = [];
    await judged('url-loads', { url: '/login' }, web(loaded(), asked));
    expect(asked).toEqual(['https://staging.example/login']);
  });

  test.each(['staging.example', '//staging.example', 'file:///etc/hosts', 'https://', ''])(
    'has no address like "%s"',
    async (wrong) => {
      await expect(judged('url-loads', { url: wrong }, web(loaded()))).rejects.toThrow('is no address');
    },
  );
});

describe('the health of a service', () => {
  const params = { url, path: '$.checks[*].status', equals: 'ok' };
  const body = (...states: unknown[]) =>
    loaded({ body: JSON.stringify({ checks: states.map((status) => ({ status })) }) });
  test.each<[string, object, PageLoad, string]>([
    ['is good by its status alone', { url }, loaded(), 'pass'],
    ['is bad by its status', { url }, loaded({ status: 500 }), 'fail'],
    ['is bad without an answer', { url }, unloaded('unreachable'), 'fail'],
    ['is good when every value is', params, body('ok', 'ok'), 'pass'],
    ['is bad when one value is', params, body('ok', 'down'), 'fail'],
    ['is bad when a value is of another kind', { ...params, equals: 1 }, body('1'), 'fail'],
    ['is not known without a value', params, body(), 'inconclusive'],
    ['is not known in text', params, loaded({ body: 'ok' }), 'inconclusive'],
    ['is not known in a bare value', params, loaded({ body: '"ok"' }), 'inconclusive'],
  ])('%s', async (_, given, load, outcome) => {
    const finding = await judged('http-health', given, web(load));
    expect(finding.outcome).toBe(outcome);
    expect(finding.remedy === '').toBe(outcome === 'pass');
  });

  test.each([
    [{ url, path: '$.status' }, 'Write both or neither'],
    [{ url, equals: 'ok' }, 'Write both or neither'],
    [{ url, path: '$[', equals: 'ok' }, 'is no JSON path'],
  ])('is not asked for by %j', async (wrong, told) => {
    await expect(judged('http-health', wrong, web(loaded()))).rejects.toThrow(told);
  });
});
