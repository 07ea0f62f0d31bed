import { describe, expect, test } from 'vitest';
import { deployedSpan } from '../../src/checks/deployed-span.ts';
import { countIn, minutesOf, type Windows, windowsFor } from '../../src/checks/windows.ts';
import { ago, candidate, deployment, now, part } from './support/release.ts';

const at = (seconds: number) => new Date(ago(seconds));
const deployed = (seconds: number) => ({ since: at(seconds), before: at(seconds) });
const windows = (found: Windows | { waitMs: number }): Windows => {
  if ('waitMs' in found) throw new Error('There are no windows yet');
  return found;
};

describe('the windows to compare', () => {
  test('wait until three whole minutes after the deployment have arrived', () => {
    expect(windowsFor(deployed(60), 10, [], now)).toEqual({ waitMs: 210_000 });
    expect(windowsFor(deployed(269), 10, [], now)).toMatchObject({ waitMs: expect.any(Number) });
  });

  test('never wait longer than needed: after the wait they are there', () => {
    for (let seconds = 0; seconds < 300; seconds += 7) {
      const found = windowsFor(deployed(seconds), 10, [], now);
      if ('waitMs' in found) {
        const later = new Date(now.getTime() + found.waitMs);
        expect(found.waitMs).toBeGreaterThan(0);
        expect(windowsFor(deployed(seconds), 10, [], later)).toHaveProperty('newest');
      }
    }
  });

  test.each([
    [300, 3],
    [480, 6],
    [3_600, 10],
  ])('%i seconds after the deployment are %i minutes long, all of them', (seconds, minutes) => {
    const { newest, before } = windows(windowsFor(deployed(seconds), 10, [], now));
    expect([newest, ...before].map(minutesOf)).toEqual(Array.from({ length: 21 }, () => minutes));
    expect(before.at(-1)?.to).toEqual(at(seconds));
    expect(newest.to).toEqual(at(120));
    expect(newest.from >= at(seconds)).toBe(true);
  });

  test('end before the first deployment of the release and begin after the last', () => {
    const span = { since: at(3_600), before: at(7_200) };
    const { newest, before } = windows(windowsFor(span, 10, [], now));
    expect(before.at(-1)?.to).toEqual(at(7_200));
    expect(newest.from > at(3_600)).toBe(true);
  });

  test('leave out those that an earlier deployment disturbed for ten minutes', () => {
    const earlier = [at(3_600 + 30 * 60)];
    const { before } = windows(windowsFor(deployed(3_600), 10, earlier, now));
    expect(before).toHaveLength(19);
    expect(before.map(({ from }) => from)).not.toContainEqual(earlier[0]);
  });
});

describe('a window', () => {
  const window = { from: at(120), to: at(0) };
  test.each<[string, [number, number][], number | null]>([
    [
      'counts what is inside',
      [
        [120, 2],
        [60, 3],
      ],
      5,
    ],
    [
      'leaves out what is before and after',
      [
        [180, 9],
        [120, 2],
        [60, 3],
        [0, 9],
      ],
      5,
    ],
    ['with a gap is not known', [[120, 2]], null],
    ['with nothing is not known', [], null],
  ])('%s', (_, buckets, count) => {
    expect(
      countIn(
        window,
        buckets.map(([seconds, one]) => ({ at: ago(seconds), count: one })),
      ),
    ).toBe(count);
  });
});

describe('the time of the deployments', () => {
  const deployedAt = (project: string, seconds: number, status = 'success') =>
    part({ project, path: `fleet/${project}`, deployment: deployment({ at: ago(seconds), status }) });
  test('reaches from the first to the last of the release, within a day', () => {
    const about = candidate(deployedAt('a', 600), deployedAt('b', 4_000), deployedAt('c', 100_000));
    expect(deployedSpan(about, undefined)).toEqual({ span: { since: at(600), before: at(4_000) } });
    expect(deployedSpan(about, 'b')).toEqual({ span: { since: at(4_000), before: at(4_000) } });
  });

  test.each([
    ['nothing was deployed', candidate(part({ deployment: null }))],
    ['a deployment has not succeeded', candidate(deployedAt('a', 600), deployedAt('b', 10, 'failed'))],
    ['its time cannot be read', candidate(part({ deployment: deployment({ at: 'soon' }) }))],
  ])('is not known when %s', (_, about) => {
    const found = deployedSpan(about, undefined);
    expect(found).toMatchObject({ unknown: { outcome: 'inconclusive' } });
  });
});
