import { describe, expect, test } from 'vitest';
import type { Release } from '../../src/core/release/state.ts';
import { checkView } from '../../src/core/slack-payload/check-view.ts';
import { blockersModal, pageOf, readBlocker } from '../../src/views/blockers-modal.ts';
import {
  answered,
  event,
  found,
  identified,
  releaseOf,
  requested,
  unlabelled,
  workspace,
} from '../commands/sample-release.ts';
import { buttonsOf, linesOf, longRelease, standingOf } from './release-forms.ts';
import { mrkdwnIn } from './slack-reads.ts';
import { hostileTexts, hostileUrls } from './states.ts';

const modal = (release: Release, page = 0) => blockersModal(release, standingOf(release), page);
const one = () => releaseOf([identified(), requested('labels', 'spike'), unlabelled(1)]);

describe('"What blocks"', () => {
  test('lists what stands against a GO, each with its link and what to do, then what is open', () => {
    const lines = linesOf(modal(one()));
    expect(lines[0]).toBe('*Release 2026.47*: 1 thing stands against a GO. 4 still open.');
    expect(lines[1]).toBe(':x: *fail* · *Every merge request is validated*');
    expect(lines[2]).toBe(
      '!1 Title\n<https://gitlab.test/betterfleet/p-001/-/merge_requests/1|look at it>\nLabel it after validating, or exclude it.',
    );
    expect(lines.at(-1)).toContain('*Still open*\n• Login succeeds');
  });

  test('has a re-check for each automated gate, and a way to handle each blocker', () => {
    const smoke = answered('login', { outcome: 'fail', note: 'blank page' });
    const release = releaseOf([identified(), workspace(), requested('labels'), unlabelled(2), smoke]);
    expect(buttonsOf(modal(release))).toEqual([
      'release_recheck_gate 2026.47/labels',
      'blocker_handle 2026.47/labels/mr/betterfleet/p-001!1',
      'blocker_handle 2026.47/labels/mr/betterfleet/p-001!2',
      'blocker_handle 2026.47/login/gate',
    ]);
  });

  test('offers no second re-check while one is under way', () => {
    const view = modal(releaseOf([identified(), requested('labels'), unlabelled(1), requested('labels')]));
    expect(linesOf(view)[1]).toContain('being re-checked');
    expect(buttonsOf(view)).not.toContain('release_recheck_gate 2026.47/labels');
  });

  test('says which waivers wait for a second person', () => {
    const asked = event('WaiverProposed', {
      waiver: 'w1',
      gate: 'labels',
      blocker: 'mr/betterfleet/p-001!1',
      signal: '',
      title: '!1 Title',
      reason: 'tested by hand',
      expiresAt: '2026-11-21T23:59:59.999Z',
    });
    const release = releaseOf([identified(), requested('labels'), unlabelled(1), asked]);
    expect(linesOf(modal(release))[2]).toContain('<@U0TESTER> asks for a waiver');
  });

  test('says so when nothing blocks', () => {
    const lines = linesOf(modal(releaseOf([identified()])));
    expect(lines[0]).toContain('Nothing stands against a GO.');
  });

  test('turns pages, so that each of 200 blockers can be reached', () => {
    const release = releaseOf([identified(), requested('labels'), unlabelled(200)]);
    const handled = [0, 1, 2, 3, 4].flatMap((page) =>
      buttonsOf(modal(release, page)).filter((button) => button.startsWith('blocker_handle')),
    );
    expect(new Set(handled).size).toBe(200);
    expect(buttonsOf(modal(release, 0))).toContain('blockers_further 2026.47/1');
    expect(buttonsOf(modal(release, 4))).toContain('blockers_earlier 2026.47/3');
    expect(buttonsOf(modal(release, 99))).toEqual(buttonsOf(modal(release, 4)));
    expect(pageOf(standingOf(release), 'labels', 'mr/betterfleet/p-001!81')).toBe(2);
    expect(pageOf(standingOf(release), 'labels', 'gone')).toBe(0);
  });

  test.each(['Usual', '&<>'.repeat(1_000), '🎉'.repeat(500)])(
    'of 180 failed items %j is taken by Slack',
    (text) => {
      const release = longRelease(3, 60, text);
      for (const page of [0, 2, 4]) expect(checkView(modal(release, page))).toEqual([]);
    },
  );

  test.each([...hostileTexts, ...hostileUrls])(
    'foreign text pings nobody and breaks nothing: %j',
    (foreign) => {
      // The store keeps well-formed text only.
      const text = foreign.toWellFormed();
      const blockers = [{ id: 'b/1', title: text, url: foreign, signal: text }];
      const spike = found('spike', { outcome: 'fail', reason: text, remedy: text, blockers });
      const release = releaseOf([identified(), requested('spike'), spike]);
      const view = modal(release);
      expect(checkView(view)).toEqual([]);
      const marks = mrkdwnIn(view).flatMap((shown) => shown.match(/<[^>]*>/g) ?? []);
      expect(marks.filter((mark) => !/^<https?:\/\/[^<>|]+\|[^<>|]+>$/.test(mark))).toEqual([]);
    },
  );
});

test('a blocker’s id may hold slashes', () => {
  expect(readBlocker('2026.47/labels/mr/a/b!1')).toEqual({
    release: '2026.47',
    gate: 'labels',
    blocker: 'mr/a/b!1',
  });
});
