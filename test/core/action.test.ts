import { describe, expect, test } from 'vitest';
import {
  type Action,
  actionFacts,
  actionOfVariables,
  actionOfWord,
  actions,
  pipelineVariables,
} from '../../src/core/action.ts';

const cutOff = 'bring-all-code-to-release-branch';
const deploy = 'deploy-release-branch-to-staging';

describe('the variables of a pipeline', () => {
  test.each<[Action, string]>([
    [cutOff, 'ORCHESTRATION_CUT_OFF'],
    [deploy, 'ORCHESTRATION_RELEASE'],
  ])('of %s are its signal and the run id, and nothing else (A4)', (action, signal) => {
    expect(pipelineVariables(action, 'run-1')).toEqual([
      { key: signal, value: 'true' },
      { key: 'ORCHESTRATION_RUN_ID', value: 'run-1' },
    ]);
  });

  test.each(actions.map((action) => [action]))('of %s are recognised as that action again', (action) => {
    const variables = Object.fromEntries(
      pipelineVariables(action, 'r').map(({ key, value }) => [key, value]),
    );
    expect(actionOfVariables(variables)).toBe(action);
  });
});

describe('the action that variables ask for', () => {
  test.each<[string, Record<string, string>, Action | null]>([
    ['nothing', {}, null],
    ['a cut-off', { ORCHESTRATION_CUT_OFF: 'true' }, cutOff],
    ['a release', { ORCHESTRATION_RELEASE: 'true' }, deploy],
    ['both, which is neither', { ORCHESTRATION_CUT_OFF: 'true', ORCHESTRATION_RELEASE: 'true' }, null],
    [
      'one of them and the other false',
      { ORCHESTRATION_CUT_OFF: 'true', ORCHESTRATION_RELEASE: 'false' },
      cutOff,
    ],
    ['a cut-off that is false', { ORCHESTRATION_CUT_OFF: 'false' }, null],
    ['a cut-off in capitals, which GitLab’s rules do not match', { ORCHESTRATION_CUT_OFF: 'TRUE' }, null],
    ['a cut-off of 1', { ORCHESTRATION_CUT_OFF: '1' }, null],
    ['an empty cut-off', { ORCHESTRATION_CUT_OFF: '' }, null],
    ['only a run id', { ORCHESTRATION_RUN_ID: 'run-1' }, null],
    ['something else', { DEPLOY: 'true' }, null],
    ['a release among others', { A: 'b', ORCHESTRATION_RELEASE: 'true' }, deploy],
  ])('of %s', (_, variables, action) => {
    expect(actionOfVariables(variables)).toBe(action);
  });
});

test('each action has a word of its own that leads back to it', () => {
  expect(actions.map((action) => actionOfWord(actionFacts[action].word))).toEqual([...actions]);
});
