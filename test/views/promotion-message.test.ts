import { describe, expect, test } from 'vitest';
import type { MessageBody } from '../../src/core/ports.ts';
import { promotionAnswer } from '../../src/views/promotion-answers.ts';
import { promotionMessage } from '../../src/views/promotion-message.ts';
import { commit, type Life, minutes, otherCommit, planWith } from '../core/promotion/samples.ts';
import { at, eu, gateOf, opened, stories, us, wide } from './promotion-stories.ts';
import { hostile, strangersIn, textOf } from './release-reads.ts';
import { expectSlackTakes, firstLine, mrkdwnIn } from './slack-reads.ts';

interface Button {
  action_id: string;
  text: { text: string };
  style?: string;
  value: string;
}
const messageOf = (life: Life, now = at) => promotionMessage(life.now(), gateOf(life.now(), now), now);
const buttonsOf = ({ blocks }: MessageBody) =>
  blocks.flatMap((block) => (block.type === 'actions' ? (block['elements'] as Button[]) : []));
const nextOf = ({ blocks }: MessageBody) => mrkdwnIn(blocks).filter((text) => text.startsWith('*Next:*'));

const states: [verdict: string, story: keyof typeof stories, next: string, primary: string | null][] = [
  ['Not deployed yet', 'opened', 'deploy eu-west-1 with its pipeline', null],
  ['Watching eu-west-1', 'started', 'eu-west-1 is being watched', null],
  ['Watching eu-west-1', 'soaking', 'eu-west-1 is being watched', null],
  ['Watching eu-west-1', 'checking', 'eu-west-1 passes. Its checks are under way', null],
  ['GO in 1 of 3 regions', 'provisional', 'proceed. The release engineer deploys us-east-1', null],
  ['GO in 1 of 3 regions', 'final', 'proceed. The release engineer deploys us-east-1', null],
  ['NO-GO in eu-west-1', 'crashed', 'alert. Call Manage team about eu-west-1', 'Hand over to Manage team'],
  ['NO-GO in eu-west-1', 'handed', 'Manage team has it since', 'Look again'],
  ['INCONCLUSIVE in eu-west-1', 'inconclusive', 'delegate. Manage team looks', 'Hand over to Manage team'],
  ['NO-GO in eu-west-1', 'spiked', 'alert. Call Manage team', 'Hand over to Manage team'],
  ['NO-GO in eu-west-1 and 1 more', 'takenBack', 'alert. Call Manage team', 'Hand over to Manage team'],
  ['NO-GO in eu-west-1', 'waiverAsked', 'alert. Call Manage team', 'Hand over to Manage team'],
  ['GO in 1 of 3 regions', 'waived', 'proceed. The release engineer deploys us-east-1', null],
  ['GO in every region', 'everywhere', 'looked at again for a while', null],
  ['Watching eu-west-1', 'secondRun', 'eu-west-1 is being watched', null],
];

