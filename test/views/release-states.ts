import {
  deploymentOf,
  event,
  findingOf,
  gateOf,
  groupOf,
  olga,
  owners,
  planOf,
  rita,
  Story,
  seen,
  tess,
} from './release-story.ts';

/** Releases in every state that the views tell apart, made as the bot makes them: by folding events. */

/** An unlabelled merge request: the blocker of most samples. */
export const unlabelled = {
  id: 'mr/group/bf-core!12',
  title: '!12 Fix login',
  url: 'https://gitlab.test/group/bf-core/-/merge_requests/12',
  signal: 'It lacks the label Validated in Staging.',
};

const labelsFail = findingOf('fail', {
  reason: '1 merge request lacks the label.',
  remedy: 'Ask its author to validate and label it.',
  blockers: [unlabelled],
});

const begun = () => new Story().opened().identified();

/** A story for each state that the views tell apart. */
export const stories = {
  opened: () => new Story().opened(),
  unidentified: () =>
    new Story().opened().does(
      'gonogo',
      event('CandidateUnknown', {
        pass: 1,
        problem: {
          code: 'branch-missing',
          what: 'group/bf-core has no branch "release".',
          why: 'Its head should run.',
          todo: 'Cut the release off first.',
        },
      }),
    ),
  begun,
  /** People have answers to give, a gate has failed. */
  half: () => begun().machinesPass('labels').found('labels', labelsFail).placed().answered('login', 'pass'),
  machines: () => begun().peoplePass(),
  noGo: () => begun().machinesPass('labels').found('labels', labelsFail).peoplePass().recorded(),
  failedByPeople: () =>
    begun()
      .machinesPass()
      .placed()
      .answered('login', 'fail', 'Blank page')
      .answered('logout', 'pass')
      .recorded(),
  rechecking: () => stories.noGo().does(rita, event('RunRequested', { gates: ['labels'] })),
  unrecorded: () => begun().machinesPass().peoplePass(),
  unrecordable: () =>
    stories.unrecorded().does(
      'gonogo',
      event('RecordFailed', {
        problem: {
          code: 'linear-unset',
          what: 'The record cannot be written.',
          why: 'Linear is not set up.',
          todo: 'Set LINEAR_API_KEY.',
        },
      }),
    ),
  go: () => begun().machinesPass().peoplePass().recorded(),
  goRechecking: () => stories.go().does(rita, event('RunRequested', { gates: ['labels'] })),
  stale: () =>
    stories.go().does('gonogo', event('DeploymentSeen', { project: 'bf-core', deployment: newer })),
  secondPass: () =>
    stories
      .stale()
      .does(rita, event('PassStarted', { pass: 2 }))
      .identified(2, ['logout'], [{ gate: 'login', why: 'src/auth was touched.' }]),
  withdrawn: () => stories.go().answered('login', 'fail', 'Broken after all'),
  waiverAsked: () => stories.noGo().waived({ gate: 'labels', ...unlabelled }, '2026-11-27T00:00:00.000Z'),
  waived: () =>
    stories
      .waiverAsked()
      .does(olga, event('WaiverConfirmed', { waiver: 'w1' }))
      .recorded(),
  waitsForApproval: () =>
    new Story()
      .opened(planOf({ approvals: owners }))
      .identified()
      .machinesPass()
      .peoplePass()
      .recorded(),
  approved: () => stories.waitsForApproval().approved('platform', olga).approved('security', rita),
};

const newer = deploymentOf(9, '9'.repeat(40));

/** A release with `count` gates in one group, a dozen of them failed with as many blockers each; every text is `text`. */
export function wide(count: number, text: string): Story {
  const gates = Array.from({ length: count }, (_, index) =>
    gateOf(`g${index}`, { title: text, ...(index % 2 === 0 && { check: 'url-loads' }) }),
  );
  const plan = planOf({ phase: text, groups: [groupOf('wide', gates, { name: text })] });
  const story = new Story().opened(plan).identified();
  const blockers = Array.from({ length: count }, (_, index) => ({
    id: `b${index}`,
    title: text,
    url: 'https://gitlab.test/x',
    signal: text,
  }));
  const evidence = Array.from({ length: 20 }, () => ({ ...seen, label: text, value: text }));
  const finding = findingOf('fail', { reason: text, remedy: text, blockers, evidence });
  // All in one step: each step is judged anew.
  return story.does(
    tess,
    ...gates
      .slice(0, 12)
      .map(({ id, check }) =>
        check === null
          ? event('ItemAnswered', { gate: id, pass: 1, outcome: 'fail', note: text, link: null, saw: [] })
          : event('CheckFound', { gate: id, run: 1, finding }),
      ),
  );
}

/** A NO-GO whose blocker somebody has handled. */
export function handledAs(as: 'excluded' | 'tracked', reason = 'Docs only'): Story {
  const { id: blocker, signal, title } = unlabelled;
  const link = 'https://x.test/1';
  return stories
    .noGo()
    .does(rita, event('BlockerHandled', { gate: 'labels', blocker, signal, title, as, reason, link }));
}
