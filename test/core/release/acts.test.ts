import { describe, expect, test } from 'vitest';
import {
  type Acted,
  type AnswerInput,
  answer,
  assign,
  automated,
  nextPass,
  open,
  recheck,
  recordWorkspace,
  releaseId,
} from '../../../src/core/release/acts.ts';
import type { ReleaseEvent } from '../../../src/core/release/events.ts';
import { begun, gone, Life } from './life.ts';
import {
  barePlan,
  deployed,
  found,
  judged,
  passStarted,
  placed,
  releaseOpened,
  requested,
  rita,
  sam,
  started,
  tess,
  unidentified,
} from './samples.ts';

/** What an act came to: the code of its refusal, or the types of its events. */
function outcome(acted: Acted): string {
  return 'problem' in acted ? acted.problem.code : acted.events.map(({ type }) => type).join() || 'nothing';
}
function dataOf(acted: Acted): object | undefined {
  return 'events' in acted ? acted.events[0]?.data : undefined;
}

function having(life: Life, ...events: ReleaseEvent[]): Life {
  for (const event of events) life.record(rita, event);
  return life;
}
const pending = () => having(new Life(), releaseOpened(), passStarted());

describe('opening a release', () => {
  const details = (name: string) => {
    const event = releaseOpened();
    if (event.type !== 'ReleaseOpened') throw new Error('no opening');
    return { ...event.data, name };
  };

  test.each([
    ['2026.47', 'ReleaseOpened,PassStarted'],
    ['R', 'ReleaseOpened,PassStarted'],
    ['x'.repeat(40), 'ReleaseOpened,PassStarted'],
    ['x'.repeat(41), 'release-name-wrong'],
    ['', 'release-name-wrong'],
    ['.hidden', 'release-name-wrong'],
    ['a/b', 'release-name-wrong'],
    ['a b', 'release-name-wrong'],
    ['<!channel>', 'release-name-wrong'],
  ])('named "%s" gives %s', (name, expected) => {
    expect(outcome(open(null, details(name)))).toBe(expected);
  });

  test('that is open already continues it', () => {
    expect(outcome(open(begun().state, details('2026.47')))).toBe('nothing');
  });

  test('names its id in lower case', () => {
    expect(releaseId(' R-2026.47 ')).toBe('r-2026.47');
  });
});

describe('the next pass', () => {
  const stale = having(begun(), deployed(900)).state;
  test.each<[string, Acted, string]>([
    ['starts when something newer runs', nextPass(stale, 1), 'PassStarted'],
    ['does not when nothing does', nextPass(begun().state, 1), 'pass-current'],
    [
      'has begun already for a second press',
      nextPass(having(begun(), deployed(900), passStarted(2)).state, 1),
      'nothing',
    ],
  ])('%s', (_, acted, expected) => {
    expect(outcome(acted)).toBe(expected);
  });

  test('is the one after the present', () => {
    expect(dataOf(nextPass(stale, 1))).toEqual({ pass: 2 });
  });
});

describe('re-checking', () => {
  const done = () =>
    having(begun(), found('mrs', 'fail'), found('site', 'pass'), found('migrations', 'inconclusive'));

  test.each<[string, () => Life, Parameters<typeof recheck>[1], string[] | string]>([
    ['all takes every automated gate', done, 'all', ['mrs', 'site', 'migrations']],
    ['what failed leaves what is green', done, 'failed', ['mrs', 'migrations']],
    ['one takes that one', done, { gate: 'site' }, ['site']],
    ['takes one that waits, too', () => having(begun(), found('mrs', 'waiting')), 'all', ['mrs']],
    ['leaves what is under way', () => having(done(), requested('mrs')), 'all', ['site', 'migrations']],
    ['leaves what has never run', begun, 'all', 'nothing-to-recheck'],
    ['leaves what runs', () => having(begun(), started('mrs')), 'all', 'nothing-to-recheck'],
    [
      'leaves what does not apply',
      () => having(begun(), judged({ migrations: 'does-not-apply' })),
      { gate: 'migrations' },
      'nothing-to-recheck',
    ],
    ['has nothing to do when all is green', () => gone(barePlan), 'failed', 'nothing-to-recheck'],
    ['knows no other gate', done, { gate: 'nonsense' }, 'gate-unknown'],
    ['leaves people’s gates to people', done, { gate: 'login' }, 'gate-unknown'],
    ['waits for the candidate', pending, 'all', 'candidate-pending'],
    [
      'looks for the candidate again when it was not found',
      () => having(pending(), unidentified()),
      'all',
      [],
    ],
  ])('%s', (_, live, which, expected) => {
    const { state, now } = live();
    const acted = recheck(state, which, now);
    if (typeof expected === 'string') expect(outcome(acted)).toBe(expected);
    else expect(acted).toEqual({ events: [requested(...expected)] });
  });
});

