import { describe, expect, test } from 'vitest';
import { gateState } from '../../../src/core/release/state.ts';
import { begun, gone, Life, minute } from './life.ts';
import {
  answered,
  approved,
  assigned,
  barePlan,
  bot,
  candidateSample,
  deployed,
  identified,
  passStarted,
  problemSample,
  rita,
  tess,
  unwritten,
  written,
} from './samples.ts';

const gateOf = (life: Life, gate: string) => gateState(life.state, gate);

/** Pass 2 has begun: a newer deployment was seen before. */
function second(life: Life): Life {
  life.record(bot, deployed(900));
  life.record(rita, passStarted(2));
  return life;
}

describe('the next pass', () => {
  const state = () => {
    const life = gone();
    life.wait(minute);
    life.record(tess, assigned('login', tess));
    return second(life);
  };

  test('has no candidate and no approvals, and remembers what ran before', () => {
    expect(state().state).toMatchObject({
      pass: 2,
      candidate: null,
      previous: candidateSample(1),
      newer: [],
      approvals: [],
    });
  });

  test('keeps the answers that it names, and says why others are asked again', () => {
    const life = state();
    life.record(bot, identified(2, ['login'], [{ gate: 'charts', why: 'web/a.ts has changed.' }]));
    expect(gateOf(life, 'login')).toMatchObject({
      kept: true,
      again: null,
      assignee: tess,
      answers: [{ outcome: 'pass', pass: 1 }],
    });
    expect(gateOf(life, 'charts')).toMatchObject({
      kept: false,
      again: 'web/a.ts has changed.',
      answers: [],
    });
    expect(life.state.notices.at(-1)).toMatchObject({ kind: 'pass', pass: 2, kept: ['login'] });
  });

  test('looks at every automated gate and every condition anew', () => {
    const life = state();
    life.record(bot, identified(2, ['login']));
    for (const gate of ['mrs', 'site', 'migrations'])
      expect(gateOf(life, gate)).toMatchObject({ run: 1, phase: 'idle', finding: null, applies: null });
    expect(gateOf(life, 'roaming')).toMatchObject({ applies: null, answers: [] });
  });

  test('an answer given anew is not kept any more', () => {
    const life = state();
    life.record(bot, identified(2, ['login']));
    life.record(tess, answered('login', 'pass', { pass: 2 }));
    expect(gateOf(life, 'login')).toMatchObject({ kept: false, answers: [{ pass: 2 }] });
  });
});

describe('the rest', () => {
  test('a newer deployment is remembered and told', () => {
    const life = begun();
    life.record(bot, deployed(900));
    expect(life.state.newer).toMatchObject([{ project: 'core', deployment: { id: 900 } }]);
    expect(life.state.notices).toMatchObject([{ kind: 'stale', project: 'core' }]);
  });

  test('an approval that is given again replaces the one before', () => {
    const life = begun(barePlan);
    life.record(rita, approved('platform', 'one'));
    expect(life.state.approvals).toEqual([]);
    expect(life.events.slice(-2).map(({ type }) => type)).toEqual(['ApprovalGiven', 'ApprovalVoided']);
    expect(life.state.notices.map(({ kind }) => kind)).toEqual(['approval', 'approval-voided']);
  });

  test('the record is what was written last, and a failure stands until it is written again', () => {
    const life = begun();
    life.record(bot, written(['pass/1']));
    life.record(bot, unwritten);
    expect(life.state).toMatchObject({ record: { gaps: ['pass/1'] }, recordProblem: problemSample });
    life.record(bot, written(['pass/1', 'more']));
    expect(life.state).toMatchObject({ record: { gaps: ['pass/1', 'more'] }, recordProblem: null });
  });

  test('a withdrawal leaves the decision readable', () => {
    const life = gone(barePlan);
    life.wait(minute);
    life.record(bot, deployed(900));
    expect(life.state.decisions).toMatchObject([
      { number: 1, verdict: 'GO', by: tess, withdrawn: { by: bot, at: '2026-11-20T10:01:00.000Z' } },
    ]);
  });

  test('the time of the last event is the time of the last change', () => {
    const life = begun();
    life.now = new Date('2026-11-20T12:00:00.000Z');
    life.record(tess, answered('login'));
    expect(life.state.changedAt).toBe('2026-11-20T12:00:00.000Z');
  });
});
