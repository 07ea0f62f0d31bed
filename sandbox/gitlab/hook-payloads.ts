import { stagesOf } from './creation.ts';
import { type Entities, seconds } from './entities.ts';
import type { Forge, MergeRequestAction } from './forge.ts';
import { hookTime, mergeRequestFields } from './hook-merge-request.ts';
import {
  branchesOf,
  type Deployment,
  type Job,
  latestJobs,
  type MergeRequest,
  mayWrite,
  nameOf,
  namespaceOf,
  type Pipeline,
  type Project,
  type User,
} from './model.ts';

/** `2021-04-28 21:50:00 +0200`: deployment hooks carry an offset. */
function offsetTime(date: Date): string {
  return hookTime(new Date(date.getTime() + 7_200_000))?.replace('UTC', '+0200') ?? '';
}

/** The bodies of GitLab's webhooks. */
export class HookPayloads {
  readonly #forge: Forge;
  readonly #entities: Entities;

  constructor(forge: Forge, entities: Entities) {
    this.#forge = forge;
    this.#entities = entities;
  }

  pipeline(pipeline: Pipeline) {
    const { upstream } = pipeline;
    return {
      object_kind: 'pipeline',
      object_attributes: this.#attributes(pipeline),
      merge_request: null,
      user: this.#user(pipeline.user),
      project: this.#project(pipeline.project),
      commit: this.#commit(pipeline),
      builds: latestJobs(pipeline)
        .filter((job) => job.plan.kind === 'job')
        .map((job) => this.#build(job)),
      ...(upstream
        ? {
            source_pipeline: {
              project: this.#projectReference(upstream.pipeline.project),
              job_id: upstream.id,
              pipeline_id: upstream.pipeline.id,
            },
          }
        : {}),
    };
  }

  #attributes(pipeline: Pipeline) {
    const duration = seconds(this.#forge, pipeline.startedAt, pipeline.finishedAt);
    const queued = seconds(this.#forge, pipeline.createdAt, pipeline.startedAt);
    return {
      id: pipeline.id,
      iid: pipeline.iid,
      name: null,
      ref: pipeline.ref,
      tag: false,
      sha: pipeline.sha,
      before_sha: '0'.repeat(40),
      source: pipeline.source,
      status: pipeline.status,
      detailed_status: pipeline.status === 'success' ? 'passed' : pipeline.status,
      stages: stagesOf(pipeline.script),
      created_at: hookTime(pipeline.createdAt),
      finished_at: hookTime(pipeline.finishedAt),
      duration: duration === null ? null : Math.round(duration),
      queued_duration: queued === null ? null : Math.round(queued),
      protected_ref: !mayWrite(pipeline.project, pipeline.ref, 30),
      variables: pipeline.variables.map(({ key, value }) => ({ key, value })),
      url: `${this.#entities.webUrl(pipeline.project)}/-/pipelines/${pipeline.id}`,
    };
  }

  #build(job: Job) {
    const script = job.plan.kind === 'job' ? job.plan.script : undefined;
    return {
      id: job.id,
      stage: job.stage,
      name: job.name,
      status: job.status,
      created_at: hookTime(job.createdAt),
      started_at: hookTime(job.startedAt),
      finished_at: hookTime(job.finishedAt),
      duration: seconds(this.#forge, job.startedAt, job.finishedAt),
      queued_duration: seconds(this.#forge, job.createdAt, job.startedAt),
      failure_reason: job.status === 'failed' ? job.failureReason : null,
      when: script?.result === 'manual' ? 'manual' : 'on_success',
      manual: script?.result === 'manual',
      allow_failure: script?.allowFailure === true,
      user: this.#user(job.pipeline.user),
      runner: null,
      artifacts_file: { filename: null, size: null },
      environment: script?.environment
        ? { name: script.environment, action: 'start', deployment_tier: 'staging' }
        : null,
    };
  }

  /** The body of a Job Hook; its `commit.id` is the pipeline's number, as in GitLab. */
  job(job: Job) {
    const { pipeline } = job;
    const { project } = pipeline;
    const head = this.#commit(pipeline);
    const script = job.plan.kind === 'job' ? job.plan.script : undefined;
    return {
      object_kind: 'build',
      ref: pipeline.ref,
      tag: false,
      before_sha: '0'.repeat(40),
      sha: pipeline.sha,
      retries_count: job.attempt - 1,
      build_id: job.id,
      build_name: job.name,
      build_stage: job.stage,
      build_status: job.status,
      build_created_at: hookTime(job.createdAt),
      build_started_at: hookTime(job.startedAt),
      build_finished_at: hookTime(job.finishedAt),
      build_duration: seconds(this.#forge, job.startedAt, job.finishedAt),
      build_queued_duration: seconds(this.#forge, job.createdAt, job.startedAt),
      build_allow_failure: script?.allowFailure === true,
      build_failure_reason: job.failureReason ?? 'unknown_failure',
      pipeline_id: pipeline.id,
      runner: null,
      project_id: project.id,
      project_name: `${namespaceOf(project)} / ${nameOf(project)}`,
      user: this.#user(pipeline.user),
      commit: {
        id: pipeline.id,
        name: null,
        sha: pipeline.sha,
        message: head.message,
        author_name: head.author.name,
        author_email: head.author.email,
        author_url: `mailto:${head.author.email}`,
        status: pipeline.status,
        duration: seconds(this.#forge, pipeline.startedAt, pipeline.finishedAt),
        started_at: hookTime(pipeline.startedAt),
        finished_at: hookTime(pipeline.finishedAt),
      },
      repository: this.#repository(project),
      project: this.#project(project),
      environment: script?.environment
        ? { name: script.environment, action: 'start', deployment_tier: 'staging' }
        : null,
      ...(pipeline.upstream
        ? {
            source_pipeline: {
              project: this.#projectReference(pipeline.upstream.pipeline.project),
              job_id: pipeline.upstream.id,
              pipeline_id: pipeline.upstream.pipeline.id,
            },
          }
        : {}),
    };
  }

  deployment(deployment: Deployment) {
    const { job } = deployment;
    const { pipeline } = job;
    const webUrl = this.#entities.webUrl(pipeline.project);
    return {
      object_kind: 'deployment',
      status: deployment.status,
      status_changed_at: offsetTime(deployment.updatedAt),
      deployment_id: deployment.id,
      deployable_id: job.id,
      deployable_url: `${webUrl}/-/jobs/${job.id}`,
      environment: deployment.environment,
      environment_tier: 'staging',
      environment_slug: deployment.environment,
      environment_external_url: this.#forge.environment(pipeline.project, deployment.environment).externalUrl,
      project: this.#project(pipeline.project),
      ref: pipeline.ref,
      short_sha: pipeline.sha.slice(0, 8),
      user: this.#user(pipeline.user),
      user_url: `${this.#entities.base}/${pipeline.user.username}`,
      commit_url: `${webUrl}/-/commit/${pipeline.sha}`,
      commit_title: this.#entities.commit(pipeline.project, pipeline.sha).title,
    };
  }

  mergeRequest(mergeRequest: MergeRequest, action: MergeRequestAction, by: User, before: string[]) {
    const { project } = mergeRequest;
    return {
      object_kind: 'merge_request',
      event_type: 'merge_request',
      user: this.#user(by),
      project: this.#project(project),
      ...mergeRequestFields(this.#entities, mergeRequest, action, before),
      repository: this.#repository(project),
      assignees: mergeRequest.assignees.map((user) => this.#user(user)),
    };
  }

  #user(user: User) {
    return { id: user.id, name: user.name, username: user.username, avatar_url: null, email: '[REDACTED]' };
  }

  #projectReference(project: Project) {
    return {
      id: project.id,
      web_url: this.#entities.webUrl(project),
      path_with_namespace: project.spec.path,
    };
  }

  #project(project: Project) {
    const json = this.#entities.project(project);
    return {
      id: project.id,
      name: json.name,
      description: json.description,
      web_url: json.web_url,
      avatar_url: null,
      git_ssh_url: json.ssh_url_to_repo,
      git_http_url: json.http_url_to_repo,
      namespace: namespaceOf(project),
      visibility_level: 0,
      path_with_namespace: project.spec.path,
      default_branch: branchesOf(project)[0] ?? 'main',
      ci_config_path: json.ci_config_path,
    };
  }

  #repository(project: Project) {
    const json = this.#entities.project(project);
    return {
      name: json.name,
      url: json.ssh_url_to_repo,
      description: json.description,
      homepage: json.web_url,
      git_http_url: json.http_url_to_repo,
      git_ssh_url: json.ssh_url_to_repo,
      visibility_level: 0,
    };
  }

  #commit(pipeline: Pipeline) {
    const commit = this.#entities.commit(pipeline.project, pipeline.sha);
    return {
      id: pipeline.sha,
      message: commit.message,
      title: commit.title,
      timestamp: commit.created_at,
      url: `${this.#entities.webUrl(pipeline.project)}/-/commit/${pipeline.sha}`,
      author: { name: commit.author_name, email: commit.author_email },
    };
  }
}
