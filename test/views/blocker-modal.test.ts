import { describe, expect, test } from 'vitest';
import { longestWaiverDays } from '../../src/core/release/acts.ts';
import type { Release } from '../../src/core/release/state.ts';
import { checkView } from '../../src/core/slack-payload/check-view.ts';
import { blockerModal, handlingsFor, type MayHandle } from '../../src/views/blocker-modal.ts';
import { endOfDay, lastDay, waiverModal } from '../../src/views/waiver-modal.ts';
import { event, found, identified, releaseOf, requested, unlabelled } from '../commands/sample-release.ts';
import { buttonsOf, item, linesOf, now, standingOf } from './release-forms.ts';
import { hostileTexts } from './states.ts';

const id = 'mr/betterfleet/p-001!1';
const of = (release: Release, gate: string, blocker: string) => {
  const reason = standingOf(release).against.find((one) => one.gate === gate && one.blocker === blocker);
  if (!reason) throw new Error(`nothing blocks in ${gate}`);
  return { status: item(release, gate), reason };
};
const modal = (release: Release, may: MayHandle, gate = 'labels', blocker = id) => {
  const { status, reason } = of(release, gate, blocker);
  return blockerModal(release, status, reason, may);
};
const release = () => releaseOf([identified(), requested('labels'), unlabelled(1)]);

describe('the form of one blocker (B2, B6)', () => {
  test.each<[MayHandle, string, string[]]>([
    ['exclude', id, ['excluded', 'tracked', 'escalated']],
    ['accept', id, ['accepted', 'tracked', 'escalated']],
    ['none', id, ['tracked', 'escalated']],
    ['exclude', 'gate', ['tracked', 'escalated']],
    ['accept', 'gate', ['tracked', 'escalated']],
  ])('where the check lets %s and it is %s, offers %j', (may, blocker, offered) => {
    expect(handlingsFor(blocker, may)).toEqual(offered);
  });

  test('names the blocker and leads to the waiver', () => {
    const view = modal(release(), 'exclude');
    expect(linesOf(view)[0]).toBe(
      '*!1 Title*\n<https://gitlab.test/betterfleet/p-001/-/merge_requests/1|look at it>',
    );
    expect(buttonsOf(view)).toEqual([`blocker_waiver 2026.47/labels/${id}`]);
    expect(view.private_metadata).toBe(`2026.47/labels/${id}`);
  });

  test('says what was done about it before', () => {
    const tracked = event('BlockerHandled', {
      gate: 'labels',
      blocker: id,
      signal: '',
      title: '!1 Title',
      as: 'tracked',
      reason: 'waits for <QA>',
      link: 'https://linear.test/REL-1',
    });
    const lines = linesOf(
      modal(releaseOf([identified(), requested('labels'), unlabelled(1), tracked]), 'none'),
    );
    expect(lines).toContainEqual(
      expect.stringMatching(/^\*Tracked\* · <@U0TESTER> · .+ · waits for &lt;QA&gt; · <https:\/\/linear/),
    );
  });

  test.each(hostileTexts)('and that of its waiver are taken by Slack with %j', (text) => {
    const blockers = [{ id: 'b', title: text || 'x', url: null, signal: text }];
    const spike = found('spike', { outcome: 'fail', reason: text, remedy: text, blockers });
    const strange = releaseOf([identified(), requested('spike'), spike]);
    const { status, reason } = of(strange, 'spike', 'b');
    expect(checkView(blockerModal(strange, status, reason, 'accept'), 2)).toEqual([]);
    expect(checkView(waiverModal(strange, status, reason, now), 2)).toEqual([]);
  });
});

describe('the end of a waiver (F7)', () => {
  const dayMs = 86_400_000;
  test.each(['2026-11-20T00:00:00.000Z', '2026-11-20T12:00:00.000Z', '2026-11-20T23:59:59.999Z'])(
    'asked for at %s is the last day that is not too far away',
    (at) => {
      const left = (day: string) => Date.parse(endOfDay(day)) - Date.parse(at);
      const last = lastDay(new Date(at));
      const next = new Date(Date.parse(`${last}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);
      expect(left(last)).toBeLessThanOrEqual(longestWaiverDays * dayMs);
      expect(left(next)).toBeGreaterThan(longestWaiverDays * dayMs);
    },
  );

  test('is said beside its input', () => {
    const state = release();
    const { status, reason } = of(state, 'labels', id);
    expect(JSON.stringify(waiverModal(state, status, reason, now))).toContain('2026-12-19 at the latest');
  });
});
