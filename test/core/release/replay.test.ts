import { describe, expect, test } from 'vitest';
import type { Recorded } from '../../../src/core/event.ts';
import type { ReleaseEvent } from '../../../src/core/release/events.ts';
import { replay } from '../../../src/core/release/replay.ts';
import { answeredAll, digest, gone, type Life, minute } from './life.ts';
import {
  answered,
  barePlan,
  confirmed,
  deployed,
  failing,
  found,
  proposed,
  rita,
  sam,
  tess,
} from './samples.ts';

const said = ({ id, events }: { id: string; events: Recorded<ReleaseEvent>[] }) =>
  replay(id, events, digest).map(({ seq, what }) => `${seq}: ${what}`);

/** The same events with one of them changed, as somebody would do it in the database. */
function forged(life: Life, type: ReleaseEvent['type'], change: (data: object) => object) {
  const at = life.events.findIndex((event) => event.type === type);
  const events = life.events.map((event, index) =>
    index === at ? ({ ...event, data: change(event.data) } as Recorded<ReleaseEvent>) : event,
  );
  return { id: life.id, events, at };
}

/** The same events without those of a type, numbered anew. */
function without(life: Life, ...types: string[]) {
  const events = life.events
    .filter(({ type }) => !types.includes(type))
    .map((event, index) => ({ ...event, seq: index + 1 }));
  return { id: life.id, events };
}

function withdrawn(): Life {
  const life = gone();
  life.wait(minute);
  life.record(tess, answered('charts', 'fail'));
  return life;
}

/** A GO that rests on a waiver, and what time alone made of it. */
function lapsed(): Life {
  const life = answeredAll(barePlan, { mrs: found('mrs', failing('mr/1')) });
  life.record(rita, proposed('w1', 'mrs', 'mr/1', { expiresAt: '2026-11-20T10:30:00.000Z' }));
  life.record(sam, confirmed('w1'));
  life.wait(31 * minute);
  return life;
}

describe('a replay finds nothing in', () => {
  test.each<[string, () => Life]>([
    ['a GO', gone],
    ['a GO that was withdrawn, its approvals void and a NO-GO after it', withdrawn],
    ['a GO that ended with its waiver', lapsed],
    ['a release that is not decided', () => answeredAll(barePlan, { login: null })],
  ])('%s', (_, live) => {
    const life = live();
    expect(said(life)).toEqual([]);
  });

  test('several people’s changes within one millisecond', () => {
    const life = answeredAll(barePlan, { login: null });
    life.record(tess, answered('login'));
    life.record(sam, answered('charts', 'fail'));
    life.record(sam, answered('charts', 'pass'));
    expect(life.state.decisions.map(({ verdict }) => verdict)).toEqual(['GO', 'NO-GO', 'GO']);
    expect(said(life)).toEqual([]);
  });
});

describe('a replay finds', () => {
  test.each<[string, object, string]>([
    [
      'verdict',
      { verdict: 'NO-GO' },
      'decision 1 (NO-GO, 0 against), but the verdict that follows is another: decision 1 (GO, 0 against).',
    ],
    ['number', { number: 7 }, 'records decision 7 (GO, 0 against), but the number that follows is another'],
    ['pass', { pass: 2 }, 'but the pass that follows is another'],
    ['digest', { digest: 'f'.repeat(64) }, 'but the digest that follows is another'],
    [
      'reasons',
      { reasons: [{ gate: null, blocker: 'x', title: 'x', why: '', todo: '', url: null }] },
      'decision 1 (GO, 1 against), but the reasons that follows is another: decision 1 (GO, 0 against).',
    ],
  ])('another %s than the one that follows', (_, change, words) => {
    const { at, ...life } = forged(gone(), 'DecisionMade', (data) => ({ ...data, ...change }));
    const [first] = said(life);
    expect(first).toContain(`${at + 1}: Event ${at + 1} records`);
    expect(first).toContain(words);
  });

  test('a GO whose answer somebody changed afterwards', () => {
    const life = forged(gone(barePlan), 'ItemAnswered', (data) => ({
      ...data,
      outcome: 'fail',
      note: 'broken',
    }));
    expect(said(life).join('\n')).toMatch(
      /GO, 0 against\), but the verdict and reasons and digest that follows is another/,
    );
  });

  test('a decision, a withdrawal and a void approval that are missing', () => {
    expect(said(without(gone(barePlan), 'DecisionMade')).at(-1)).toMatch(
      /After event \d+, decision 1 \(GO, 0 against\) follows and was not recorded/,
    );
    expect(said(without(withdrawn(), 'DecisionWithdrawn')).join('\n')).toContain(
      'that decision 1 is withdrawn follows',
    );
    expect(said(without(withdrawn(), 'ApprovalVoided')).join('\n')).toContain(
      'that the approval platform is void follows',
    );
  });

  test('a decision that nothing asked for', () => {
    const life = answeredAll(barePlan, { login: null });
    const last = life.events.at(-1);
    const data = { number: 1, pass: 1, verdict: 'GO' as const, reasons: [], digest: life.standing().digest };
    const seq = life.events.length + 1;
    life.events.push({ type: 'DecisionMade', data, seq, at: last?.at ?? '', actor: tess });
    expect(said(life)[0]).toBe(
      `${seq}: Event ${seq} records decision 1 (GO, 0 against), which does not follow from the events before it.`,
    );
  });

  test('another reason for a withdrawal', () => {
    const life = gone(barePlan);
    life.record('gonogo', deployed(900));
    const changed = forged(life, 'DecisionWithdrawn', (data) => ({ ...data, why: 'Because.' }));
    expect(said(changed)[0]).toContain('but the why that follows is another');
  });
});
