import { projectJson } from './entities-project.ts';
import type { Forge } from './forge.ts';
import {
  botLevel,
  branchesOf,
  type Deployment,
  type Environment,
  type Job,
  mayWrite,
  type Pipeline,
  type Project,
  protectionOf,
  type User,
} from './model.ts';
import type { ProtectedBranchSpec } from './world.ts';

const iso = (date: Date | null) => date?.toISOString() ?? null;

/** Seconds between two moments in simulated time; null while it lasts. */
export function seconds(forge: Forge, from: Date | null, to: Date | null): number | null {
  if (!from || !to) return null;
  return ((to.getTime() - from.getTime()) * forge.timeScale) / 1000;
}

/** GitLab's JSON for one thing each; `base` is the address of the instance. */
export class Entities {
  readonly #forge: Forge;
  readonly base: string;

  constructor(forge: Forge, base: string) {
    this.#forge = forge;
    this.base = base;
  }

  webUrl(project: Project): string {
    return `${this.base}/${project.spec.path}`;
  }

  user(user: User) {
    return {
      id: user.id,
      username: user.username,
      name: user.name,
      state: 'active',
      locked: false,
      avatar_url: null,
      web_url: `${this.base}/${user.username}`,
    };
  }

  /** The commit at a branch or a hash. */
  commit(project: Project, at: string) {
    const found = this.#forge.history.find(project, at) ?? this.#forge.history.head(project, at);
    const name = found.author?.name ?? 'Sandbox Author';
    const email = found.author?.email ?? 'author@example.com';
    return {
      id: found.id,
      short_id: found.id.slice(0, 8),
      created_at: iso(found.createdAt),
      parent_ids: found.parentIds,
      title: found.title,
      message: `${found.title}\n`,
      author_name: name,
      author_email: email,
      authored_date: iso(found.createdAt),
      committer_name: name,
      committer_email: email,
      committed_date: iso(found.createdAt),
      trailers: {},
      extended_trailers: {},
      web_url: `${this.webUrl(project)}/-/commit/${found.id}`,
    };
  }

  branch(project: Project, name: string) {
    const rule = protectionOf(project, name);
    const developersMay = (level: number | undefined) => level === 30;
    return {
      name,
      commit: this.commit(project, name),
      merged: false,
      protected: rule !== undefined,
      developers_can_push: developersMay(rule?.pushLevel),
      developers_can_merge: developersMay(rule?.mergeLevel),
      can_push: rule
        ? rule.pushLevel !== 0 && botLevel(project) >= rule.pushLevel
        : mayWrite(project, name, botLevel(project)),
      default: name === branchesOf(project)[0],
      web_url: `${this.webUrl(project)}/-/tree/${name}`,
    };
  }

  protectedBranch(project: Project, rule: ProtectedBranchSpec) {
    const id = project.id * 100 + (project.spec.protectedBranches?.indexOf(rule) ?? 0) * 10;
    return {
      id,
      name: rule.name,
      push_access_levels: [accessLevel(id + 1, rule.pushLevel)],
      merge_access_levels: [accessLevel(id + 2, rule.mergeLevel)],
      unprotect_access_levels: [],
      allow_force_push: false,
      code_owner_approval_required: false,
      inherited: false,
    };
  }

  pipelineBasic(pipeline: Pipeline) {
    return {
      id: pipeline.id,
      iid: pipeline.iid,
      project_id: pipeline.project.id,
      sha: pipeline.sha,
      ref: pipeline.ref,
      status: pipeline.status,
      source: pipeline.source,
      created_at: iso(pipeline.createdAt),
      updated_at: iso(pipeline.updatedAt),
      web_url: `${this.webUrl(pipeline.project)}/-/pipelines/${pipeline.id}`,
    };
  }

