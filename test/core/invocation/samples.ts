import type {
  InvocationEvent,
  InvocationEventType,
  Observed,
  Origin,
} from '../../../src/core/invocation/events.ts';
import { foldInvocation, type Invocation } from '../../../src/core/invocation/state.ts';
import { problem } from '../../../src/core/problem.ts';

/** Events and states of invocations, as small as they can be, for the tests of this folder and of the views. */

const at = '2026-11-20T10:00:00.000Z';
export const now = new Date(at);
const rita = 'U0RITA';
export const slackOrigin: Origin = { kind: 'slack', user: rita, channel: 'C0RELEASES' };
export const gitlabOrigin: Origin = {
  kind: 'gitlab',
  user: 'r.engineer',
  project: 'group/root',
  pipelineId: 1,
  url: 'https://gitlab.test/group/root/-/pipelines/1',
};
export const fault = problem('gitlab-token-refused');

type DataOf<T extends InvocationEventType> = Extract<InvocationEvent, { type: T }>['data'];
const event = <T extends InvocationEventType>(type: T, data: DataOf<T>) =>
  ({ type, data }) as InvocationEvent;

export const submitted = (project = 'all', origin: Origin = slackOrigin) =>
  event('OrchestrationInputsSubmitted', {
    action: 'deploy-release-branch-to-staging',
    project,
    confirm: true,
    origin,
  });
export const confirmed = () => event('InvocationConfirmed', { confirmedAt: at });
export const expanded = (...targetProjects: string[]) =>
  event('BulkFanOutExpanded', { action: 'deploy-release-branch-to-staging', targetProjects });
export const preflightPassed = (...projects: string[]) =>
  event('PreflightPassed', {
    targets: projects.map((project) => ({ project, path: `group/${project}`, ref: 'release' })),
  });
export const preflightFailed = (...projects: string[]) =>
  event('PreflightFailed', { faults: projects.map((project) => ({ project, problem: fault })) });
export const held = (project: string, ...waitsFor: string[]) => event('TargetHeld', { project, waitsFor });
export const intended = (project: string, request = 1) =>
  event('TriggerIntended', { project, runId: `run-${project}`, request });
const urlOf = (project: string, pipelineId: number) =>
  `https://gitlab.test/group/${project}/-/pipelines/${pipelineId}`;
export const triggered = (project: string, pipelineId = 1, adopted = false) =>
  event('ReleaseOrchestrationTriggered', {
    project,
    runId: `run-${project}`,
    pipelineId,
    url: urlOf(project, pipelineId),
    adopted,
  });
export const triggerFailed = (project: string) =>
  event('TriggerFailed', { project, runId: `run-${project}`, problem: fault });
const seen = (outcome: Observed['outcome'], pipelineId = 1, parts: Partial<Observed> = {}): Observed => ({
  pipelineId,
  url: urlOf('p', pipelineId),
  status: outcome === 'passed' ? 'success' : outcome,
  outcome,
  detail: '',
  lookAt: urlOf('p', pipelineId),
  downstream: [],
  ...parts,
});
export const observed = (project: string, outcome: Observed['outcome'], pipelineId = 1) =>
  event('PipelineObserved', { project, observed: seen(outcome, pipelineId) });
export const lostSight = (project: string) => event('PipelineLostSight', { project, problem: fault });
export const stopRequested = () => event('StopRequested', {});
export const retryRequested = (...projects: string[]) => event('RetryRequested', { projects });

/** The state after these events, all by the same person at the same time. */
export function folded(...events: InvocationEvent[]): Invocation {
  const state = foldOn(null, ...events);
  if (!state) throw new Error('no event makes no state');
  return state;
}

export function foldOn(before: Invocation | null, ...events: InvocationEvent[]): Invocation | null {
  return events.reduce<Invocation | null>(
    (state, one, index) => foldInvocation('abcd2345', state, { ...one, seq: index + 1, at, actor: rita }),
    before,
  );
}

/** Submitted for these projects, checked and about to be started. */
export const ready = (...projects: string[]): InvocationEvent[] => [
  submitted(projects.length === 1 ? projects[0] : 'all'),
  confirmed(),
  ...(projects.length === 1 ? [] : [expanded(...projects)]),
  preflightPassed(...projects),
];
