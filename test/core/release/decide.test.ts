import { describe, expect, test } from 'vitest';
import { gapsOf, isGo } from '../../../src/core/release/decide.ts';
import type { ReleaseEvent } from '../../../src/core/release/events.ts';
import { answeredAll, begun, gone, Life } from './life.ts';
import {
  answered,
  barePlan,
  blockerSample,
  bot,
  confirmed,
  deployed,
  failing,
  findingSample,
  found,
  handledAs,
  judged,
  passStarted,
  planSample,
  proposed,
  releaseOpened,
  requested,
  rita,
  sam,
  started,
  tess,
  unidentified,
  unwritten,
  written,
} from './samples.ts';

const verdictOf = (life: Life) => life.standing().verdict;

describe('GO', () => {
  test('follows when every gate is green, the record holds it and every approval is given', () => {
    const { verdict, against, open, mayStand } = gone().standing();
    expect({ verdict, against, open, mayStand }).toEqual({
      verdict: 'GO',
      against: [],
      open: [],
      mayStand: true,
    });
  });

  test('needs neither record nor approval where the plan asks for none', () => {
    expect(verdictOf(answeredAll(barePlan))).toBe('GO');
  });

  test.each<[string, Record<string, ReleaseEvent>]>([
    ['not applicable, for people', { charts: answered('charts', 'not-applicable') }],
    ['not applicable, for the bot', { site: found('site', 'not-applicable') }],
    ['conditional and does not apply', { migrations: judged({ migrations: 'does-not-apply' }) }],
    ['an add-on that is not required', { roaming: answered('roaming', 'not-applicable') }],
  ])('allows a gate that is %s', (_, but) => {
    expect(verdictOf(answeredAll(barePlan, but))).toBe('GO');
  });
});

describe('NO-GO follows from one gate alone that', () => {
  const fails = (gate: string, id: string, why: string, url: string | null = null) => ({
    gate,
    blocker: id,
    title: `Is ${gate} right?`,
    why,
    todo: 'Mend it.',
    url,
  });
  const remedies = { todo: 'Mend it, look again, then answer it anew.' };
  const contradiction = {
    why: 'Inconclusive: People answered it differently at the same time.',
    todo: 'Open it in the checklist, look at both answers and answer it once more.',
  };
  test.each<[string, Record<string, ReleaseEvent>, object]>([
    ['failed', { mrs: found('mrs', 'fail') }, fails('mrs', 'gate', 'It is fail.')],
    [
      'names a blocker',
      { mrs: found('mrs', failing('mr/1')) },
      { ...fails('mrs', 'mr/1', 'signal of mr/1', 'https://gitlab.example/mr/1'), title: 'Blocker mr/1' },
    ],
    [
      'is inconclusive',
      { site: found('site', 'inconclusive') },
      fails('site', 'gate', 'Inconclusive: It is inconclusive.'),
    ],
    [
      'has a condition that nobody knows about',
      { migrations: judged({ migrations: 'unknown' }) },
      {
        ...fails(
          'migrations',
          'gate',
          'Inconclusive: It is not known whether it applies: It unknown by the paths.',
        ),
        todo: 'It is looked at again by itself; mend the cause until then.',
      },
    ],
    [
      'a person failed',
      { login: answered('login', 'fail') },
      { ...fails('login', 'gate', 'as seen'), ...remedies },
    ],
    [
      'an add-on blocked',
      { roaming: answered('roaming', 'fail') },
      { ...fails('roaming', 'gate', 'as seen'), ...remedies },
    ],
  ])('%s', (_, but, reason) => {
    const { verdict, against, mayStand } = answeredAll(barePlan, but).standing();
    expect({ verdict, against, mayStand }).toEqual({ verdict: 'NO-GO', against: [reason], mayStand: false });
  });

  test('people contradict each other about', () => {
    const life = answeredAll(barePlan);
    life.record(sam, answered('charts', 'not-applicable'));
    expect(life.standing()).toMatchObject({
      verdict: 'NO-GO',
      against: [{ gate: 'charts', ...contradiction }],
    });
  });

  test('names a blocker that is tracked elsewhere, with where', () => {
    const life = answeredAll(barePlan, { mrs: found('mrs', failing('mr/1')) });
    life.record(rita, handledAs('tracked', 'mrs', 'mr/1'));
    expect(life.standing().against).toMatchObject([
      { blocker: 'mr/1', why: 'tracked: known', url: 'https://linear.example/REL-1' },
    ]);
  });

  test('shows its own evidence where the blocker has no page', () => {
    const evidence = [
      { label: 'a', value: 'b', url: null, at: '' },
      { label: 'a', value: 'b', url: 'https://sentry.example/1', at: '' },
    ];
    const finding = findingSample('fail', { evidence, blockers: [{ ...blockerSample('x'), url: null }] });
    const life = answeredAll(barePlan, { mrs: found('mrs', finding) });
    expect(life.standing().against[0]?.url).toBe('https://sentry.example/1');
  });

  test('cannot be written down', () => {
    const life = answeredAll();
    life.record(bot, unwritten);
    expect(life.standing()).toMatchObject({
      verdict: 'NO-GO',
      against: [{ gate: null, blocker: 'record', title: 'GitLab is away.', todo: 'Wait.' }],
    });
  });

  test('is not that a later write fails once the record holds everything', () => {
    const life = gone();
    life.record(bot, unwritten);
    expect(life.standing()).toMatchObject({ verdict: 'GO', against: [] });
  });

  test('lists every reason in the order of the plan', () => {
    const life = answeredAll(barePlan, {
      mrs: found('mrs', failing('b', 'a')),
      login: answered('login', 'fail'),
    });
    expect(life.standing().against.map(({ blocker, gate }) => [gate, blocker])).toEqual([
      ['mrs', 'b'],
      ['mrs', 'a'],
      ['login', 'gate'],
    ]);
  });
});

