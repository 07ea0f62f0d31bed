import { describe, expect, test } from 'vitest';
import type { ReleaseEvent } from '../../../src/core/release/events.ts';
import { type GateWord } from '../../../src/core/release/gate-status.ts';
import { begun, Life, minute } from './life.ts';
import {
  answered,
  bot,
  confirmed,
  declined,
  deployed,
  failing,
  findingSample,
  found,
  handledAs,
  identified,
  passStarted,
  proposed,
  requested,
  rita,
  sam,
  tess,
} from './samples.ts';

/** Events by the people who take part, in turn, so that no two answers are of one person. */
function having(...events: ReleaseEvent[]): Life {
  const life = begun();
  const people = [tess, sam, rita];
  for (const [index, event] of events.entries()) life.record(people[index % 3] ?? tess, event);
  return life;
}

const failed = found('mrs', failing('mr/1', 'mr/2'));
const sees = (...events: ReleaseEvent[]) => having(failed, ...events).status('mrs');
const left = (...events: ReleaseEvent[]) => sees(...events).blockers.map(({ id }) => id);

describe('a blocker', () => {
  test.each<[string, GateWord, string[], ReleaseEvent[]]>([
    ['stands', 'fail', ['mr/1', 'mr/2'], []],
    ['that is excluded is out', 'fail', ['mr/2'], [handledAs('excluded', 'mrs', 'mr/1')]],
    ['that is accepted is out', 'fail', ['mr/2'], [handledAs('accepted', 'mrs', 'mr/1')]],
    ['that is tracked stays', 'fail', ['mr/1', 'mr/2'], [handledAs('tracked', 'mrs', 'mr/1')]],
    ['that is escalated stays', 'fail', ['mr/1', 'mr/2'], [handledAs('escalated', 'mrs', 'mr/1')]],
    [
      'that was the last to be excluded turns the gate green',
      'pass',
      [],
      [handledAs('excluded', 'mrs', 'mr/1'), handledAs('accepted', 'mrs', 'mr/2')],
    ],
    [
      'that is tracked after it was excluded is back',
      'fail',
      ['mr/1', 'mr/2'],
      [handledAs('excluded', 'mrs', 'mr/1'), handledAs('tracked', 'mrs', 'mr/1')],
    ],
    [
      'that reads differently is another',
      'fail',
      ['mr/1', 'mr/2'],
      [handledAs('accepted', 'mrs', 'mr/1', 'another signal')],
    ],
    ['of another gate is another', 'fail', ['mr/1', 'mr/2'], [handledAs('excluded', 'site', 'mr/1')]],
    [
      'that is excluded before another is waived leaves a waived gate',
      'waived',
      [],
      [handledAs('excluded', 'mrs', 'mr/1'), proposed('w', 'mrs', 'mr/2'), confirmed('w')],
    ],
  ])('%s', (_, word, blockers, events) => {
    expect(sees(...events).word).toBe(word);
    expect(left(...events)).toEqual(blockers);
  });

  test('shows what people said about it', () => {
    const { handled, reason } = sees(
      handledAs('excluded', 'mrs', 'mr/1'),
      handledAs('accepted', 'mrs', 'mr/2'),
    );
    expect(handled.map(({ blocker, as }) => [blocker, as])).toEqual([
      ['mr/1', 'excluded'],
      ['mr/2', 'accepted'],
    ]);
    expect(reason).toBe('2 excluded or accepted, with reason.');
  });

  test('that is named beside something unknown does not end it: the whole stays inconclusive', () => {
    const half = found('mrs', findingSample('inconclusive', { blockers: failing('mr/1').blockers }));
    const life = having(half, handledAs('excluded', 'mrs', 'mr/1'));
    expect(life.status('mrs')).toMatchObject({ word: 'inconclusive', blockers: [{ id: 'gate' }] });
  });
});

