/**
 * The two things an operator can ask for, and what each means in GitLab (A2, A4).
 * The labels are the contract with the people: docs, modal and messages use exactly these words.
 */
export const actions = ['bring-all-code-to-release-branch', 'deploy-release-branch-to-staging'] as const;
export type Action = (typeof actions)[number];

/** The word after `/release` that presets an action. */
export type ActionWord = 'cutoff' | 'deploy';

/** What belongs to one action; the variables are a contract with every downstream repository. */
export interface ActionFacts {
  word: ActionWord;
  /** Short noun for messages: "Cut-off of bf-manage-core". */
  noun: string;
  /** One line that says what the action does to a project. */
  effect: string;
  /** Pipeline variable that tells the downstream pipeline what to do; always sent as `true`. */
  signal: 'ORCHESTRATION_CUT_OFF' | 'ORCHESTRATION_RELEASE';
  /** Domain event recorded when the pipeline of one target has started (A11). */
  triggered: 'CutOffOrchestrationTriggered' | 'ReleaseOrchestrationTriggered';
}

export const actionFacts: Record<Action, ActionFacts> = {
  'bring-all-code-to-release-branch': {
    word: 'cutoff',
    noun: 'Cut-off',
    effect: 'rebuilds the release branch of each project from its main branch',
    signal: 'ORCHESTRATION_CUT_OFF',
    triggered: 'CutOffOrchestrationTriggered',
  },
  'deploy-release-branch-to-staging': {
    word: 'deploy',
    noun: 'Deploy to staging',
    effect: 'deploys the release branch of each project to staging',
    signal: 'ORCHESTRATION_RELEASE',
    triggered: 'ReleaseOrchestrationTriggered',
  },
};

/** Carries our key for one trigger, so that a pipeline can be recognised as ours after a crash (GitLab has no idempotency key). */
export const runIdVariable = 'ORCHESTRATION_RUN_ID';

/** The action behind the word after `/release`. */
export function actionOfWord(word: ActionWord): Action {
  return word === 'cutoff' ? 'bring-all-code-to-release-branch' : 'deploy-release-branch-to-staging';
}

/** The variables of the pipeline that carries out `action` under the key `runId`. */
export function pipelineVariables(action: Action, runId: string): { key: string; value: string }[] {
  return [
    { key: actionFacts[action].signal, value: 'true' },
    { key: runIdVariable, value: runId },
  ];
}

/**
 * The action that a pipeline's variables ask for, or null when they ask for none, or for both
 * (a pipeline that says both is not one that we can name, so it is not followed as either).
 */
export function actionOfVariables(variables: Readonly<Record<string, string>>): Action | null {
  const asked = actions.filter((action) => variables[actionFacts[action].signal] === 'true');
  return asked.length === 1 ? (asked[0] ?? null) : null;
}
