import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/adapters/store/hash-chain.ts';
import { runIdOf, shortId, uuidOf } from '../../src/core/ids.ts';

const sources = Array.from({ length: 10_000 }, (_, index) => `slack/T01/V${index}`);

describe('a short id', () => {
  test('has eight letters and digits without look-alikes', () => {
    for (const source of sources) expect(shortId(sha256, source)).toMatch(/^[a-hjkmnp-z2-9]{8}$/);
  });

  test('is the same for the same source, for ever', () => {
    expect(shortId(sha256, 'slack/T01/V01')).toBe(shortId(sha256, 'slack/T01/V01'));
    // Written down: ids in Slack messages and in stored streams depend on it.
    expect([shortId(sha256, 'slack/T01/V01'), shortId(sha256, '')]).toEqual(['effchm2d', '4m8hewtq']);
  });

  test('differs for 10,000 sources', () => {
    expect(new Set(sources.map((source) => shortId(sha256, source))).size).toBe(sources.length);
  });

  test('can be a digest of nothing but zeros', () => {
    expect(shortId(() => '0'.repeat(64), 'x')).toBe('aaaaaaaa');
  });
});

describe('a run id', () => {
  const rfc9562 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

  test('is a UUID of version 8 and of RFC 9562’s variant', () => {
    for (const source of sources) expect(uuidOf(sha256, source)).toMatch(rfc9562);
    for (const digit of '0123456789abcdef') expect(uuidOf(() => digit.repeat(64), 'x')).toMatch(rfc9562);
  });

  test('is the same for every request of one try', () => {
    expect(runIdOf(sha256, 'abcd2345', 'bf-web', 1)).toBe(runIdOf(sha256, 'abcd2345', 'bf-web', 1));
    expect(runIdOf(sha256, 'abcd2345', 'bf-web', 1)).toBe('362c8f82-75e3-8e12-9975-7dcb695c3327');
  });

  test('differs between invocations, projects and tries', () => {
    const ids = ['abcd2345', 'wxyz2345'].flatMap((invocation) =>
      ['bf-web', 'bf-core'].flatMap((project) =>
        [1, 2, 12].map((attempt) => runIdOf(sha256, invocation, project, attempt)),
      ),
    );
    expect(new Set(ids).size).toBe(12);
  });

  test('differs for 10,000 sources', () => {
    expect(new Set(sources.map((source) => uuidOf(sha256, source))).size).toBe(sources.length);
  });
});
