import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actions } from '../../src/core/action.ts';
import { checkView } from '../../src/core/slack-payload/check-view.ts';
import { helpAnswer, problemAnswer, statusAnswer } from '../../src/views/answers.ts';
import { homeValidate, homeView } from '../../src/views/home.ts';
import { problemModal } from '../../src/views/problem-modal.ts';
import { planWith } from '../core/promotion/samples.ts';
import { catalogueOf } from '../support/catalogue.ts';
import { at, stories as promotionStories, wide as widePromotion } from './promotion-stories.ts';
import { stories, wide } from './release-states.ts';
import { expectSlackTakes, firstLine, mrkdwnIn, pingsIn } from './slack-reads.ts';
import { anyInvocation, everyState, hostileTexts, invocationOf, problemOf, targetsIn } from './states.ts';

const full = invocationOf({ targets: targetsIn(1_000, ...everyState()) });

describe('an answer', () => {
  test.each(hostileTexts.map((text) => [text.slice(0, 20), text]))(
    'with the problem %j is taken and pings nobody',
    (_, text) => {
      const body = problemAnswer(problemOf(text.trim() || 'No.'));
      expectSlackTakes(body);
      expect(pingsIn(body)).toEqual([]);
      expect(checkView(problemModal(problemOf(text)))).toEqual([]);
    },
  );

  test('with a problem names only the people to ask', () => {
    const body = problemAnswer({ ...problemOf('No.'), people: ['U0ADA', 'S0ENG'] });
    expect(pingsIn(body)).toEqual(['<@U0ADA>', '<!subteam^S0ENG>']);
  });

  test('to help names each command and action', () => {
    const body = helpAnswer(catalogueOf(3));
    expectSlackTakes(body);
    const shown = mrkdwnIn(body.blocks).join('\n');
    for (const words of [
      ...actions,
      '/release cutoff',
      '/release deploy',
      '/release validate',
      '/release decide',
      '/release status',
      '/release help',
      'p-001',
    ])
      expect(shown).toContain(words);
  });

  test('to help is taken with the longest name', () => {
    expectSlackTakes(helpAnswer(catalogueOf(1, { name: '&'.repeat(60) })));
  });

  test.each([0, 1, 8])('to status with %i invocations is taken', (count) => {
    const body = statusAnswer(Array.from({ length: count }, () => full));
    expectSlackTakes(body);
    expect(body.blocks).toHaveLength(1 + count);
  });

  test('to status tells the releases in validation before the invocations', () => {
    const validations = [stories.noGo(), stories.go()];
    const body = statusAnswer([full], validations);
    expectSlackTakes(body);
    const shown = mrkdwnIn(body.blocks);
    expect(shown[0]).toBe('*Releases in validation*');
    expect(shown[1]).toContain(
      '*NO-GO* · Release 2026.47 · Staging validation · 1 fail, 1 not applicable, 4 pass',
    );
    expect(shown[2]).toContain('*GO* · Release 2026.47');
    expect(shown[3]).toBe('*Latest invocations*');
  });

  test.each(hostileTexts.map((text) => [text.slice(0, 20), text]))(
    'to status with releases of %j is taken and pings nobody',
    (_, text) => {
      const validations = Array.from({ length: 8 }, () => wide(20, text));
      const body = statusAnswer(
        Array.from({ length: 8 }, () => full),
        validations,
      );
      expectSlackTakes(body);
      expect(pingsIn(body)).toEqual([]);
    },
  );

  test('to status without any says how to begin', () => {
    expect(firstLine(statusAnswer([]))).toContain('Nothing was started yet');
  });

  test('to status can be made of any states whatever', () => {
    fc.assert(
      fc.property(fc.array(anyInvocation, { minLength: 1, maxLength: 8 }), (states) => {
        const body = statusAnswer(states);
        expectSlackTakes(body);
        expect(pingsIn(body)).toEqual([]);
      }),
      { numRuns: 100, seed: 20261120 },
    );
  });
});

describe('the Home', () => {
  test.each<[string, number]>([
    ['BetterFleet Manage', 0],
    ['BetterFleet Manage', 8],
    ['&'.repeat(12), 8],
    ['🎉'.repeat(30), 8],
  ])('of %s with %i invocations is taken', (name, count) => {
    expect(
      checkView(
        homeView(
          name,
          Array.from({ length: count }, () => full),
        ),
      ),
    ).toEqual([]);
  });

  test.each([0, 8])('with %i releases has a button to validate one', (count) => {
    const validations = Array.from({ length: count }, () => stories.half());
    const view = homeView('BetterFleet Manage', [full], validations);
    expect(checkView(view)).toEqual([]);
    expect(JSON.stringify(view)).toContain(`"${homeValidate}"`);
    expect(JSON.stringify(homeView('BetterFleet Manage', [full]))).not.toContain(`"${homeValidate}"`);
  });

  test.each(hostileTexts.map((text) => [text.slice(0, 20), text]))('of %j is taken', (_, name) => {
    expect(checkView(homeView(name, [full]))).toEqual([]);
  });
});

describe('deployments beside the releases', () => {
  const now = at;
  const promotions = [promotionStories.crashed().now(), promotionStories.provisional().now()];

  test('are told between the releases and the invocations', () => {
    const body = statusAnswer([full], [stories.go()], { promotions, now });
    expectSlackTakes(body);
    const shown = mrkdwnIn(body.blocks).join('\n');
    const order = ['*Releases in validation*', '*Deployments*', '*Latest invocations*'].map((head) =>
      shown.indexOf(head),
    );
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(shown).toContain(':no_entry: *NO-GO in eu-west-1* · *Deployment of Manage core*');
  });

  test('are taken by Slack with the longest of everything, in the status and in the Home', () => {
    const hostile = widePromotion(3, '&<>'.repeat(400)).now();
    const many = Array.from({ length: 5 }, () => hostile);
    const invocations = Array.from({ length: 8 }, () => full);
    const releases = Array.from({ length: 4 }, () => stories.go());
    expectSlackTakes(statusAnswer(invocations, releases, { promotions: many.slice(0, 4), now }));
    expect(checkView(homeView('x', invocations, releases, { promotions: many, now }))).toEqual([]);
    expect(pingsIn(statusAnswer([], [], { promotions: many, now }))).toEqual([]);
  });

  test('alone are not nothing', () => {
    expect(mrkdwnIn(statusAnswer([], [], { promotions, now }).blocks)[0]).toBe('*Deployments*');
  });

  test('have a line in the help where the catalogue has a service', () => {
    const helped = helpAnswer(catalogueOf(1, { services: [planWith()] }));
    expectSlackTakes(helped);
    const shown = mrkdwnIn(helped.blocks).join('\n');
    expect(shown).toContain('`/release validate service [region]`');
    expect(shown).toContain('`/release validate core`');
    expect(mrkdwnIn(helpAnswer(catalogueOf(1)).blocks).join('\n')).not.toContain('service [region]');
  });
});