describe('the message of a promotion', () => {
  test.each(states)(
    'says "%s" first for the story "%s", and one next action',
    (word, name, next, primary) => {
      const body = messageOf(stories[name]());
      expectSlackTakes(body);
      expect(firstLine(body)).toContain(`*${word}* · *Deployment of Manage core* \`${commit.slice(0, 8)}\``);
      expect(body.text).toBe(`${word}: Deployment of Manage core ${commit.slice(0, 8)}`);
      expect(nextOf(body)).toHaveLength(1);
      expect(nextOf(body)[0]).toContain(next);
      const styled = buttonsOf(body).filter(({ style }) => style !== undefined);
      expect(styled.map(({ text }) => text.text)).toEqual(primary === null ? [] : [primary]);
      expect(strangersIn(body)).toEqual([]);
      const answer = promotionAnswer(
        { promotion: stories[name]().now(), gate: null, thread: 'https://slack.test/archives/C1/p1' },
        at,
        'Noted.',
      );
      expectSlackTakes(answer);
      expect(answer.blocks.map(({ type }) => type)).not.toContain('actions');
    },
  );

  test('has a row a region: what is seen while it is watched, and what the others wait for', () => {
    const shown = textOf(messageOf(stories.soaking()));
    expect(shown).toContain(':mag: *eu-west-1* watching: 2 of 2 tasks run, soaking. · since <!date^');
    expect(shown).toContain(':lock: *us-east-1* is held: eu-west-1 is being watched');
    expect(shown).toContain(':lock: *ap-south-1* held: us-east-1 comes first');
  });

  test('tells a provisional pass from a final one, and until when the next region may start', () => {
    const shown = textOf(messageOf(stories.provisional()));
    expect(shown).toContain('*eu-west-1* *GO* · PASS provisional · 2 of 2 tasks run · looked at again');
    const until = Math.floor(minutes(61).getTime() / 1_000);
    expect(shown).toContain(`:unlock: *us-east-1* may start until <!date^${until}^`);
    expect(textOf(messageOf(stories.final()))).toContain('*GO* · PASS final');
  });

  test('says that a GO is too old to open the gate, and offers to look again at that region', () => {
    const body = messageOf(stories.final(), minutes(120));
    expect(textOf(body)).toContain(
      ':lock: *us-east-1* is held: core in eu-west-1: its GO is older than 60 min.',
    );
    expect(nextOf(body)[0]).toContain('press *Look again*');
    expect(buttonsOf(body)).toMatchObject([
      { text: { text: 'Look again' }, style: 'primary', value: `core.k3j4h5k6/${eu}/1` },
    ]);
  });

  test('ends the gate with the waiver that a GO rests on, and shows who gave it', () => {
    const shown = textOf(messageOf(stories.waived()));
    expect(shown).toContain('*GO* by waiver until');
    expect(shown).toContain('*Waived*\n• eu-west-1, ECS rollout, by <@');
    expect(shown).toContain('known, harmless');
    const short = stories.waived().now();
    const [waiver] = short.waivers;
    const sooner = minutes(30).toISOString();
    const lapsing = { ...short, waivers: waiver ? [{ ...waiver, expiresAt: sooner }] : [] };
    expect(gateOf(lapsing)?.until).toBe(sooner);
  });

  test('holds the next region when another commit runs in the one before it', () => {
    const life = stories.final();
    const other = opened().now();
    const newer = { ...life.now().regions[eu], startedAt: minutes(9).toISOString() };
    const after = { ...other, id: 'core.zzzzzzzz', commit: otherCommit, regions: { [eu]: newer } };
    expect(gateOf(life.now())?.answer.open).toBe(true);
    const body = promotionMessage(
      life.now(),
      {
        region: us,
        until: null,
        answer: {
          open: false,
          holds: [
            {
              service: 'core',
              region: eu,
              canPass: false,
              why: `it runs ${after.commit}.`,
              todo: 'Promote it.',
            },
          ],
        },
      },
      at,
    );
    expect(nextOf(body)[0]).toBe('*Next:* promote it.');
  });

  test('keeps each button to the run that it is about', () => {
    const values = buttonsOf(messageOf(stories.crashed())).map(({ value }) => value);
    expect(new Set(values)).toEqual(new Set([`core.k3j4h5k6/${eu}/1`]));
  });

  test('offers no second hand-over', () => {
    const labels = (name: 'crashed' | 'handed') =>
      buttonsOf(messageOf(stories[name]())).map(({ text }) => text.text);
    expect(labels('crashed')).toEqual(['Hand over to Manage team', 'Look again', 'Ask for a waiver']);
    expect(labels('handed')).toEqual(['Look again', 'Ask for a waiver']);
  });

  test.each([
    [12, true],
    [13, false],
  ])('of %i regions tells what is GO at length: %s', (count, isLong) => {
    const [first] = planWith().regions;
    const names = Array.from({ length: count }, (_, index) => `eu-region-${index}`);
    const regions = names.flatMap((region) => (first ? [{ ...first, region }] : []));
    const life = opened({ regions, after: [] });
    for (const region of names) life.started(region, minutes(1)).judged(region, minutes(2));
    const shown = textOf(messageOf(life));
    expect(shown).toContain(':white_check_mark: *eu-region-0* *GO*');
    expect(shown.includes('PASS provisional')).toBe(isLong);
  });

  test.each([1, 12, 13, 40])('of %i regions stays within Slack’s limits', (count) => {
    expectSlackTakes(messageOf(wide(count, '&<>'.repeat(400))));
    expectSlackTakes(messageOf(wide(count, 'Something went wrong. '.repeat(40))));
  });

  test('of 40 regions shows the first that failed, whatever is left out', () => {
    const shown = textOf(messageOf(wide(40, 'Something went wrong. '.repeat(40))));
    expect(shown).toContain('*eu-region-0* *NO-GO*');
    expect(shown).toMatch(/…and \d+ more regions in the thread/);
  });

  test.each(hostile)('with the text %j is taken and pings nobody but the people of the story', (_, text) => {
    const body = messageOf(wide(2, text));
    expectSlackTakes(body);
    expect(strangersIn(body)).toEqual([]);
  });
});
