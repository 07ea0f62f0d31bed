import { CommitStatuses } from './commit-statuses.ts';
import { History } from './history.ts';
import type {
  Deployment,
  DeploymentStatus,
  Environment,
  Job,
  MergeRequest,
  Pipeline,
  Project,
  User,
} from './model.ts';
import { isFinished, type PipelineStatus } from './status.ts';
import type { GitLabWorld, ProjectChange, ProjectSpec } from './world.ts';

/** GitLab's name for what happened to a merge request. */
export type MergeRequestAction = 'open' | 'close' | 'reopen' | 'update' | 'merge';

/** What happened, for webhooks, the event stream and waiting tests. */
export type Change =
  | { kind: 'pipeline'; pipeline: Pipeline; from: PipelineStatus | null }
  | { kind: 'job'; job: Job }
  | { kind: 'deployment'; deployment: Deployment }
  | {
      kind: 'merge_request';
      mergeRequest: MergeRequest;
      action: MergeRequestAction;
      by: User;
      before: string[];
    }
  | { kind: 'world'; path: string };

export const botUser: User = {
  id: 42,
  username: 'gonogo-bot',
  name: 'gonogo bot',
  email: 'gonogo-bot@example.com',
};

/** Everything that the simulated GitLab knows, and the only place where statuses change. */
export class Forge {
  readonly projects: Project[] = [];
  readonly deployments: Deployment[] = [];
  readonly mergeRequests: MergeRequest[] = [];
  readonly history = new History();
  readonly commitStatuses = new CommitStatuses();
  readonly #environments: Environment[] = [];
  readonly users: User[] = [botUser];
  readonly settings: Omit<GitLabWorld, 'projects'>;
  readonly timeScale: number;
  #lastPipeline = 900_000;
  #lastJob = 5_000_000;
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #chores = new Set<NodeJS.Timeout>();
  readonly #timers = new Map<Pipeline, Set<NodeJS.Timeout>>();

  constructor(world: GitLabWorld, timeScale: number) {
    const { projects, ...settings } = world;
    this.settings = settings;
    this.timeScale = timeScale;
    for (const spec of projects) this.putProject(spec);
  }

  /** Adds a project, or changes the given fields of one that is there; `pipeline: null` takes its script away. */
  putProject({ pipeline, ...rest }: ProjectChange): Project {
    const spec: ProjectSpec = pipeline ? { ...rest, pipeline } : rest;
    const known = this.projects.find((p) => p.spec.path === spec.path);
    if (known) {
      Object.assign(known.spec, spec);
      if (pipeline === null) delete known.spec.pipeline;
      this.#tell({ kind: 'world', path: spec.path });
      return known;
    }
    const project = {
      id: 101 + this.projects.length,
      spec: { ...spec },
      createdAt: new Date(),
      pipelines: [],
    };
    this.projects.push(project);
    this.#tell({ kind: 'world', path: spec.path });
    return project;
  }

  /** A project by number or by full path. */
  findProject(idOrPath: string): Project | undefined {
    const lower = idOrPath.toLowerCase();
    return this.projects.find((p) => String(p.id) === idOrPath || p.spec.path.toLowerCase() === lower);
  }

  /** A person by username, made on first use. */
  user(username: string, name = username): User {
    const known = this.users.find((u) => u.username === username);
    if (known) return known;
    const user = { id: 1000 + this.users.length, username, name, email: `${username}@example.com` };
    this.users.push(user);
    return user;
  }

  /** The commit at the head of a branch: the same as long as nobody pushes or merges. */
  headOf(project: Project, ref: string): string {
    return this.history.head(project, ref).id;
  }

  /** The environments of a project: those of its spec and those that were deployed to. */
  environmentsOf(project: Project): Environment[] {
    const deployed = this.deployments
      .filter((deployment) => deployment.job.pipeline.project === project)
      .map((deployment) => deployment.environment);
    const named = (project.spec.environments ?? []).map((spec) => spec.name);
    return [...new Set([...named, ...deployed])].map((name) => this.environment(project, name));
  }

  /** One environment, made on first use. */
  environment(project: Project, name: string): Environment {
    const known = this.#environments.find((env) => env.project === project && env.name === name);
    const spec = project.spec.environments?.find((candidate) => candidate.name === name);
    const externalUrl = spec?.externalUrl ?? null;
    if (known) return Object.assign(known, { externalUrl });
    const id = 301 + this.#environments.length;
    const made = { id, project, name, externalUrl, tier: tierOf(name), createdAt: new Date() };
    this.#environments.push(made);
    return made;
  }

