import { describe, expect, test } from 'vitest';
import {
  type Acted,
  answerWaiver,
  approve,
  type HandleInput,
  handle,
  proposeWaiver,
} from '../../../src/core/release/acts.ts';
import type { ReleaseEvent } from '../../../src/core/release/events.ts';
import { answeredAll, Life } from './life.ts';
import {
  approved,
  barePlan,
  confirmed,
  declined,
  deployed,
  failing,
  found,
  guard,
  handledAs,
  owner,
  passStarted,
  proposed,
  rita,
  sam,
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
const blocked = (...events: ReleaseEvent[]) =>
  having(answeredAll(barePlan, { mrs: found('mrs', failing('mr/1', 'mr/2')) }), ...events);

describe('handling a blocker', () => {
  const input = (parts: Partial<HandleInput> = {}): HandleInput => ({
    gate: 'mrs',
    blocker: 'mr/1',
    as: 'excluded',
    reason: 'known',
    link: null,
    ...parts,
  });
  const link = 'https://linear.example/REL-1';

  test.each<[string, Partial<HandleInput>, Parameters<typeof handle>[2], string]>([
    ['excludes a merge request', {}, 'exclude', 'BlockerHandled'],
    ['does not accept one', { as: 'accepted' }, 'exclude', 'handling-wrong'],
    ['accepts a signal', { as: 'accepted' }, 'accept', 'BlockerHandled'],
    ['does not exclude one', {}, 'accept', 'handling-wrong'],
    ['takes out nothing of any other check', {}, 'none', 'handling-wrong'],
    ['accepts nothing of any other check', { as: 'accepted' }, 'none', 'handling-wrong'],
    ['tracks anything', { as: 'tracked', link }, 'none', 'BlockerHandled'],
    ['escalates anything', { as: 'escalated', link }, 'none', 'BlockerHandled'],
    ['says where it is tracked', { as: 'tracked' }, 'none', 'tracking-missing'],
    ['says where it is escalated', { as: 'escalated' }, 'none', 'tracking-missing'],
    ['says it with an address', { as: 'tracked', link: 'REL-1' }, 'none', 'link-wrong'],
    ['says why', { reason: ' ' }, 'exclude', 'reason-missing'],
    ['names one that stands', { blocker: 'mr/9' }, 'exclude', 'blocker-gone'],
    ['names its gate', { gate: 'site' }, 'exclude', 'blocker-gone'],
  ])('%s', (_, parts, may, expected) => {
    const { state, now } = blocked();
    expect(outcome(handle(state, input(parts), may, now))).toBe(expected);
  });

  test('never takes out a gate as a whole', () => {
    const { state, now } = answeredAll(barePlan, { site: found('site', 'fail') });
    const whole = { gate: 'site', blocker: 'gate' };
    expect(outcome(handle(state, input(whole), 'exclude', now))).toBe('handling-wrong');
    expect(outcome(handle(state, input({ ...whole, as: 'accepted' }), 'accept', now))).toBe('handling-wrong');
    expect(outcome(handle(state, input({ ...whole, as: 'tracked', link }), 'none', now))).toBe(
      'BlockerHandled',
    );
  });

  test('keeps the exact signal that was read', () => {
    const { state, now } = blocked();
    expect(dataOf(handle(state, input({ reason: ' known ' }), 'exclude', now))).toMatchObject({
      signal: 'signal of mr/1',
      title: 'Blocker mr/1',
      reason: 'known',
    });
  });

  test.each<[string, ReleaseEvent, HandleInput]>([
    ['excluded', handledAs('excluded', 'mrs', 'mr/1'), input()],
    ['tracked', handledAs('tracked', 'mrs', 'mr/1'), input({ as: 'tracked', link })],
  ])('that is %s already does nothing on a second press', (_, event, again) => {
    const { state, now } = blocked(event);
    expect(outcome(handle(state, again, 'exclude', now))).toBe('nothing');
  });

  test('accepts again what reads differently, though the words are the same', () => {
    const { state, now } = blocked(handledAs('accepted', 'mrs', 'mr/1', 'as it read before'));
    expect(outcome(handle(state, input({ as: 'accepted' }), 'accept', now))).toBe('BlockerHandled');
  });
});

describe('asking for a waiver', () => {
  const ask = (parts: Partial<Parameters<typeof proposeWaiver>[1]> = {}, life = blocked()) => {
    const input = { waiver: 'w', gate: 'mrs', blocker: 'mr/1', reason: 'harmless' };
    return proposeWaiver(life.state, { ...input, expiresAt: '2026-11-21T10:00:00.000Z', ...parts }, life.now);
  };

  test.each<[string, Acted, string]>([
    ['is recorded', ask(), 'WaiverProposed'],
    ['names a blocker that stands', ask({ blocker: 'mr/9' }), 'blocker-gone'],
    ['says why', ask({ reason: '' }), 'reason-missing'],
    ['ends at a time', ask({ expiresAt: '' }), 'waiver-expiry'],
    ['ends in the future', ask({ expiresAt: '2026-11-20T10:00:00.000Z' }), 'waiver-expiry'],
    ['ends within 30 days', ask({ expiresAt: '2026-12-20T10:00:00.001Z' }), 'waiver-expiry'],
    ['may take 30 days', ask({ expiresAt: '2026-12-20T10:00:00.000Z' }), 'WaiverProposed'],
    ['is asked once', ask({}, blocked(proposed('w', 'mrs', 'mr/1'))), 'nothing'],
    ['finds the blocker excluded', ask({}, blocked(handledAs('excluded', 'mrs', 'mr/1'))), 'blocker-gone'],
    [
      'is asked for a blocker that is tracked',
      ask({}, blocked(handledAs('tracked', 'mrs', 'mr/1'))),
      'WaiverProposed',
    ],
  ])('%s', (_, acted, expected) => {
    expect(outcome(acted)).toBe(expected);
  });

  test('is of the exact signal', () => {
    expect(dataOf(ask({ reason: ' harmless ' }))).toMatchObject({
      signal: 'signal of mr/1',
      reason: 'harmless',
    });
  });
});

describe('answering a waiver', () => {
  const asked = (...events: ReleaseEvent[]) => blocked(proposed('w', 'mrs', 'mr/1'), ...events);
  test.each<[string, Life, boolean, string, string]>([
    ['takes a second person', asked(), true, sam, 'WaiverConfirmed'],
    ['is not for whoever asked', asked(), true, rita, 'waiver-own'],
    ['may be declined', asked(), false, sam, 'WaiverDeclined'],
    ['may be taken back', asked(), false, rita, 'WaiverDeclined'],
    ['happens once', asked(confirmed('w')), false, sam, 'waiver-unknown'],
    ['does not happen after it was declined', asked(declined('w')), true, sam, 'waiver-unknown'],
    ['does not happen in a later pass', asked(deployed(900), passStarted(2)), true, sam, 'waiver-unknown'],
    ['needs one that was asked for', blocked(), true, sam, 'waiver-unknown'],
  ])('%s', (_, { state, now }, yes, user, expected) => {
    expect(outcome(answerWaiver(state, 'w', yes, user, now))).toBe(expected);
  });

  test('does not happen after its end: it would never count', () => {
    const { state } = asked();
    const end = new Date(state.waivers[0]?.expiresAt ?? '');
    expect(outcome(answerWaiver(state, 'w', true, sam, end))).toBe('waiver-unknown');
  });
});

describe('approving', () => {
  const ready = () => {
    const life = answeredAll();
    life.writeRecord();
    return life;
  };
  const say = (life: Life, approval: string, user: string, shown = life.standing().digest) =>
    outcome(approve(life.state, { approval, user, shown }, life.standing()));
  const once = () => {
    const life = ready();
    life.record(owner, approved('platform', life.standing().digest));
    return life;
  };

  test.each<[string, string, string]>([
    ['what was shown', say(ready(), 'platform', owner), 'ApprovalGiven'],
    ['what has changed meanwhile', say(ready(), 'platform', owner, 'other'), 'approval-stale'],
    ['for a role that the release does not ask', say(ready(), 'finance', owner), 'approval-unknown'],
    ['twice for one role', say(once(), 'platform', owner), 'nothing'],
    ['for a role that somebody else approved for', say(once(), 'platform', guard), 'nothing'],
    ['for two roles by one person', say(once(), 'security', owner), 'approval-twice'],
    ['for two roles by two people', say(once(), 'security', guard), 'ApprovalGiven'],
    [
      'before people have answered',
      say(answeredAll(undefined, { login: null }), 'platform', owner),
      'approval-early',
    ],
    ['before the record holds it', say(answeredAll(), 'platform', owner), 'approval-early'],
    [
      'while something stands against it',
      say(answeredAll(undefined, { mrs: found('mrs', 'fail') }), 'platform', owner),
      'approval-early',
    ],
    ['what is stale', say(having(ready(), deployed(900)), 'platform', owner), 'approval-early'],
  ])('%s gives its end', (_, end, expected) => {
    expect(end).toBe(expected);
  });
});
