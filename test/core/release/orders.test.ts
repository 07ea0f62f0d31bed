import { describe, expect, test } from 'vitest';
import type { ReleaseEvent } from '../../../src/core/release/events.ts';
import { releaseChange, releaseKeys } from '../../../src/core/release/orders.ts';
import { answeredAll, begun, digest, gone, Life, minute } from './life.ts';
import {
  answered,
  assigned,
  barePlan,
  bot,
  confirmed,
  deployed,
  failing,
  found,
  handledAs,
  identified,
  judged,
  passStarted,
  planSample,
  proposed,
  releaseOpened,
  requested,
  rita,
  sam,
  started,
  tess,
  unidentified,
  unwritten,
  written,
} from './samples.ts';

const parent = 'message release/2026.47/parent';
const group = (id: string) => `message release/2026.47/group/${id}`;
const record = 'record 2026.47';

/** What a change ordered, without what each change orders. */
function ordered(life: Life, actor: string, ...events: ReleaseEvent[]): string[] {
  life.record(actor, ...events);
  expect(life.work.map(({ kind, key }) => `${kind} ${key}`)[0]).toBe(parent);
  return life.work.slice(1).map(({ kind, key }) => `${kind} ${key}`);
}

describe('what follows from', () => {
  test('opening: the candidate, the watch over the environment, and the record', () => {
    expect(ordered(new Life(), rita, releaseOpened(), passStarted())).toEqual([
      'identify 2026.47',
      'watch 2026.47',
      record,
    ]);
  });

  test('the candidate: every group is told and the mandatory checks run', () => {
    const life = new Life();
    life.record(rita, releaseOpened(), passStarted());
    expect(ordered(life, bot, identified(), requested('mrs', 'site'))).toEqual([
      ...['requests', 'identity', 'smoke', 'add-ons'].map(group),
      'check 2026.47/mrs',
      'check 2026.47/site',
      record,
    ]);
  });

  test.each<[string, ReleaseEvent[], string[]]>([
    ['a condition that is judged', [judged({ roaming: 'does-not-apply' })], [group('add-ons'), record]],
    ['a check that starts', [started('mrs')], [group('requests')]],
    ['a finding', [found('site', 'pass')], [group('identity'), record]],
    ['a re-check', [requested('site')], ['check 2026.47/site', record]],
    ['an answer', [answered('login')], [group('smoke'), record]],
    ['an assignment', [assigned('login', sam)], [group('smoke'), record]],
    ['a newer deployment', [deployed(900)], ['message release/2026.47/notice/7', record]],
    ['the next pass', [passStarted(2)], ['identify 2026.47', record]],
    [
      'what is said about a blocker',
      [handledAs('tracked', 'mrs', 'x')],
      ['message release/2026.47/notice/7', record],
    ],
    ['a waiver that is asked for', [proposed('w', 'mrs', 'x')], ['message release/2026.47/notice/7', record]],
    ['the record that was written', [written([])], []],
    ['the record that was not', [unwritten], []],
  ])('%s', (_, events, work) => {
    expect(ordered(begun(), tess, ...events)).toEqual(work);
  });

  test('a release without a record: none is written', () => {
    expect(ordered(begun(barePlan), tess, answered('login'))).toEqual([group('smoke')]);
  });

  test('a candidate that was not found: it is looked for when somebody asks, and not before', () => {
    const life = new Life();
    life.record(rita, releaseOpened(), passStarted());
    expect(ordered(life, bot, unidentified())).toEqual([record]);
    expect(ordered(life, rita, requested())).toEqual(['identify 2026.47', record]);
  });

  test('a waiver that is confirmed: its gate, its notice without buttons, and its end', () => {
    const life = answeredAll(barePlan, { mrs: found('mrs', failing('x', 'y')) });
    life.record(rita, proposed('w', 'mrs', 'x', { expiresAt: '2026-11-20T10:30:00.000Z' }));
    const [seq] = life.state.waivers.map((waiver) => waiver.seq);
    expect(ordered(life, sam, confirmed('w'))).toEqual([
      group('requests'),
      'message release/2026.47/decision/2',
      `message release/2026.47/notice/${seq}`,
      'lapse 2026.47/2026-11-20T10:30:00.000Z',
    ]);
    expect(life.work.at(-1)?.at).toEqual(new Date('2026-11-20T10:30:00.000Z'));
  });

  test('two waivers that end together: one look at that time', () => {
    const life = answeredAll(barePlan, { mrs: found('mrs', failing('x', 'y')) });
    life.record(rita, proposed('w1', 'mrs', 'x'), proposed('w2', 'mrs', 'y'));
    expect(ordered(life, sam, confirmed('w1')).filter((order) => order.startsWith('lapse'))).toHaveLength(1);
    expect(ordered(life, sam, confirmed('w2')).filter((order) => order.startsWith('lapse'))).toHaveLength(0);
  });

  test('a waiver that has ended: its gate, the decision, its withdrawal and the one after it', () => {
    const life = answeredAll(barePlan, { mrs: found('mrs', failing('x')) });
    life.record(rita, proposed('w', 'mrs', 'x', { expiresAt: '2026-11-20T10:30:00.000Z' }));
    life.record(sam, confirmed('w'));
    life.wait(30 * minute);
    expect(life.work.map(({ key }) => key)).toEqual([
      'release/2026.47/parent',
      'release/2026.47/group/requests',
      'release/2026.47/decision/2',
      'release/2026.47/withdrawal/2',
      'release/2026.47/decision/3',
    ]);
  });

  test('a waiver that ended meanwhile: the next change tells its gate', () => {
    const life = answeredAll(barePlan, { mrs: found('mrs', failing('x')), login: null });
    life.record(rita, proposed('w', 'mrs', 'x', { expiresAt: '2026-11-20T10:30:00.000Z' }));
    life.record(sam, confirmed('w'));
    life.wait(30 * minute);
    expect(life.work).toEqual([]);
    expect(ordered(life, tess, assigned('login', tess))).toEqual([group('requests'), group('smoke')]);
  });

  test('a GO and its withdrawal: the decision, once each', () => {
    const life = answeredAll(barePlan, { login: null });
    expect(ordered(life, tess, answered('login'))).toContain('message release/2026.47/decision/1');
    const work = ordered(life, bot, deployed(900));
    expect(work).toContain('message release/2026.47/decision/1');
    expect(work).toContain('message release/2026.47/withdrawal/1');
    expect(ordered(life, tess, assigned('login', sam))).toEqual([group('smoke')]);
  });

  test('void approvals: each is told', () => {
    const life = gone();
    const work = ordered(life, tess, answered('charts', 'fail'));
    expect(work.filter((order) => order.includes('/notice/'))).toHaveLength(2);
  });

  test('a GO that the record does not hold yet: the record', () => {
    const life = answeredAll(planSample({ approvals: [] }));
    expect(life.writeRecord().map(({ type }) => type)).toEqual(['DecisionMade']);
    expect(life.work.map(({ kind }) => kind)).toContain('record');
  });

  test('nothing: nothing', () => {
    const life = gone();
    life.record(bot);
    expect(life.work).toEqual([]);
    const none = releaseChange('x', { state: null, seq: 0 }, [], { actor: bot, at: life.now, digest });
    expect(none).toMatchObject({ events: [], actor: bot });
    expect(none.work).toBeUndefined();
  });
});

test('all of it may wait for its turn but checks, the candidate, the watch and the end of a waiver', () => {
  const life = answeredAll(undefined, { mrs: found('mrs', failing('x')) });
  life.record(rita, proposed('w', 'mrs', 'x'));
  life.record(sam, confirmed('w'), requested('site'));
  for (const { kind, patient } of life.work)
    expect(patient ?? false, kind).toBe(kind === 'message' || kind === 'record');
});

test('keys name their release and can be read back', () => {
  const { readGate, readMessage, gate, notice, withdrawal, parent: whole } = releaseKeys;
  expect(readGate(gate('2026.47', 'site-loads'))).toEqual({ id: '2026.47', gate: 'site-loads' });
  expect(readMessage(notice('2026.47', 12))).toEqual({ id: '2026.47', part: 'notice', name: '12' });
  expect(readMessage(withdrawal('a', 1))).toEqual({ id: 'a', part: 'withdrawal', name: '1' });
  expect(readMessage(whole('a'))).toEqual({ id: 'a', part: 'parent', name: '' });
});