  addMergeRequest(mergeRequest: MergeRequest): void {
    this.mergeRequests.push(mergeRequest);
    this.tellOf(mergeRequest, 'open', mergeRequest.author, []);
  }

  /** Tells that somebody changed a merge request; `before` are its labels of before. */
  tellOf(mergeRequest: MergeRequest, action: MergeRequestAction, by: User, before: string[]): void {
    this.#tell({ kind: 'merge_request', mergeRequest, action, by, before });
  }

  nextPipelineId(): number {
    this.#lastPipeline += 1;
    return this.#lastPipeline;
  }

  nextJobId(): number {
    this.#lastJob += 1;
    return this.#lastJob;
  }

  addPipeline(pipeline: Pipeline): void {
    pipeline.project.pipelines.push(pipeline);
    this.#tell({ kind: 'pipeline', pipeline, from: null });
  }

  /** Moves a pipeline on; the same status again changes nothing and tells nobody. */
  setPipeline(pipeline: Pipeline, status: PipelineStatus): void {
    const from = pipeline.status;
    if (from === status) return;
    pipeline.status = status;
    pipeline.updatedAt = new Date();
    if (status === 'running') pipeline.startedAt ??= new Date();
    pipeline.finishedAt = isFinished(status) ? new Date() : null;
    this.#tell({ kind: 'pipeline', pipeline, from });
  }

  /** Moves a job on, and with it the deployment that it makes. */
  setJob(job: Job, status: PipelineStatus, failureReason: string | null = null): void {
    if (job.status === status) return;
    job.status = status;
    job.failureReason = failureReason;
    if (status === 'running') job.startedAt ??= new Date();
    job.finishedAt = isFinished(status) ? new Date() : null;
    job.pipeline.updatedAt = new Date();
    this.#tell({ kind: 'job', job });
    this.#deploy(job, status);
  }

  #deploy(job: Job, status: PipelineStatus): void {
    const environment = job.plan.kind === 'job' ? job.plan.script.environment : undefined;
    const reached = deploymentStatus(status);
    if (environment === undefined || reached === undefined) return;
    let deployment = this.deployments.find((d) => d.job === job);
    if (!deployment) {
      if (reached !== 'running') return;
      const iid = this.deployments.filter((d) => d.job.pipeline.project === job.pipeline.project).length + 1;
      const now = new Date();
      const id = 70_001 + this.deployments.length;
      deployment = {
        id,
        iid,
        job,
        environment,
        status: reached,
        createdAt: now,
        updatedAt: now,
        finishedAt: null,
        mergeRequests: [],
      };
      this.deployments.push(deployment);
    }
    deployment.status = reached;
    deployment.updatedAt = new Date();
    deployment.finishedAt = reached === 'running' ? null : deployment.updatedAt;
    this.#tell({ kind: 'deployment', deployment });
  }

  /** Hears of every change from now on; the answer stops it. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** Does something for a pipeline after so many simulated milliseconds. */
  after(pipeline: Pipeline, simulatedMs: number, act: () => void): void {
    const timers = this.#timers.get(pipeline) ?? new Set();
    this.#timers.set(pipeline, timers);
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, simulatedMs / this.timeScale);
    timers.add(timer);
  }

  /** Forgets what was still to happen to a pipeline. */
  stopTimers(pipeline: Pipeline): void {
    for (const timer of this.#timers.get(pipeline) ?? []) clearTimeout(timer);
    this.#timers.delete(pipeline);
  }

  /** Does something after so many simulated milliseconds, whatever becomes of the pipelines. */
  later(simulatedMs: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#chores.delete(timer);
      act();
    }, simulatedMs / this.timeScale);
    this.#chores.add(timer);
  }

  /** Stops everything that is under way. */
  close(): void {
    for (const timer of this.#chores) clearTimeout(timer);
    this.#chores.clear();
    for (const pipeline of [...this.#timers.keys()]) this.stopTimers(pipeline);
    this.#listeners.clear();
  }
}

/** GitLab guesses the tier from the name. */
function tierOf(name: string): Environment['tier'] {
  if (/prod|live/i.test(name)) return 'production';
  if (/stag|stg|model|pre|demo/i.test(name)) return 'staging';
  if (/test|qa/i.test(name)) return 'testing';
  return /dev|review/i.test(name) ? 'development' : 'other';
}

function deploymentStatus(status: PipelineStatus): DeploymentStatus | undefined {
  if (status === 'running' || status === 'success' || status === 'failed' || status === 'canceled')
    return status;
  return undefined;
}
