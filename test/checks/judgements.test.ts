import { describe, expect, test } from 'vitest';
import { fail, inconclusive, pass, together, waiting } from '../../src/checks/judgements.ts';

const spike = { id: 'spike/web', title: 'Spike in web', url: null, signal: '41 errors' };
const named = () => fail('web has a spike.', 'Look at it.', [], [spike]);

describe('several judgements as one', () => {
  test.each([
    ['is not known', inconclusive('api has too few windows.', 'Wait.'), 'api has too few windows.'],
    ['is still to come', waiting('api is not there yet.', 1_000), 'api is not there yet.'],
    ['failed and names nothing', fail('api is down.', 'Start it.', []), 'api is down.'],
  ])('keep a blocker beside the named ones for what %s', (_, other, signal) => {
    const { outcome, blockers } = together([named(), other]);
    expect(outcome).toBe('fail');
    expect(blockers).toEqual([spike, { id: 'gate', title: signal, url: null, signal }]);
  });

  test('name nothing more where the rest passed', () => {
    expect(together([named(), pass('api is fine.', [])]).blockers).toEqual([spike]);
  });

  test('leave a failure that names nothing to the gate as a whole', () => {
    const both = [fail('api is down.', 'Start it.', []), inconclusive('web is not known.', 'Look.')];
    expect(together(both)).toMatchObject({ outcome: 'fail', blockers: [] });
  });
});
