import { describe, expect, test } from 'vitest';
import { gateState } from '../../../src/core/release/state.ts';
import { releaseStream } from '../../../src/core/release/stream.ts';
import { begun, Life } from './life.ts';
import {
  answered,
  assigned,
  bot,
  candidateSample,
  confirmed,
  declined,
  deployed,
  failing,
  found,
  handledAs,
  identified,
  judged,
  passStarted,
  placed,
  planSample,
  problemSample,
  proposed,
  releaseOpened,
  requested,
  rita,
  sam,
  started,
  tess,
  unidentified,
} from './samples.ts';

const gateOf = (life: Life, gate: string) => gateState(life.state, gate);
const seqs = (life: Life, gate: string) => gateOf(life, gate).answers.map(({ seq }) => seq);

/** Pass 2 has begun: a newer deployment was seen before. */
function second(life: Life): Life {
  life.record(bot, deployed(900));
  life.record(rita, passStarted(2));
  return life;
}

describe('the stream of a release', () => {
  test('begins with ReleaseOpened and nothing else', () => {
    const life = new Life();
    expect(() => life.record(rita, passStarted())).toThrow(/2026\.47 begins with PassStarted/);
  });

  test('begins once', () => {
    const life = begun();
    expect(() => life.record(rita, releaseOpened())).toThrow(/opened a second time/);
  });

  test('refuses an event that it does not know, and one of another shape', () => {
    expect(() => releaseStream.parse('ReleaseClosed', {})).toThrow(/no event "ReleaseClosed"/);
    expect(() => releaseStream.parse('toString', {})).toThrow(/no event "toString"/);
    expect(() => releaseStream.parse('PassStarted', { pass: 'one' })).toThrow();
    expect(() => releaseStream.parse('PassStarted', { pass: 1, extra: true })).toThrow();
  });

  test('tells who opened it, when, and what it has to pass', () => {
    const { state } = begun();
    expect(state).toMatchObject({
      name: '2026.47',
      environment: 'staging',
      channel: 'C0RELEASES',
      openedBy: rita,
      openedAt: '2026-11-20T10:00:00.000Z',
      pass: 1,
      plan: planSample(),
    });
    expect(state.passes).toEqual([{ by: rita, at: '2026-11-20T10:00:00.000Z', seq: 2 }]);
  });
});

describe('the candidate', () => {
  test('is what was identified for this pass', () => {
    expect(begun().state.candidate).toEqual(candidateSample());
  });

  test('that is not known says why, until it is tried again or found', () => {
    const life = new Life();
    life.record(rita, releaseOpened(), passStarted());
    life.record(bot, unidentified());
    expect(life.state.candidateProblem).toEqual(problemSample);
    life.record(rita, requested());
    expect(life.state.candidateProblem).toBe(null);
    life.record(bot, unidentified());
    life.record(bot, identified());
    expect(life.state.candidateProblem).toBe(null);
  });

  test.each([
    ['identified', identified(1)],
    ['not identified', unidentified(1)],
    ['judged', judged({ roaming: 'applies' }, 1)],
    ['answered', answered('login', 'pass', { pass: 1 })],
  ])('of an earlier pass that is %s late changes nothing', (_, event) => {
    const life = second(begun());
    const before = life.state;
    life.record(bot, event);
    expect(life.state).toEqual({ ...before, changedAt: life.state.changedAt });
  });
});

