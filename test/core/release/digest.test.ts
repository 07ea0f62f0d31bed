import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/core/release/decide.ts';
import type { ReleaseEvent } from '../../../src/core/release/events.ts';
import { answeredAll, begun, digest, gone, Life, minute } from './life.ts';
import {
  answered,
  approved,
  assigned,
  barePlan,
  blockerSample,
  bot,
  confirmed,
  deployed,
  failing,
  findingSample,
  found,
  guard,
  handledAs,
  owner,
  placed,
  proposed,
  requested,
  sam,
  started,
  tess,
  unwritten,
  written,
} from './samples.ts';

/** What was decided on, before and after something happened. */
function digests(life: Life, ...events: ReleaseEvent[]): [string, string] {
  const before = life.standing().digest;
  life.record(sam, ...events);
  return [before, life.standing().digest];
}

describe('the digest', () => {
  test.each<[string, ReleaseEvent]>([
    ['another person’s answer', answered('login')],
    ['another note', answered('charts', 'pass', { note: 'slow', saw: [11] })],
    ['another link', answered('charts', 'pass', { link: 'https://x.example', saw: [11] })],
    ['a failure', answered('charts', 'fail')],
    ['another reason of a check', found('site', findingSample('pass', { reason: 'Otherwise.' }))],
    ['another outcome', found('site', findingSample('inconclusive', { reason: 'It is pass.' }))],
    [
      'a blocker',
      found('site', findingSample('fail', { reason: 'It is pass.', blockers: [blockerSample('x')] })),
    ],
    ['a newer deployment', deployed(900)],
    ['another workspace', placed('Other')],
    ['an approval of the workspace', placed('Smoke test', 'Rita said yes')],
  ])('changes with %s', (_, event) => {
    const [before, after] = digests(answeredAll(barePlan), event);
    expect(after).not.toBe(before);
  });

  test.each<[string, ReleaseEvent[]]>([
    ['a signal', [found('mrs', findingSample('fail', { blockers: [blockerSample('mr/1', 'new')] }))]],
    ['what is said about a blocker', [handledAs('tracked', 'mrs', 'mr/1')]],
    ['an exclusion', [handledAs('excluded', 'mrs', 'mr/1')]],
    ['a waiver', [proposed('w', 'mrs', 'mr/1'), confirmed('w')]],
  ])('changes with %s of a failure', (_, events) => {
    const [before, after] = digests(answeredAll(barePlan, { mrs: found('mrs', failing('mr/1')) }), ...events);
    expect(after).not.toBe(before);
  });

  test('changes when a waiver ends', () => {
    const life = answeredAll(barePlan, { mrs: found('mrs', failing('mr/1')) });
    life.record(sam, proposed('w', 'mrs', 'mr/1', { expiresAt: '2026-11-20T10:30:00.000Z' }), confirmed('w'));
    const before = life.standing().digest;
    life.now = new Date('2026-11-20T10:30:00.000Z');
    expect(life.standing().digest).not.toBe(before);
  });

  test('changes with the pass', () => {
    const life = answeredAll(barePlan);
    expect(decide({ ...life.state, pass: 2 }, life.now, digest).digest).not.toBe(life.standing().digest);
  });

  test.each<[string, ReleaseEvent[]]>([
    [
      'the same found again, with evidence of another time',
      [
        requested('site'),
        found(
          'site',
          findingSample('pass', {
            evidence: [{ label: 'status', value: '200', url: null, at: '2026-11-20T11:00:00.000Z' }],
          }),
          2,
        ),
      ],
    ],
    ['a check that is looked at again', [requested('site'), started('site', 2)]],
    ['who looks after an item', [assigned('login', sam)]],
    ['the record', [written(['pass/1'])]],
    ['a record that cannot be written', [unwritten]],
    ['a waiver that nobody confirmed', [proposed('w', 'mrs', 'mr/1')]],
    ['an approval', [approved('platform', 'x')]],
  ])('does not change with %s', (_, events) => {
    const [before, after] = digests(answeredAll({ ...barePlan, recorded: true }), ...events);
    expect(after).toBe(before);
  });

  test('does not change with the time', () => {
    const life = gone();
    const before = life.standing().digest;
    life.wait(600 * minute);
    expect(life.standing().digest).toBe(before);
  });

  test('is the same for the same facts that came at other times', () => {
    const late = begun(barePlan);
    late.wait(30 * minute);
    late.record(tess, placed());
    for (const gate of ['mrs', 'site', 'migrations']) late.record(bot, found(gate, 'pass'));
    for (const gate of ['login', 'charts', 'roaming']) late.record(tess, answered(gate));
    expect(late.standing().digest).toBe(answeredAll(barePlan).standing().digest);
  });
});

describe('an approval', () => {
  test('counts for exactly what was seen', () => {
    const life = answeredAll();
    life.writeRecord();
    const { digest: seen } = life.standing();
    expect(decide({ ...life.state, approvals: given('other', 'other') }, life.now, digest).verdict).toBe(
      'undecided',
    );
    expect(decide({ ...life.state, approvals: given(seen, 'other') }, life.now, digest).verdict).toBe(
      'undecided',
    );
    expect(decide({ ...life.state, approvals: given(seen, seen) }, life.now, digest).verdict).toBe('GO');
  });

  const given = (platform: string, security: string) => [
    { approval: 'platform', digest: platform, by: owner, at: '', seq: 90 },
    { approval: 'security', digest: security, by: guard, at: '', seq: 91 },
  ];
});
