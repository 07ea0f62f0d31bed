import { describe, expect, test } from 'vitest';
import { conclusions } from '../../../src/core/release/conclude.ts';
import { answeredAll, digest, gone, type Life, minute } from './life.ts';
import {
  answered,
  barePlan,
  bot,
  confirmed,
  deployed,
  failing,
  findingSample,
  found,
  identified,
  judged,
  passStarted,
  placed,
  proposed,
  requested,
  rita,
  sam,
  tess,
  unwritten,
} from './samples.ts';

/** Decisions in short: the verdict, and a cross behind one that was withdrawn. */
const decisions = ({ state }: Life) =>
  state.decisions.map(({ verdict, withdrawn }) => `${verdict}${withdrawn ? ' ✗' : ''}`);
const failedMrs = { mrs: found('mrs', failing('mr/1')) };

describe('a GO', () => {
  test('is recorded once, with what it rests on', () => {
    const life = gone();
    expect(life.state.decisions).toMatchObject([
      { number: 1, pass: 1, verdict: 'GO', reasons: [], digest: life.standing().digest, withdrawn: null },
    ]);
    life.writeRecord();
    life.wait(minute);
    life.record(tess, placed());
    expect(decisions(life)).toEqual(['GO']);
  });

  test('stands while something is looked at again and found the same', () => {
    const life = gone(barePlan);
    life.record(rita, requested('site'));
    life.record(bot, found('site', 'pass', 2));
    expect(decisions(life)).toEqual(['GO']);
  });

  test('comes back after the reason against it is gone', () => {
    const life = gone(barePlan);
    life.record(tess, answered('login', 'fail'));
    life.record(tess, answered('login', 'pass'));
    expect(decisions(life)).toEqual(['GO ✗', 'NO-GO', 'GO']);
    expect(life.state.decisions.map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  test.each<[string, (life: Life) => void, string[], string]>([
    [
      'a failed gate',
      (life) => life.record(tess, answered('login', 'fail')),
      ['GO ✗', 'NO-GO'],
      'Is login right?: as seen',
    ],
    [
      'a newer deployment',
      (life) => life.record(bot, deployed(900)),
      ['GO ✗'],
      'staging has changed since it was validated: core was deployed again (aaaaaaaa).',
    ],
    [
      'a check that waits',
      (life) => {
        life.record(rita, requested('site'));
        life.record(bot, found('site', 'waiting', 2));
      },
      ['GO ✗'],
      'Is site right?: It is waiting.',
    ],
    [
      'a condition that nobody knows about any more',
      (life) => life.record(bot, judged({ migrations: 'unknown' })),
      ['GO ✗', 'NO-GO'],
      'Is migrations right?: Inconclusive: It is not known whether it applies: It unknown by the paths.',
    ],
    [
      'the next pass',
      (life) => life.record(rita, passStarted(2)),
      ['GO ✗'],
      'The candidate is not known yet: GitLab is being asked.',
    ],
  ])('is withdrawn by %s, and says so', (_, happen, after, why) => {
    const life = gone(barePlan);
    happen(life);
    expect(decisions(life)).toEqual(after);
    expect(life.state.decisions[0]?.withdrawn?.why).toBe(why);
  });

  test('stands while a later write of the record fails', () => {
    const life = gone();
    life.record(bot, unwritten);
    expect(decisions(life)).toEqual(['GO']);
    life.writeRecord();
    expect(decisions(life)).toEqual(['GO']);
  });

  test('waits for the record that cannot be written', () => {
    const life = answeredAll();
    life.record(bot, unwritten);
    expect(decisions(life)).toEqual(['NO-GO']);
    life.writeRecord();
    expect(life.standing().against).toEqual([]);
  });

  test('ends with the waiver it rests on, by time alone', () => {
    const life = answeredAll(barePlan, failedMrs);
    life.record(rita, proposed('w', 'mrs', 'mr/1', { expiresAt: '2026-11-20T10:30:00.000Z' }));
    life.record(sam, confirmed('w'));
    expect(life.wait(29 * minute)).toEqual([]);
    expect(decisions(life)).toEqual(['NO-GO', 'GO']);
    expect(life.wait(minute).map(({ type }) => type)).toEqual(['DecisionWithdrawn', 'DecisionMade']);
    expect(decisions(life)).toEqual(['NO-GO', 'GO ✗', 'NO-GO']);
  });
});

describe('a NO-GO', () => {
  test('is recorded when all has ended, with every reason', () => {
    const life = answeredAll(barePlan, { ...failedMrs, login: answered('login', 'fail') });
    expect(life.state.decisions).toMatchObject([
      { number: 1, verdict: 'NO-GO', reasons: [{ blocker: 'mr/1' }, { gate: 'login', blocker: 'gate' }] },
    ]);
  });

  test('is not recorded again for the same reasons', () => {
    const life = answeredAll(barePlan, failedMrs);
    life.record(rita, requested('mrs'));
    life.record(bot, found('mrs', failing('mr/1'), 2));
    life.record(tess, answered('login', 'pass', { note: 'looked twice' }));
    expect(decisions(life)).toEqual(['NO-GO']);
  });

  test('is not recorded again for the same reasons in another order', () => {
    const life = answeredAll(barePlan, { mrs: found('mrs', failing('mr/1', 'mr/2')) });
    life.record(rita, requested('mrs'));
    life.record(bot, found('mrs', failing('mr/2', 'mr/1'), 2));
    expect(decisions(life)).toEqual(['NO-GO']);
  });

  test.each<[string, (life: Life) => void]>([
    ['one more', (life) => life.record(tess, answered('login', 'fail'))],
    ['one less', (life) => life.record(sam, proposed('w', 'mrs', 'mr/1'), confirmed('w'))],
    [
      'the same that reads differently',
      (life) => {
        const blockers = [{ id: 'mr/1', title: '', url: null, signal: 'new' }];
        life.record(rita, requested('mrs'));
        life.record(bot, found('mrs', findingSample('fail', { blockers }), 2));
      },
    ],
  ])('is recorded again for other reasons: %s', (_, happen) => {
    const life = answeredAll(barePlan, { mrs: found('mrs', failing('mr/1', 'mr/2')) });
    happen(life);
    expect(decisions(life)).toEqual(['NO-GO', 'NO-GO']);
  });

  test('is recorded again in another pass, for it is about another candidate', () => {
    const life = answeredAll(barePlan, failedMrs);
    life.record(bot, deployed(900));
    life.record(rita, passStarted(2));
    life.record(bot, identified(2, ['login', 'charts', 'roaming']), requested('mrs', 'site'));
    life.record(bot, judged({ migrations: 'does-not-apply' }, 2));
    life.record(bot, found('site', 'pass', 2));
    life.record(bot, found('mrs', failing('mr/1'), 2));
    expect(life.state.decisions.map(({ verdict, pass }) => [verdict, pass])).toEqual([
      ['NO-GO', 1],
      ['NO-GO', 2],
    ]);
  });
});

describe('an approval is void', () => {
  const voids = ({ events }: Life) =>
    events.flatMap((event) => (event.type === 'ApprovalVoided' ? [event.data] : []));

  test('as soon as anything that was approved has changed, and says what', () => {
    const life = gone();
    life.record(tess, answered('charts', 'fail'));
    expect(voids(life)).toEqual([
      { approval: 'platform', by: 'U0OWNER', why: 'Is charts right?: as seen' },
      { approval: 'security', by: 'U0GUARD', why: 'Is charts right?: as seen' },
    ]);
    expect(decisions(life)).toEqual(['GO ✗', 'NO-GO']);
  });

  test('though all is still green', () => {
    const life = gone();
    life.record(tess, answered('charts', 'not-applicable', { note: 'no load here' }));
    expect(voids(life).map(({ why }) => why)).toEqual([
      'What Platform owner approved has changed.',
      'What Security owner approved has changed.',
    ]);
    expect(decisions(life)).toEqual(['GO ✗']);
  });

  test('once', () => {
    const life = gone();
    life.record(tess, answered('charts', 'fail'));
    life.record(tess, answered('charts', 'fail', { note: 'worse' }));
    expect(voids(life)).toHaveLength(2);
  });

  test('not because of the record, nor by time', () => {
    const life = gone();
    life.record(bot, unwritten);
    life.wait(600 * minute);
    expect(voids(life)).toEqual([]);
  });
});

test('what was concluded gives nothing more to conclude', () => {
  for (const life of [gone(), answeredAll(barePlan, failedMrs), answeredAll(barePlan, { login: null })])
    expect(conclusions(life.state, life.now, digest)).toEqual([]);
});
