import type { StatusState } from './commit-statuses.ts';
import type { Entities } from './entities.ts';
import type { Forge } from './forge.ts';
import type { Deployment, Job, MergeRequest, Pipeline, Project, Variable } from './model.ts';
import type { PipelineStatus } from './status.ts';

export interface JobView {
  id: number;
  name: string;
  stage: string;
  kind: 'job' | 'bridge';
  status: PipelineStatus;
  attempt: number;
  retried: boolean;
  failureReason: string | null;
  downstreamPipelineId: number | null;
}

export interface PipelineView {
  id: number;
  iid: number;
  project: string;
  projectId: number;
  ref: string;
  sha: string;
  source: Pipeline['source'];
  status: PipelineStatus;
  variables: Variable[];
  inputs: Record<string, unknown>;
  /** Username of whoever started it. */
  user: string;
  webUrl: string;
  /** ISO. */
  createdAt: string;
  updatedAt: string;
  finishedAt: string | null;
  upstreamPipelineId: number | null;
  jobs: JobView[];
}

export interface MergeRequestView {
  iid: number;
  project: string;
  title: string;
  state: MergeRequest['state'];
  /** Username. */
  author: string;
  labels: string[];
  targetBranch: string;
  sha: string;
  mergeCommitSha: string | null;
  paths: string[];
  mergedAt: string | null;
  webUrl: string;
}

export interface DeploymentView {
  id: number;
  project: string;
  environment: string;
  status: Deployment['status'];
  ref: string;
  sha: string;
  pipelineId: number;
  jobId: number;
  createdAt: string;
  finishedAt: string | null;
  /** Numbers (iid) of the merge requests that it shipped. */
  mergeRequests: number[];
}

export interface CommitStatusView {
  sha: string;
  name: string;
  state: StatusState;
  description: string | null;
  targetUrl: string | null;
}

export interface ProjectView {
  id: number;
  path: string;
  webUrl: string;
  spec: Project['spec'];
  pipelines: PipelineView[];
  mergeRequests: MergeRequestView[];
  deployments: DeploymentView[];
  /** Those that count: the newest of each name. */
  commitStatuses: CommitStatusView[];
}

export function viewMergeRequest(mergeRequest: MergeRequest, entities: Entities): MergeRequestView {
  return {
    iid: mergeRequest.iid,
    project: mergeRequest.project.spec.path,
    title: mergeRequest.title,
    state: mergeRequest.state,
    author: mergeRequest.author.username,
    labels: mergeRequest.labels,
    targetBranch: mergeRequest.targetBranch,
    sha: mergeRequest.sha,
    mergeCommitSha: mergeRequest.mergeCommitSha,
    paths: mergeRequest.changes.map((change) => change.path),
    mergedAt: mergeRequest.mergedAt?.toISOString() ?? null,
    webUrl: `${entities.webUrl(mergeRequest.project)}/-/merge_requests/${mergeRequest.iid}`,
  };
}

export function viewDeployment(deployment: Deployment): DeploymentView {
  const { pipeline } = deployment.job;
  return {
    id: deployment.id,
    project: pipeline.project.spec.path,
    environment: deployment.environment,
    status: deployment.status,
    ref: pipeline.ref,
    sha: pipeline.sha,
    pipelineId: pipeline.id,
    jobId: deployment.job.id,
    createdAt: deployment.createdAt.toISOString(),
    finishedAt: deployment.finishedAt?.toISOString() ?? null,
    mergeRequests: deployment.mergeRequests.map((mergeRequest) => mergeRequest.iid),
  };
}

export function viewJob(job: Job): JobView {
  return {
    id: job.id,
    name: job.name,
    stage: job.stage,
    kind: job.plan.kind,
    status: job.status,
    attempt: job.attempt,
    retried: job.retried,
    failureReason: job.failureReason,
    downstreamPipelineId: job.downstream?.id ?? null,
  };
}

export function viewPipeline(pipeline: Pipeline, entities: Entities): PipelineView {
  return {
    id: pipeline.id,
    iid: pipeline.iid,
    project: pipeline.project.spec.path,
    projectId: pipeline.project.id,
    ref: pipeline.ref,
    sha: pipeline.sha,
    source: pipeline.source,
    status: pipeline.status,
    variables: pipeline.variables,
    inputs: pipeline.inputs,
    user: pipeline.user.username,
    webUrl: `${entities.webUrl(pipeline.project)}/-/pipelines/${pipeline.id}`,
    createdAt: pipeline.createdAt.toISOString(),
    updatedAt: pipeline.updatedAt.toISOString(),
    finishedAt: pipeline.finishedAt?.toISOString() ?? null,
    upstreamPipelineId: pipeline.upstream?.pipeline.id ?? null,
    jobs: pipeline.jobs.map(viewJob),
  };
}

export function viewProject(project: Project, entities: Entities, forge: Forge): ProjectView {
  return {
    id: project.id,
    path: project.spec.path,
    webUrl: entities.webUrl(project),
    spec: project.spec,
    pipelines: project.pipelines.map((pipeline) => viewPipeline(pipeline, entities)),
    mergeRequests: forge.mergeRequests
      .filter((mergeRequest) => mergeRequest.project === project)
      .map((mergeRequest) => viewMergeRequest(mergeRequest, entities)),
    deployments: forge.deployments
      .filter((deployment) => deployment.job.pipeline.project === project)
      .map(viewDeployment),
    commitStatuses: forge.commitStatuses
      .latest(project)
      .map(({ sha, name, state, description, targetUrl }) => ({ sha, name, state, description, targetUrl })),
  };
}