describe('nothing is decided while', () => {
  test.each<[string, () => Life, object[]]>([
    [
      'a person has not answered',
      () => answeredAll(barePlan, { charts: null }),
      [{ gate: 'charts', todo: 'Open the checklist and answer it.' }],
    ],
    [
      'a check has not run',
      () => answeredAll(barePlan, { mrs: null }),
      [{ gate: 'mrs', why: 'It has not run yet.' }],
    ],
    [
      'a check runs',
      () => answeredAll(barePlan, { mrs: started('mrs') }),
      [{ gate: 'mrs', why: 'It is running.' }],
    ],
    [
      'a check waits',
      () => answeredAll(barePlan, { mrs: found('mrs', 'waiting') }),
      [{ why: 'It is waiting.' }],
    ],
    [
      'something has failed, but something else is open',
      () => answeredAll(barePlan, { mrs: found('mrs', 'fail'), login: null }),
      [{ gate: 'login' }],
    ],
    [
      'the record lacks something',
      () => answeredAll(planSample({ approvals: [] })),
      [{ blocker: 'record', title: 'The Linear issue is not up to date yet' }],
    ],
    [
      'an approval is missing',
      () => answeredAll({ ...barePlan, approvals: planSample().approvals }),
      [
        { blocker: 'approval/platform', todo: 'Ask the Platform owner to press Approve.' },
        { blocker: 'approval/security' },
      ],
    ],
  ])('%s', (_, live, open) => {
    const standing = live().standing();
    expect(standing).toMatchObject({ verdict: 'undecided', mayStand: false, open });
    expect(standing.open).toHaveLength(open.length);
  });

  test('something newer was deployed, whatever else stands against it', () => {
    const life = answeredAll(barePlan, { mrs: found('mrs', 'fail') });
    life.record(bot, deployed(900), deployed(901, 'web'));
    expect(life.standing()).toMatchObject({
      verdict: 'undecided',
      open: [
        {
          blocker: 'stale',
          title: 'staging has changed since it was validated',
          why: 'web was deployed again (aaaaaaaa).',
          todo: 'Start the next pass.',
          url: 'https://gitlab.example/deployments/901',
        },
      ],
    });
  });

  test('it is not known what should be running', () => {
    const life = new Life();
    life.record(rita, releaseOpened(), passStarted());
    expect(life.standing().verdict).toBe('undecided');
    expect(life.standing().open[0]).toMatchObject({ blocker: 'candidate', why: 'GitLab is being asked.' });
    life.record(bot, unidentified());
    expect(life.standing().open[0]).toMatchObject({
      title: 'GitLab is away.',
      why: 'It said 502.',
      todo: 'Wait.',
    });
  });

  test('something is looked at again, though what stands may stand on', () => {
    const life = answeredAll(barePlan);
    life.record(rita, requested('site'));
    expect(life.standing()).toMatchObject({ verdict: 'undecided', rechecking: true, mayStand: true });
  });
});

describe('the gaps that the record must hold', () => {
  test.each<[string, ReleaseEvent[], string[]]>([
    ['of nothing amiss are only the pass', [], []],
    ['name what people failed or set aside', [answered('login', 'not-applicable')], ['login/answer/7']],
    ['name a failure', [answered('login', 'fail')], ['login/fail', 'login/answer/7']],
    ['name what is inconclusive', [found('site', 'inconclusive')], ['site/inconclusive']],
    [
      'name what is excluded',
      [found('mrs', failing('mr/1')), handledAs('excluded', 'mrs', 'mr/1')],
      ['mrs/handled/8'],
    ],
    [
      'name what is tracked',
      [found('mrs', failing('mr/1')), handledAs('tracked', 'mrs', 'mr/1')],
      ['mrs/fail', 'mrs/handled/8'],
    ],
    [
      'name what is waived',
      [found('mrs', failing('mr/1')), proposed('w', 'mrs', 'mr/1'), confirmed('w')],
      ['mrs/waived/w'],
    ],
  ])('%s', (_, events, gaps) => {
    const life = begun();
    for (const [index, event] of events.entries()) life.record([tess, sam][index % 2] ?? tess, event);
    expect(gapsOf(life.state, life.standing().statuses)).toEqual(['pass/1', ...gaps]);
  });

  test('must all stand in it', () => {
    const plan = planSample({ approvals: [] });
    const life = answeredAll(plan, { login: answered('login', 'not-applicable') });
    const gaps = gapsOf(life.state, life.standing().statuses);
    for (const gap of gaps) {
      life.record(bot, written(gaps.filter((one) => one !== gap)));
      expect(verdictOf(life)).toBe('undecided');
    }
    life.record(bot, written([...gaps, 'more']));
    expect(verdictOf(life)).toBe('GO');
  });
});

test('a release is GO while its last decision is one and was not withdrawn', () => {
  const life = gone(barePlan);
  expect(isGo(life.state)).toBe(true);
  life.record(bot, deployed(900));
  expect(isGo(life.state)).toBe(false);
  expect(isGo(begun().state)).toBe(false);
});