describe('a waiver', () => {
  const waived = [proposed('w', 'mrs', 'mr/1'), confirmed('w')];

  test.each<[string, string[], ReleaseEvent[]]>([
    ['counts when a second person confirmed it', ['mr/2'], waived],
    ['does not count before', ['mr/1', 'mr/2'], waived.slice(0, 1)],
    ['does not count when it was declined', ['mr/1', 'mr/2'], [proposed('w', 'mrs', 'mr/1'), declined('w')]],
    ['is of one gate', ['mr/1', 'mr/2'], [proposed('w', 'site', 'mr/1'), confirmed('w')]],
    [
      'is of one signal',
      ['mr/1', 'mr/2'],
      [proposed('w', 'mrs', 'mr/1', { signal: 'another signal' }), confirmed('w')],
    ],
    [
      'does not count once the blocker reads differently',
      ['mr/1'],
      [
        ...waived,
        requested('mrs'),
        found(
          'mrs',
          findingSample('fail', { blockers: [{ id: 'mr/1', title: '', url: null, signal: 'new' }] }),
          2,
        ),
      ],
    ],
    [
      'of the whole gate does not cover what is named',
      ['mr/1', 'mr/2'],
      [proposed('w', 'mrs', 'gate'), confirmed('w')],
    ],
  ])('%s', (_, blockers, events) => {
    expect(left(...events)).toEqual(blockers);
  });

  test('of every blocker lets the gate through, and is shown', () => {
    const status = sees(...waived, proposed('w2', 'mrs', 'mr/2'), confirmed('w2'));
    expect(status).toMatchObject({ word: 'waived', reason: '2 waived, with reason.', remedy: '' });
    expect(status.waivers.map(({ id }) => id)).toEqual(['w', 'w2']);
  });

  test('ends at its end, to the millisecond', () => {
    const life = having(
      failed,
      proposed('w', 'mrs', 'mr/1', { expiresAt: '2026-11-20T11:00:00.000Z' }),
      confirmed('w'),
    );
    life.now = new Date('2026-11-20T10:59:59.999Z');
    expect(life.status('mrs').blockers).toHaveLength(1);
    life.now = new Date('2026-11-20T11:00:00.000Z');
    expect(life.status('mrs').blockers).toHaveLength(2);
  });

  test('with an end that cannot be read never counts', () => {
    expect(left(proposed('w', 'mrs', 'mr/1', { expiresAt: 'soon' }), confirmed('w'))).toEqual([
      'mr/1',
      'mr/2',
    ]);
  });

  test('counts in its own pass only', () => {
    const life = having(failed, ...waived);
    life.record(bot, deployed(900));
    life.record(rita, passStarted(2));
    life.record(bot, identified(2), requested('mrs'));
    life.record(bot, found('mrs', failing('mr/1', 'mr/2'), 2));
    expect(life.status('mrs').blockers).toHaveLength(2);
  });

  test('of a gate as a whole lets through what is inconclusive, as long as it reads the same', () => {
    const unknown = found('site', 'inconclusive');
    const waiver = proposed('w', 'site', 'gate', { signal: 'It is inconclusive.' });
    const life = having(unknown, waiver, confirmed('w'));
    expect(life.status('site').word).toBe('waived');
    life.record(bot, requested('site'));
    life.record(bot, found('site', findingSample('inconclusive', { reason: 'Another reason.' }), 2));
    expect(life.status('site').word).toBe('inconclusive');
  });

  test('of one person’s failure is none of another’s', () => {
    const waiver = proposed('w', 'login', 'gate', { signal: 'blank' });
    const life = having(answered('login', 'fail', { note: 'blank' }), waiver, confirmed('w'));
    expect(life.status('login').word).toBe('waived');
    life.wait(minute);
    life.record(rita, answered('login', 'fail', { note: 'no password field' }));
    expect(life.status('login')).toMatchObject({ word: 'fail', reason: 'blank; no password field' });
  });
});
