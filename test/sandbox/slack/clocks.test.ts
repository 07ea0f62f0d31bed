import { describe, expect, test } from 'vitest';
import { postMessageBurst, RateLimiter, tiers } from '../../../sandbox/slack/rate.ts';
import { ResponseUrls } from '../../../sandbox/slack/response-urls.ts';
import { Triggers } from '../../../sandbox/slack/triggers.ts';

/** A clock that only the test moves. */
function clock() {
  let ms = 1_800_000_000_000;
  return { now: () => ms, pass: (passed: number) => (ms += passed) };
}

describe('a trigger id', () => {
  test('is good for exactly 3 s', () => {
    const time = clock();
    const triggers = new Triggers(time.now);
    const id = triggers.issue({ user: 'U1', modalId: null });
    time.pass(3000);
    expect(triggers.look(id)).toMatchObject({ user: 'U1' });
    time.pass(1);
    expect(triggers.look(id)).toBe('expired_trigger_id');
  });
});

describe('a response_url', () => {
  const target = { user: 'U1', channel: 'C1', messageTs: null, threadTs: null };
  test('is good for 30 minutes', () => {
    const time = clock();
    const urls = new ResponseUrls(time.now);
    const key = urls.issue(target).replace('/actions/', '');
    time.pass(30 * 60_000);
    expect(urls.look(key)).toEqual(target);
    time.pass(1);
    expect(urls.look(key)).toBe('expired_url');
  });
});

describe('rate limits', () => {
  test('a window lets its calls through and names the seconds to wait', () => {
    const time = clock();
    const rate = new RateLimiter(1, time.now);
    for (let i = 0; i < 50; i += 1) expect(rate.takeFromWindow('k', tiers.tier3)).toBe(0);
    time.pass(20_000);
    expect(rate.takeFromWindow('k', tiers.tier3)).toBe(40);
    expect(rate.takeFromWindow('other', tiers.tier3)).toBe(0);
    time.pass(40_000);
    expect(rate.takeFromWindow('k', tiers.tier3)).toBe(0);
  });

  test('a channel takes a small burst, then one a second', () => {
    const time = clock();
    const rate = new RateLimiter(1, time.now);
    for (let i = 0; i < postMessageBurst; i += 1) expect(rate.takeFromBucket('C1', postMessageBurst)).toBe(0);
    expect(rate.takeFromBucket('C1', postMessageBurst)).toBe(1);
    time.pass(999);
    expect(rate.takeFromBucket('C1', postMessageBurst)).toBe(1);
    time.pass(1);
    expect(rate.takeFromBucket('C1', postMessageBurst)).toBe(0);
    expect(rate.takeFromBucket('C1', postMessageBurst)).toBe(1);
  });

  test('a scale of 60 makes a minute a second', () => {
    const time = clock();
    const rate = new RateLimiter(60, time.now);
    for (let i = 0; i < 20; i += 1) rate.takeFromWindow('k', tiers.tier2);
    expect(rate.takeFromWindow('k', tiers.tier2)).toBe(1);
    time.pass(1000);
    expect(rate.takeFromWindow('k', tiers.tier2)).toBe(0);
  });
});
