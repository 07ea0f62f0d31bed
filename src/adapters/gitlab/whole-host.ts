import type { CodeHost } from '../../core/ports.ts';
import type { ReviewHost } from '../../core/sources.ts';
import { GitLabCodeHost, type GitLabOptions } from './code-host.ts';
import { GitLabReviewHost } from './review-host.ts';

/** All that is asked of GitLab, for targets and for releases, behind one port. */
export function codeHostOf(options: GitLabOptions): CodeHost & ReviewHost {
  const pipelines = new GitLabCodeHost(options);
  const review = new GitLabReviewHost(options);
  return {
    targetFacts: (path, ref) => pipelines.targetFacts(path, ref),
    startPipeline: (path, ref, variables) => pipelines.startPipeline(path, ref, variables),
    pipelinesSince: (path, ref, since) => pipelines.pipelinesSince(path, ref, since),
    variablesOf: (path, id) => pipelines.variablesOf(path, id),
    pipelineOrigin: (path, id) => pipelines.pipelineOrigin(path, id),
    downstreamOf: (path, id) => pipelines.downstreamOf(path, id),
    pipelineTree: (path, id, signal) => pipelines.pipelineTree(path, id, signal),
    setCommitStatus: (path, sha, status) => pipelines.setCommitStatus(path, sha, status),
    branchHead: (path, ref, signal) => review.branchHead(path, ref, signal),
    deployments: (path, environment, limit, signal) => review.deployments(path, environment, limit, signal),
    applies: (path, environment, limit, signal) => review.applies(path, environment, limit, signal),
    mergeRequestsOf: (path, id, signal) => review.mergeRequestsOf(path, id, signal),
    changedPaths: (path, from, to, signal) => review.changedPaths(path, from, to, signal),
    featureFlags: (path, signal) => review.featureFlags(path, signal),
    jobsOf: (path, id, signal) => review.jobsOf(path, id, signal),
    jobLog: (path, id, signal) => review.jobLog(path, id, signal),
    mergeRequestQuery: (path, without) => review.mergeRequestQuery(path, without),
  };
}