  pipeline(pipeline: Pipeline) {
    const duration = seconds(this.#forge, pipeline.startedAt, pipeline.finishedAt);
    const queued = seconds(this.#forge, pipeline.createdAt, pipeline.startedAt);
    return {
      ...this.pipelineBasic(pipeline),
      before_sha: '0'.repeat(40),
      tag: false,
      yaml_errors: null,
      user: this.user(pipeline.user),
      started_at: iso(pipeline.startedAt),
      finished_at: iso(pipeline.finishedAt),
      committed_at: null,
      duration: duration === null ? null : Math.round(duration),
      queued_duration: queued === null ? null : Math.round(queued),
      coverage: null,
      detailed_status: this.#detailedStatus(pipeline),
    };
  }

  #detailedStatus(pipeline: Pipeline) {
    const text = detailedLabels[pipeline.status] ?? pipeline.status;
    return {
      icon: `status_${pipeline.status}`,
      text: text.charAt(0).toUpperCase() + text.slice(1),
      label: text,
      group: pipeline.status,
      tooltip: text,
      has_details: true,
      details_path: `/${pipeline.project.spec.path}/-/pipelines/${pipeline.id}`,
      illustration: null,
      favicon: `/assets/ci_favicons/favicon_status_${pipeline.status}.png`,
    };
  }

  /** A job or, with what it started, a trigger job. */
  job(job: Job) {
    const duration = seconds(this.#forge, job.startedAt, job.finishedAt ?? null);
    const common = {
      id: job.id,
      status: job.status,
      stage: job.stage,
      name: job.name,
      ref: job.pipeline.ref,
      tag: false,
      coverage: null,
      allow_failure: job.plan.kind === 'job' && job.plan.script.allowFailure === true,
      created_at: iso(job.createdAt),
      started_at: iso(job.startedAt),
      finished_at: iso(job.finishedAt),
      erased_at: null,
      duration,
      queued_duration: seconds(this.#forge, job.createdAt, job.startedAt),
      user: { ...this.user(job.pipeline.user), bot: job.pipeline.user.username === 'gonogo-bot' },
      commit: this.commit(job.pipeline.project, job.pipeline.sha),
      pipeline: this.pipelineBasic(job.pipeline),
      ...(job.failureReason === null ? {} : { failure_reason: job.failureReason }),
      web_url: `${this.webUrl(job.pipeline.project)}/-/jobs/${job.id}`,
      project: { ci_job_token_scope_enabled: false },
    };
    if (job.plan.kind === 'bridge')
      return { ...common, downstream_pipeline: job.downstream ? this.pipelineBasic(job.downstream) : null };
    return {
      ...common,
      artifacts: [],
      runner: null,
      artifacts_expire_at: null,
      archived: false,
      tag_list: [],
    };
  }

  deployment(deployment: Deployment) {
    const { job } = deployment;
    return {
      id: deployment.id,
      iid: deployment.iid,
      ref: job.pipeline.ref,
      sha: job.pipeline.sha,
      created_at: iso(deployment.createdAt),
      updated_at: iso(deployment.updatedAt),
      user: this.user(job.pipeline.user),
      environment: this.environmentBasic(
        this.#forge.environment(job.pipeline.project, deployment.environment),
      ),
      deployable: this.job(job),
      status: deployment.status,
    };
  }

  environmentBasic(environment: Environment) {
    return {
      id: environment.id,
      name: environment.name,
      slug: environment.name.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
      external_url: environment.externalUrl,
      created_at: iso(environment.createdAt),
      updated_at: iso(environment.createdAt),
    };
  }

  project(project: Project) {
    return projectJson(project, this.webUrl(project), this.base);
  }
}

const detailedLabels: Partial<Record<string, string>> = {
  success: 'passed',
  manual: 'waiting for manual action',
  scheduled: 'waiting for delayed job',
};

const levelNames: Record<number, string> = {
  0: 'No one',
  30: 'Developers + Maintainers',
  40: 'Maintainers',
  60: 'Admins',
};

function accessLevel(id: number, level: number) {
  return {
    id,
    access_level: level,
    access_level_description: levelNames[level] ?? String(level),
    deploy_key_id: null,
    user_id: null,
    group_id: null,
  };
}
