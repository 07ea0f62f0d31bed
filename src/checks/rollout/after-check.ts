import { findRegion } from '../../core/promotion/plan.ts';
import { type Promotion, regionState } from '../../core/promotion/state.ts';
import type { Candidate } from '../../core/release/candidate.ts';
import { rolloutBegan } from './under-test.ts';

/** Parameters of a check after the rollout may say `{region}`, as in the name of a log group. */
export function forRegion(value: unknown, region: string): unknown {
  if (typeof value === 'string') return value.replaceAll('{region}', region);
  if (Array.isArray(value)) return value.map((one) => forRegion(one, region));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, forRegion(one, region)]));
}

/**
 * A rollout in the words of checks: one project, brought to the region's environment when ECS began with it.
 * @param deployment id of the deployment in GitLab; 0 where it is not known
 */
export function rolloutCandidate(promotion: Promotion, region: string, deployment: number): Candidate {
  const { id, commit, plan, openedAt } = promotion;
  const state = regionState(promotion, region);
  const began = state.verdict?.evidence.find(({ label }) => label === rolloutBegan)?.value;
  const part = {
    project: plan.project,
    path: plan.path,
    ref: commit,
    commit,
    deployment: {
      id: deployment,
      sha: commit,
      ref: commit,
      status: 'success',
      at: began ?? state.startedAt ?? openedAt,
      url: null,
      pipelineId: state.pipeline?.id ?? null,
    },
    shipped: [],
    baseline: null,
  };
  const environment = findRegion(plan, region)?.environment ?? '';
  return { release: id, environment, url: '', pass: state.run, parts: [part] };
}