describe('a check', () => {
  test('is queued, runs and is done, with its finding', () => {
    const life = begun();
    expect(gateOf(life, 'mrs')).toMatchObject({ run: 1, phase: 'queued', finding: null });
    life.record(bot, started('mrs'));
    expect(gateOf(life, 'mrs').phase).toBe('running');
    life.record(bot, found('mrs', 'waiting'));
    expect(gateOf(life, 'mrs')).toMatchObject({ phase: 'running', finding: { outcome: 'waiting' } });
    life.record(bot, found('mrs', 'pass'));
    expect(gateOf(life, 'mrs')).toMatchObject({
      phase: 'done',
      finding: { outcome: 'pass', run: 1, seq: 9, at: '2026-11-20T10:00:00.000Z' },
    });
  });

  test('keeps its finding while it runs again', () => {
    const life = begun();
    life.record(bot, found('mrs', 'pass'));
    life.record(rita, requested('mrs'));
    expect(gateOf(life, 'mrs')).toMatchObject({
      run: 2,
      phase: 'queued',
      finding: { outcome: 'pass', run: 1 },
    });
  });

  test.each([
    ['finds', found('mrs', 'pass', 1)],
    ['starts', started('mrs', 1)],
  ])('that was overtaken and %s something says nothing', (_, event) => {
    const life = begun();
    life.record(rita, requested('mrs'));
    life.record(bot, event);
    expect(gateOf(life, 'mrs')).toMatchObject({ run: 2, phase: 'queued', finding: null });
  });

  test('of the pass before that ends late says nothing about this one', () => {
    const life = second(begun());
    life.record(bot, identified(2));
    life.record(bot, found('migrations', 'pass', 1), started('migrations', 1));
    expect(gateOf(life, 'migrations')).toMatchObject({ run: 1, phase: 'idle', finding: null });
  });
});

describe('answers', () => {
  test('given by several people at once all stand, each with who and when', () => {
    const life = begun();
    life.record(tess, answered('login', 'pass'));
    life.record(sam, answered('login', 'fail', { note: 'blank page', link: 'https://x.example' }));
    expect(gateOf(life, 'login').answers).toEqual([
      expect.objectContaining({ by: tess, outcome: 'pass', seq: 7 }),
      expect.objectContaining({
        by: sam,
        outcome: 'fail',
        note: 'blank page',
        link: 'https://x.example',
        seq: 8,
      }),
    ]);
  });

  test('replace those that the person saw, and no others', () => {
    const life = begun();
    life.record(tess, answered('login', 'fail'));
    life.record(sam, answered('login', 'fail'));
    life.record(rita, answered('login', 'pass', { saw: [7] }));
    expect(seqs(life, 'login')).toEqual([8, 9]);
  });

  test('replace the person’s own', () => {
    const life = begun();
    life.record(tess, answered('login', 'fail'));
    life.record(tess, answered('login', 'pass'));
    expect(seqs(life, 'login')).toEqual([8]);
  });

  test('to a question that the release does not ask are not taken', () => {
    const life = begun();
    life.record(tess, answered('nonsense'));
    expect(life.state.gates['nonsense']).toBe(undefined);
  });

  test('know who was asked to give them', () => {
    const life = begun();
    life.record(tess, assigned('login', tess));
    expect(gateOf(life, 'login').assignee).toBe(tess);
    life.record(sam, assigned('login', null));
    expect(gateOf(life, 'login').assignee).toBe(null);
  });

  test('are of the workspace that was recorded last', () => {
    const life = begun();
    life.record(tess, placed());
    life.record(sam, placed('Depot simulation', 'Rita said yes'));
    expect(life.state.workspace).toMatchObject({
      workspace: 'Depot simulation',
      approval: 'Rita said yes',
      by: sam,
    });
  });
});

describe('what people say about a blocker', () => {
  test('stands until they say something else about it', () => {
    const life = begun();
    life.record(bot, found('mrs', failing('mr/1', 'mr/2')));
    life.record(rita, handledAs('excluded', 'mrs', 'mr/1'), handledAs('tracked', 'mrs', 'mr/2'));
    life.record(sam, handledAs('escalated', 'mrs', 'mr/1'));
    expect(gateOf(life, 'mrs').handled.map(({ blocker, as, by }) => [blocker, as, by])).toEqual([
      ['mr/2', 'tracked', rita],
      ['mr/1', 'escalated', sam],
    ]);
    expect(life.state.notices.filter(({ kind }) => kind === 'handled')).toHaveLength(3);
  });

  test('a waiver is answered once', () => {
    const life = begun();
    life.record(rita, proposed('w1', 'mrs', 'mr/1'), proposed('w2', 'mrs', 'mr/2'));
    life.record(sam, confirmed('w1'));
    life.record(tess, declined('w1'), confirmed('w1'), declined('w2'), confirmed('w2'));
    expect(life.state.waivers).toMatchObject([
      { id: 'w1', by: rita, pass: 1, confirmed: { by: sam }, declined: null },
      { id: 'w2', by: rita, pass: 1, confirmed: null, declined: { by: tess } },
    ]);
  });
});
