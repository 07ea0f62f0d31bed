import { describe, expect, test } from 'vitest';
import type { ReleaseEvent } from '../../../src/core/release/events.ts';
import { type GateWord, hasEnded, isGreen } from '../../../src/core/release/gate-status.ts';
import { begun, Life } from './life.ts';
import {
  answered,
  bot,
  deployed,
  found,
  identified,
  judged,
  passStarted,
  releaseOpened,
  requested,
  rita,
  sam,
  started,
  tess,
} from './samples.ts';

/** Events by the people who take part, in turn, so that no two answers are of one person. */
function having(...events: ReleaseEvent[]): Life {
  const life = begun();
  const people = [tess, sam, rita];
  for (const [index, event] of events.entries()) life.record(people[index % 3] ?? tess, event);
  return life;
}

describe('an automated gate is', () => {
  test.each<[string, GateWord, ReleaseEvent[]]>([
    ['queued before it starts', 'queued', []],
    ['running once it has started', 'running', [started('mrs')]],
    ['waiting while there is nothing to judge', 'waiting', [found('mrs', 'waiting')]],
    ['passed', 'pass', [found('mrs', 'pass')]],
    ['failed', 'fail', [found('mrs', 'fail')]],
    ['inconclusive', 'inconclusive', [found('mrs', 'inconclusive')]],
    ['not applicable', 'not-applicable', [found('mrs', 'not-applicable')]],
    ['still passed while it is looked at again', 'pass', [found('mrs', 'pass'), requested('mrs')]],
    [
      'still failed while it is looked at again',
      'fail',
      [found('mrs', 'fail'), requested('mrs'), started('mrs', 2)],
    ],
    ['what it was found last', 'fail', [found('mrs', 'pass'), requested('mrs'), found('mrs', 'fail', 2)]],
  ])('%s', (_, word, events) => {
    expect(having(...events).status('mrs').word).toBe(word);
  });

  test('says that it is looked at again', () => {
    expect(having(found('mrs', 'pass')).status('mrs').rechecking).toBe(false);
    expect(having(found('mrs', 'pass'), requested('mrs')).status('mrs').rechecking).toBe(true);
  });

  test('waiting while nobody knows what should be running', () => {
    const life = new Life();
    life.record(rita, releaseOpened(), passStarted());
    expect(life.standing().statuses.map(({ word }) => word)).toEqual(Array(6).fill('waiting'));
  });
});

describe('a gate that people answer is', () => {
  test.each<[string, GateWord, string, ReleaseEvent[]]>([
    ['open', 'open', '', []],
    ['passed', 'pass', '', [answered('login')]],
    ['failed, with what was seen', 'fail', 'as seen', [answered('login', 'fail')]],
    ['not applicable, with why', 'not-applicable', 'as seen', [answered('login', 'not-applicable')]],
    ['passed when two agree', 'pass', '', [answered('login'), answered('login')]],
    [
      'failed when one of two says so, whoever is last',
      'fail',
      'as seen',
      [answered('login', 'fail'), answered('login', 'pass')],
    ],
    [
      'failed for both reasons when two say so',
      'fail',
      'blank; slow',
      [answered('login', 'fail', { note: 'blank' }), answered('login', 'fail', { note: 'slow' })],
    ],
    [
      'inconclusive when one passes it and another says it does not apply',
      'inconclusive',
      'People answered it differently at the same time.',
      [answered('login'), answered('login', 'not-applicable')],
    ],
    [
      'settled by an answer to both',
      'pass',
      '',
      [
        answered('login', 'fail'),
        answered('login', 'not-applicable'),
        answered('login', 'pass', { saw: [7, 8] }),
      ],
    ],
  ])('%s', (_, word, reason, events) => {
    expect(having(...events).status('login')).toMatchObject({ word, reason });
  });

  test('open in the next pass, and says why it is asked again', () => {
    const life = having(answered('login'));
    life.record(bot, deployed(900));
    life.record(rita, passStarted(2));
    life.record(bot, identified(2, [], [{ gate: 'login', why: 'web/a.ts has changed.' }]));
    expect(life.status('login')).toMatchObject({ word: 'open', reason: 'web/a.ts has changed.' });
  });

  test('shown with each answer’s evidence', () => {
    const link = 'https://grafana.example/1';
    expect(having(answered('login', 'pass', { link })).status('login').evidence).toMatchObject([
      { url: link, value: link, at: '2026-11-20T10:00:00.000Z' },
    ]);
  });
});

describe('a conditional gate', () => {
  test.each<[string, string, GateWord, ReleaseEvent[]]>([
    ['that the bot answers waits until it is judged', 'migrations', 'waiting', []],
    ['that people answer waits until it is judged', 'roaming', 'waiting', []],
    [
      'that does not apply is green, automated',
      'migrations',
      'not-applicable',
      [judged({ migrations: 'does-not-apply' })],
    ],
    [
      'that does not apply is green, for people',
      'roaming',
      'not-applicable',
      [judged({ roaming: 'does-not-apply' })],
    ],
    [
      'that applies is run',
      'migrations',
      'queued',
      [judged({ migrations: 'applies' }), requested('migrations')],
    ],
    ['that applies is asked', 'roaming', 'open', [judged({ roaming: 'applies' })]],
    [
      'that nobody knows about is inconclusive, automated',
      'migrations',
      'inconclusive',
      [judged({ migrations: 'unknown' })],
    ],
    ['that nobody knows about is asked, for people', 'roaming', 'open', [judged({ roaming: 'unknown' })]],
    [
      'counts with its answer whether it applies or not',
      'roaming',
      'fail',
      [judged({ roaming: 'does-not-apply' }), answered('roaming', 'fail')],
    ],
    ['that was answered before it was judged is answered', 'roaming', 'pass', [answered('roaming')]],
  ])('%s', (_, gate, word, events) => {
    const life = new Life();
    life.record(rita, releaseOpened(), passStarted());
    life.record(bot, identified());
    for (const event of events) life.record(tess, event);
    expect(life.status(gate).word).toBe(word);
  });

  test('says why it applies, or why nobody knows', () => {
    expect(having(judged({ roaming: 'applies' })).status('roaming').reason).toBe('It applies by the paths.');
    expect(having(judged({ migrations: 'unknown' })).status('migrations')).toMatchObject({
      reason: 'It is not known whether it applies: It unknown by the paths.',
      remedy: 'It is looked at again by itself; mend the cause until then.',
    });
  });
});

test.each<[GateWord, boolean, boolean]>([
  ['pass', true, true],
  ['not-applicable', true, true],
  ['waived', true, true],
  ['fail', false, true],
  ['inconclusive', false, true],
  ['open', false, false],
  ['queued', false, false],
  ['running', false, false],
  ['waiting', false, false],
])('%s lets a GO through: %s, has ended: %s', (word, green, ended) => {
  expect([isGreen({ word }), hasEnded({ word })]).toEqual([green, ended]);
});