describe('answering', () => {
  const input = (parts: Partial<AnswerInput> = {}): AnswerInput => ({
    gate: 'roaming',
    outcome: 'pass',
    note: '',
    link: null,
    pass: 1,
    saw: [],
    ...parts,
  });

  test.each<[string, Partial<AnswerInput>, string]>([
    ['yes needs no note', {}, 'ItemAnswered'],
    ['no says what was seen', { outcome: 'fail', note: 'blank' }, 'ItemAnswered'],
    ['no without a note', { outcome: 'fail' }, 'note-missing'],
    ['not applicable without a note', { outcome: 'not-applicable', note: ' \n' }, 'note-missing'],
    ['with a link', { link: 'https://grafana.example/d/1' }, 'ItemAnswered'],
    ['with something that is no link', { link: 'see Grafana' }, 'link-wrong'],
    ['with a link that hides another', { link: 'https://a.example\nx' }, 'link-wrong'],
    ['with a script', { link: 'javascript:alert(1)' }, 'link-wrong'],
    ['in a form of an earlier pass', { pass: 0 }, 'pass-over'],
    ['what nobody asked', { gate: 'nonsense' }, 'gate-unknown'],
    ['what the bot answers', { gate: 'mrs' }, 'gate-unknown'],
    ['a smoke check before the workspace is recorded', { gate: 'login' }, 'workspace-missing'],
    [
      'that a smoke check does not apply',
      { gate: 'login', outcome: 'not-applicable', note: 'no' },
      'ItemAnswered',
    ],
  ])('%s', (_, parts, expected) => {
    expect(outcome(answer(begun().state, input(parts)))).toBe(expected);
  });

  test('waits for the candidate', () => {
    expect(outcome(answer(pending().state, input()))).toBe('candidate-pending');
  });

  test('a smoke check after the workspace is recorded', () => {
    expect(outcome(answer(having(begun(), placed()).state, input({ gate: 'login' })))).toBe('ItemAnswered');
  });

  test('is for the present pass, with the note trimmed and what was seen', () => {
    const acted = answer(begun().state, input({ outcome: 'fail', note: ' blank ', saw: [9] }));
    expect(dataOf(acted)).toMatchObject({ gate: 'roaming', note: 'blank', pass: 1, saw: [9] });
  });
});

test.each<[string, string, string | null, string]>([
  ['somebody to an item', 'login', sam, 'ItemAssigned'],
  ['whoever has it already', 'login', tess, 'nothing'],
  ['nobody', 'login', null, 'ItemAssigned'],
  ['somebody to a check of the bot', 'mrs', sam, 'gate-unknown'],
  ['somebody to what is not asked', 'nonsense', sam, 'gate-unknown'],
])('assigning %s', (_, gate, to, expected) => {
  const { state } = having(begun(), { type: 'ItemAssigned', data: { gate: 'login', to: tess } });
  expect(outcome(assign(state, gate, to))).toBe(expected);
});

describe('recording the workspace', () => {
  const place = (workspace: string, depot = 'Depot North', approval: string | null = null, life = begun()) =>
    recordWorkspace(life.state, { workspace, depot, approval }, ['Depot simulation']);

  test.each<[string, Acted, string]>([
    ['takes any that is free', place('Smoke test'), 'WorkspaceRecorded'],
    ['refuses one that is reserved', place('Depot simulation'), 'workspace-reserved'],
    ['however it is written', place(' depot SIMULATION '), 'workspace-reserved'],
    [
      'takes a reserved one with an approval',
      place('Depot simulation', 'D', 'Rita said yes'),
      'WorkspaceRecorded',
    ],
    ['not with an empty approval', place('Depot simulation', 'D', '  '), 'workspace-reserved'],
    ['refuses none', place(' '), 'workspace-empty'],
    ['refuses no depot', place('Smoke test', ' '), 'workspace-empty'],
    [
      'has nothing to do for the same',
      place(' Smoke test ', 'Depot North', null, having(begun(), placed())),
      'nothing',
    ],
    [
      'takes another depot',
      place('Smoke test', 'South', null, having(begun(), placed())),
      'WorkspaceRecorded',
    ],
    [
      'takes another approval of the same',
      place(
        'Depot simulation',
        'Depot North',
        'Sam, too',
        having(begun(), placed('Depot simulation', 'Rita')),
      ),
      'WorkspaceRecorded',
    ],
  ])('%s', (_, acted, expected) => {
    expect(outcome(acted)).toBe(expected);
  });

  test('keeps no blanks around the names', () => {
    expect(dataOf(place(' A ', ' B ', ' C '))).toEqual({ workspace: 'A', depot: 'B', approval: 'C' });
  });
});

test('automated gates are mandatory, or conditional', () => {
  const { state } = begun();
  expect(automated(state, 'mandatory')).toEqual(['mrs', 'site']);
  expect(automated(state, 'conditional')).toEqual(['migrations']);
});
