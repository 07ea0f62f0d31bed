import { describe, expect, test } from 'vitest';
import {
  type Inputs,
  retry,
  retryable,
  stop,
  stoppable,
  submit,
} from '../../../src/core/invocation/decisions.ts';
import type { Invocation } from '../../../src/core/invocation/state.ts';
import {
  confirmed,
  folded,
  foldOn,
  gitlabOrigin,
  intended,
  lostSight,
  now,
  observed,
  preflightFailed,
  ready,
  slackOrigin,
  stopRequested,
  submitted,
  triggered,
  triggerFailed,
} from './samples.ts';

const inputs: Inputs = {
  action: 'deploy-release-branch-to-staging',
  project: 'web',
  confirm: true,
  origin: slackOrigin,
};

describe('a submit', () => {
  test('of one project records inputs and confirmation, and no fan-out (A4, A6)', () => {
    expect(submit(null, inputs, ['web'], now)).toEqual({
      events: [
        { type: 'OrchestrationInputsSubmitted', data: inputs },
        { type: 'InvocationConfirmed', data: { confirmedAt: now.toISOString() } },
      ],
    });
  });

  test('of all records the projects that it means, in order', () => {
    const decided = submit(null, { ...inputs, project: 'all' }, ['web', 'core'], now);
    expect(decided).toMatchObject({
      events: [{}, {}, { type: 'BulkFanOutExpanded', data: { targetProjects: ['web', 'core'] } }],
    });
  });

  test.each<[string, Invocation | null]>([
    ['first', null],
    ['repeated', folded(...ready('web'))],
  ])('without confirm starts nothing, the %s time (A3)', (_, state) => {
    expect(submit(state, { ...inputs, confirm: false }, ['web'], now)).toMatchObject({
      problem: { code: 'confirm-missing' },
    });
  });

  test('that is delivered again decides nothing more', () => {
    const first = submit(null, inputs, ['web'], now);
    if (!('events' in first)) throw new Error('refused');
    expect(submit(foldOn(null, ...first.events), inputs, ['web'], now)).toEqual({ events: [] });
  });
});

const failed = folded(...ready('web', 'core'), intended('web'), triggerFailed('web'));
const refused = folded(submitted('web'), confirmed(), preflightFailed('web'));

describe('a retry', () => {
  test.each<[string, Invocation, string[]]>([
    ['a refused request', failed, ['web']],
    ['a failed pipeline', folded(...ready('web'), triggered('web'), observed('web', 'failed')), ['web']],
    ['a canceled pipeline', folded(...ready('web'), triggered('web'), observed('web', 'canceled')), ['web']],
    ['a skipped pipeline', folded(...ready('web'), triggered('web'), observed('web', 'skipped')), ['web']],
    ['what was stopped', folded(...ready('web', 'core'), triggered('core'), stopRequested()), ['web']],
    ['nothing that passed', folded(...ready('web'), triggered('web'), observed('web', 'passed')), []],
    ['nothing that runs', folded(...ready('web'), triggered('web')), []],
    ['nothing that may have started', folded(...ready('web'), intended('web')), []],
    [
      'nothing that waits for a person',
      folded(...ready('web'), triggered('web'), observed('web', 'manual')),
      [],
    ],
    [
      'nothing whose end is unknown: it may have passed',
      folded(...ready('web'), triggered('web'), lostSight('web')),
      [],
    ],
    [
      'nothing that a person started in GitLab',
      folded(submitted('web', gitlabOrigin), triggered('web'), observed('web', 'failed')),
      [],
    ],
  ])('starts again %s', (_, state, projects) => {
    expect(retryable(state)).toEqual(projects);
    expect(retry(state)).toMatchObject(
      projects.length > 0
        ? { events: [{ type: 'RetryRequested', data: { projects } }] }
        : { problem: { code: 'nothing-to-retry' } },
    );
  });

  test('of a refused check checks all again', () => {
    const decided = retry(refused);
    expect(decided).toEqual({ events: [{ type: 'RetryRequested', data: { projects: ['web'] } }] });
    expect(foldOn(refused, ...('events' in decided ? decided.events : []))).toMatchObject({
      preflight: 'pending',
      faults: [],
    });
  });

  test.each<[string, Invocation]>([
    ['of what failed', failed],
    ['of a check', refused],
  ])('%s, pressed twice, happens once', (_, state) => {
    const first = retry(state);
    if (!('events' in first)) throw new Error('refused');
    const after = foldOn(state, ...first.events);
    expect(after && retry(after)).toMatchObject({ problem: { code: 'nothing-to-retry' } });
  });
});

describe('a stop', () => {
  test.each<[string, Invocation, boolean]>([
    ['while the targets are checked', folded(submitted('web'), confirmed()), true],
    ['while a target waits', folded(...ready('web', 'core'), triggered('core')), true],
    ['when the only target may have started', folded(...ready('web'), intended('web')), false],
    ['when all run', folded(...ready('web'), triggered('web')), false],
    ['when all have ended', folded(...ready('web'), triggered('web'), observed('web', 'passed')), false],
    ['after the check refused', refused, false],
    ['a second time', folded(...ready('web'), stopRequested()), false],
    ['a second time while checking', folded(submitted('web'), confirmed(), stopRequested()), false],
  ])('%s: %s', (_, state, possible) => {
    expect(stoppable(state)).toBe(possible);
    expect(stop(state)).toMatchObject(
      possible ? { events: [{ type: 'StopRequested', data: {} }] } : { problem: { code: 'nothing-to-stop' } },
    );
  });
});
