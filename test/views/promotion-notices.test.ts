import { describe, expect, test } from 'vitest';
import { decideRegion } from '../../src/core/promotion/decide.ts';
import { checkView } from '../../src/core/slack-payload/check-view.ts';
import { isBroadcast, promotionNotice } from '../../src/views/promotion-notice-reply.ts';
import { rolloutWaiverModal } from '../../src/views/rollout-waiver-modal.ts';
import { failed, type Life, minutes, planWith, verdict } from '../core/promotion/samples.ts';
import {
  ap,
  at,
  crashed,
  eu,
  handedOver,
  opened,
  stories,
  us,
  waiverAsked,
  wide,
} from './promotion-stories.ts';
import { hostile, strangersIn, textOf } from './release-reads.ts';
import { olga, rita } from './release-story.ts';
import { expectSlackTakes, firstLine, pingsIn } from './slack-reads.ts';

const noticesOf = (life: Life) => life.now().notices;
const told = (life: Life, index = -1, now = at) => {
  const notice = noticesOf(life).at(index);
  const body = notice ? promotionNotice(life.now(), notice, now) : null;
  if (!body) throw new Error('nothing is told');
  expectSlackTakes(body);
  return body;
};
const loud = (life: Life) =>
  noticesOf(life)
    .filter((notice) => isBroadcast(life.now(), notice))
    .map(({ region, seq }) => {
      const decision = life.now().regions[region]?.decisions.find((one) => one.seq === seq);
      return `${region} ${decision?.decision}`;
    });

describe('a decision is told', () => {
  test('as GO, provisional, with what comes next', () => {
    const body = told(stories.provisional());
    expect(body.text).toMatch(/^GO in eu-west-1, provisional: Deployment of Manage core/);
    expect(textOf(body)).toContain('*Next:* proceed. us-east-1 comes next; its pipeline asks the gate.');
  });

  test('as NO-GO with its reasons, who is called and what to do', () => {
    const body = told(stories.crashed(), 0);
    expect(firstLine(body)).toContain(':no_entry: *NO-GO in eu-west-1*');
    expect(textOf(body)).toContain('• *ECS rollout*: Tasks stop again and again.');
    expect(textOf(body)).toContain('*Next:* alert. Call Manage team now: press *Hand over to Manage team*.');
  });

  test('as a GO that is taken back', () => {
    const life = opened().went(eu, minutes(1)).judged(eu, minutes(6), crashed);
    expect(firstLine(told(life))).toContain(':warning: *GO in eu-west-1 taken back: NO-GO*');
  });

  test('and left as it is once the next run has begun', () => {
    const life = stories.secondRun();
    const [first] = noticesOf(life);
    expect(first && promotionNotice(life.now(), first, at)).toBeNull();
    expect(first && isBroadcast(life.now(), first)).toBe(false);
  });
});

describe('the channel sees', () => {
  test.each<[string, () => Life, string[]]>([
    ['no GO of a region with others behind it', stories.provisional, []],
    ['a NO-GO, once', () => stories.crashed().judged(eu, minutes(9), failed), [`${eu} NO-GO`]],
    ['a GO that is taken back, and not what follows from it', stories.takenBack, [`${eu} NO-GO`]],
    [
      'a GO that is not known any more',
      () =>
        opened()
          .went(eu, minutes(1))
          .judged(eu, minutes(6), verdict({ row: 1, outcome: 'inconclusive' })),
      [`${eu} INCONCLUSIVE`],
    ],
    ['the GO of the last region, once', stories.everywhere, [`${ap} GO`]],
    ['no first INCONCLUSIVE, no waiver, no hand-over', () => handedOver(stories.inconclusive()), []],
  ])('%s', (_, story, expected) => {
    expect(loud(story())).toEqual(expected);
  });
});

