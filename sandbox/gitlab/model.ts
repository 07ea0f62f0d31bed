import type { BridgeScript, JobScript, PipelineScript } from './scripts.ts';
import type { PipelineStatus } from './status.ts';
import type { ProjectSpec } from './world.ts';

export interface User {
  id: number;
  username: string;
  name: string;
  email: string;
}

export interface Variable {
  key: string;
  value: string;
  variable_type: 'env_var' | 'file';
}

export interface Project {
  id: number;
  spec: ProjectSpec;
  createdAt: Date;
  pipelines: Pipeline[];
}

export interface Job {
  id: number;
  pipeline: Pipeline;
  name: string;
  stage: string;
  /** A trigger job has a bridge, an ordinary job a script. */
  plan: { kind: 'job'; script: JobScript } | { kind: 'bridge'; script: BridgeScript };
  status: PipelineStatus;
  attempt: number;
  /** Whether a newer job of the same name has taken its place. */
  retried: boolean;
  /** Whether somebody has pressed play. */
  played: boolean;
  failureReason: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  downstream: Pipeline | null;
}

export interface Pipeline {
  id: number;
  /** Number within the project. */
  iid: number;
  project: Project;
  ref: string;
  sha: string;
  source: 'api' | 'web' | 'pipeline' | 'push' | 'schedule';
  status: PipelineStatus;
  variables: Variable[];
  inputs: Record<string, unknown>;
  user: User;
  script: PipelineScript;
  jobs: Job[];
  upstream: Job | null;
  createdAt: Date;
  updatedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** One commit; the first of a branch has no parents. */
export interface Commit {
  id: string;
  title: string;
  parentIds: string[];
  author: User | null;
  createdAt: Date;
}

export interface ChangedPath {
  path: string;
  kind: 'new' | 'changed' | 'deleted';
}

export type MergeRequestState = 'opened' | 'closed' | 'locked' | 'merged';

export interface MergeRequest {
  /** Number within the instance. */
  id: number;
  /** Number within the project: `!iid`. */
  iid: number;
  project: Project;
  title: string;
  description: string;
  state: MergeRequestState;
  draft: boolean;
  author: User;
  assignees: User[];
  reviewers: User[];
  labels: string[];
  sourceBranch: string;
  targetBranch: string;
  /** Head of the source branch. */
  sha: string;
  mergeCommitSha: string | null;
  /** Commits by which it was picked to other branches. */
  pickedAs: string[];
  changes: ChangedPath[];
  createdAt: Date;
  updatedAt: Date;
  mergedAt: Date | null;
  mergedBy: User | null;
  closedAt: Date | null;
}

export type DeploymentStatus = 'created' | 'running' | 'success' | 'failed' | 'canceled';

export interface Deployment {
  id: number;
  iid: number;
  job: Job;
  environment: string;
  status: DeploymentStatus;
  createdAt: Date;
  updatedAt: Date;
  finishedAt: Date | null;
  /** What it shipped; filled in a moment after it succeeded, as GitLab does it in the background. */
  mergeRequests: MergeRequest[];
}

export interface Environment {
  id: number;
  project: Project;
  name: string;
  externalUrl: string | null;
  tier: 'production' | 'staging' | 'testing' | 'development' | 'other';
  createdAt: Date;
}

/** The jobs that count: the newest of each name. */
export function latestJobs(pipeline: Pipeline): Job[] {
  return pipeline.jobs.filter((job) => !job.retried);
}

/** The branch protected at this name, exactly or by wildcard. */
export function protectionOf(project: Project, branch: string) {
  return project.spec.protectedBranches?.find((rule) => {
    const pattern = rule.name.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${pattern.join('.*')}$`).test(branch);
  });
}

/** Whether an access level may push or merge to the branch, which is what running a pipeline there needs. */
export function mayWrite(project: Project, branch: string, level: number): boolean {
  const rule = protectionOf(project, branch);
  if (!rule) return level >= 30;
  const allows = (needed: number) => needed !== 0 && level >= needed;
  return allows(rule.pushLevel) || allows(rule.mergeLevel);
}

/** The branches of a project; the first is the default one. */
export function branchesOf(project: Project): string[] {
  return project.spec.branches ?? ['main', 'release'];
}

/** The bot's access level in a project (default maintainer). */
export function botLevel(project: Project): number {
  return project.spec.tokenAccessLevel ?? 40;
}

/** The last part of the path. */
export function nameOf(project: Project): string {
  return project.spec.path.split('/').at(-1) ?? project.spec.path;
}

/** Everything before the last part of the path. */
export function namespaceOf(project: Project): string {
  return project.spec.path.split('/').slice(0, -1).join('/');
}
