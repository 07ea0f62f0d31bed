import type { Entities } from './entities.ts';
import type { Job, Pipeline, Project, Variable } from './model.ts';
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

export interface ProjectView {
  id: number;
  path: string;
  webUrl: string;
  spec: Project['spec'];
  pipelines: PipelineView[];
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

export function viewProject(project: Project, entities: Entities): ProjectView {
  return {
    id: project.id,
    path: project.spec.path,
    webUrl: entities.webUrl(project),
    spec: project.spec,
    pipelines: project.pipelines.map((pipeline) => viewPipeline(pipeline, entities)),
  };
}