describe('a hand-over', () => {
  test('mentions the owner’s people, with the evidence in short and where the rest is', () => {
    const owner = { name: 'Manage team', users: [olga], groups: ['S0MANAGE'] };
    const life = opened({ owner }).started(eu, minutes(1)).judged(eu, minutes(2), crashed);
    const body = told(handedOver(life));
    expect(pingsIn(body)).toEqual(['<!subteam^S0MANAGE>', `<@${olga}>`, `<@${rita}>`]);
    const shown = textOf(body);
    expect(shown).toContain('ECS says: `Essential container in task exited`');
    expect(shown).toContain('▶ 12:01:59 Error: connect ECONNREFUSED');
    expect(shown).toContain('The reply of eu-west-1 above has the rest of the evidence.');
  });

  test('of an owner whose ids are none pings nobody', () => {
    const plan = planWith({ owner: { name: '<!channel>', users: ['!channel', '<!here>'], groups: [] } });
    const life = opened(plan).started(eu, minutes(1)).judged(eu, minutes(2), crashed);
    expect(pingsIn(told(handedOver(life)))).toEqual([`<@${rita}>`]);
  });
});

describe('a waiver', () => {
  const buttons = (life: Life, now = at) =>
    told(life, -1, now).blocks.flatMap((block) =>
      block.type === 'actions' ? (block['elements'] as { text: { text: string }; value: string }[]) : [],
    );

  test('that is asked for has the buttons of the second person, with what exactly was seen', () => {
    expect(buttons(stories.waiverAsked()).map(({ text, value }) => [text.text, value])).toEqual([
      ['Confirm', 'core.k3j4h5k6/w1'],
      ['Decline', 'core.k3j4h5k6/w1'],
    ]);
    expect(textOf(told(stories.waiverAsked()))).toContain(crashed.reason);
  });

  test('loses them when it is answered, when it ends and when its run is over', () => {
    const declined = stories.waiverAsked();
    declined.do(minutes(6), [{ type: 'WaiverDeclined', data: { waiver: 'w1' } }], olga);
    expect(buttons(declined)).toEqual([]);
    expect(buttons(stories.waiverAsked(), minutes(241))).toEqual([]);
    const over = stories.waiverAsked().started(eu, minutes(8), 2);
    expect(buttons(over)).toEqual([]);
    const life = stories.waived();
    const notice = noticesOf(life).find(({ kind }) => kind === 'waiver');
    const body = notice && promotionNotice(life.now(), notice, at);
    expect(JSON.stringify(body)).toContain('Waived');
    expect(body?.blocks.map(({ type }) => type)).not.toContain('actions');
  });
});

describe('hostile text', () => {
  test.each(hostile)('%j in a reason, an owner, a stop or a line pings nobody', (_, text) => {
    const life = wide(2, text);
    handedOver(life, 'eu-region-0');
    waiverAsked(life, text, 'eu-region-0');
    for (const notice of noticesOf(life)) {
      const body = promotionNotice(life.now(), notice, at);
      if (!body) continue;
      expectSlackTakes(body);
      expect(strangersIn(body)).toEqual([]);
    }
    const { holds } = decideRegion(life.now(), 'eu-region-1', at);
    const place = { id: life.now().id, region: 'eu-region-1', run: 1 };
    expect(checkView(rolloutWaiverModal(life.now(), place, holds))).toEqual([]);
  });
});

test('the form of a waiver offers all holds of a run, also those from 39 regions before it', () => {
  const life = wide(40, 'Something went wrong.');
  const { holds } = decideRegion(life.now(), 'eu-region-39', at);
  expect(holds.length).toBeGreaterThan(59);
  const view = rolloutWaiverModal(life.now(), { id: 'core.a', region: 'eu-region-39', run: 1 }, holds);
  expect(checkView(view)).toEqual([]);
});

test('what follows in a later region from an earlier one is told in the thread', () => {
  const life = stories.takenBack();
  const notice = noticesOf(life).findLast(({ region }) => region === us);
  const body = notice && promotionNotice(life.now(), notice, at);
  expect(JSON.stringify(body)).toContain('GO in us-east-1 taken back: NO-GO');
});
