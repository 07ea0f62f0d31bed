import { createPipeline, newJob, stagesOf } from './creation.ts';
import { botUser, type Forge } from './forge.ts';

import {
  botLevel,
  branchesOf,
  type Job,
  latestJobs,
  namespaceOf,
  type Pipeline,
  type Project,
} from './model.ts';
import type { BridgeScript } from './scripts.ts';
import { isFinished, type PipelineStatus } from './status.ts';

const queueMs = 300;
const defaultJobMs = 3000;

/** Plays pipelines as their scripts say: steps, then jobs stage by stage, bridges with what they start. */
export class Runner {
  readonly #forge: Forge;

  constructor(forge: Forge) {
    this.#forge = forge;
  }

  /** Sets a created pipeline going. */
  start(pipeline: Pipeline): void {
    let at = 0;
    for (const step of pipeline.script.steps) {
      at += step.afterMs;
      this.#forge.after(pipeline, at, () => this.#step(pipeline, step.status));
    }
  }

  #step(pipeline: Pipeline, status: PipelineStatus): void {
    if (status === 'running') {
      this.#forge.setPipeline(pipeline, 'running');
      this.#advance(pipeline);
    } else if (isFinished(status)) this.finish(pipeline, status);
    else this.#forge.setPipeline(pipeline, status);
  }

  /** Looks at the stages in order and does what is due next; settles the pipeline after the last. */
  #advance(pipeline: Pipeline): void {
    for (const stage of stagesOf(pipeline.script)) {
      const jobs = latestJobs(pipeline).filter((job) => job.stage === stage);
      const due = jobs.filter((job) => job.status === 'created');
      for (const job of due) this.#begin(job);
      const state = stageState(jobs);
      if (state === 'running' || state === 'manual') this.#forge.setPipeline(pipeline, state);
      if (state === 'failed' || state === 'canceled') this.#fail(pipeline, state);
      if (state !== 'success') return;
    }
    this.#settle(pipeline, 'success');
  }

  #fail(pipeline: Pipeline, status: PipelineStatus): void {
    for (const job of latestJobs(pipeline)) {
      if (job.status === 'created') this.#forge.setJob(job, 'skipped');
    }
    this.#settle(pipeline, status);
  }

  #begin(job: Job): void {
    const waits = job.plan.kind === 'job' && job.plan.script.result === 'manual' && !job.played;
    this.#forge.setJob(job, waits ? 'manual' : 'pending');
    if (!waits) this.#forge.after(job.pipeline, queueMs, () => this.#run(job));
  }

  #run(job: Job): void {
    if (job.plan.kind === 'bridge') this.#trigger(job, job.plan.script);
    else {
      this.#forge.setJob(job, 'running');
      this.#forge.after(job.pipeline, job.plan.script.durationMs ?? defaultJobMs, () => this.#end(job));
    }
  }

  #end(job: Job): void {
    if (job.plan.kind !== 'job') return;
    const { result, failureReason, failingAttempts } = job.plan.script;
    if (result === 'canceled') this.#forge.setJob(job, 'canceled');
    else if (result === 'failed' && job.attempt <= (failingAttempts ?? Number.POSITIVE_INFINITY))
      this.#forge.setJob(job, 'failed', failureReason ?? 'script_failure');
    else this.#forge.setJob(job, 'success');
    this.#advance(job.pipeline);
  }

  #trigger(job: Job, bridge: BridgeScript): void {
    const project = this.#downstreamProject(job.pipeline.project, bridge);
    if (!project) {
      this.#endBridge(job, 'failed', 'downstream_bridge_project_not_found');
      return;
    }
    const { user } = job.pipeline;
    const made = createPipeline(this.#forge, {
      project,
      ref: bridge.ref ?? branchesOf(project)[0] ?? 'main',
      variables: (bridge.variables ?? []).map((v) => ({ ...v, variable_type: 'env_var' })),
      inputs: {},
      user,
      level: user === botUser ? botLevel(project) : 40,
      source: 'pipeline',
      upstream: job,
      ...(bridge.script === undefined ? {} : { script: bridge.script }),
    });
    if ('refused' in made) {
      this.#endBridge(job, 'failed', 'downstream_pipeline_creation_failed');
      return;
    }
    job.downstream = made.pipeline;
    this.start(made.pipeline);
    if ((bridge.strategy ?? 'none') === 'none') this.#endBridge(job, 'success');
    else this.#forge.setJob(job, 'running');
  }

  #downstreamProject(from: Project, bridge: BridgeScript): Project | undefined {
    const path = bridge.project.replace(/^\.\//, `${namespaceOf(from)}/`);
    const known = this.#forge.findProject(path);
    if (known || !bridge.createProject) return known;
    return this.#forge.putProject({ path, branches: ['main'] });
  }

  #endBridge(job: Job, status: PipelineStatus, reason: string | null = null): void {
    this.#forge.setJob(job, status, reason);
    this.#advance(job.pipeline);
  }

  #settle(pipeline: Pipeline, status: PipelineStatus): void {
    this.#forge.stopTimers(pipeline);
    this.#forge.setPipeline(pipeline, status);
    const job = pipeline.upstream;
    if (job?.plan.kind !== 'bridge' || (job.plan.script.strategy ?? 'none') === 'none') return;
    if (job.retried || job.pipeline.status === 'canceled') return;
    const failed = status !== 'success';
    this.#endBridge(job, failed ? 'failed' : 'success', failed ? 'downstream_pipeline_failed' : null);
  }

  /** Ends a pipeline at once as told, its jobs with it. */
  finish(pipeline: Pipeline, status: PipelineStatus): void {
    this.#forge.stopTimers(pipeline);
    for (const job of latestJobs(pipeline)) {
      if (isFinished(job.status)) continue;
      const active = job.status !== 'created';
      if (status === 'failed')
        this.#forge.setJob(job, active ? 'failed' : 'skipped', active ? 'script_failure' : null);
      else this.#forge.setJob(job, status);
    }
    this.#settle(pipeline, status);
  }

  /** Cancels what has not finished; a finished pipeline stays as it is (as GitLab does). */
  cancel(pipeline: Pipeline): void {
    if (!isFinished(pipeline.status)) this.finish(pipeline, 'canceled');
  }

  /** Runs failed and canceled jobs again, and what was skipped after them. */
  retry(pipeline: Pipeline): void {
    for (const job of latestJobs(pipeline)) {
      if (job.status === 'failed' || job.status === 'canceled') this.#again(job);
      else if (job.status === 'skipped') this.#forge.setJob(job, 'created');
    }
    this.#resume(pipeline);
  }

  /** Runs one finished job again; the answer is the new job. */
  retryJob(job: Job): Job {
    const next = this.#again(job);
    for (const later of latestJobs(job.pipeline)) {
      if (later.status === 'skipped') this.#forge.setJob(later, 'created');
    }
    this.#resume(job.pipeline);
    return next;
  }

  #again(job: Job): Job {
    job.retried = true;
    const next = newJob(this.#forge, job.pipeline, job.plan, job.attempt + 1);
    job.pipeline.jobs.push(next);
    return next;
  }

  /** Presses play on a manual job. */
  play(job: Job): void {
    job.played = true;
    this.#forge.setJob(job, 'created');
    this.#resume(job.pipeline);
  }

  #resume(pipeline: Pipeline): void {
    this.#forge.setPipeline(pipeline, 'running');
    this.#advance(pipeline);
  }
}

/** What a begun stage amounts to: the first of these that holds. */
function stageState(jobs: Job[]): 'running' | 'failed' | 'canceled' | 'manual' | 'success' {
  const has = (status: PipelineStatus) => jobs.some((job) => job.status === status && !mayFail(job));
  if (jobs.some((job) => job.status === 'pending' || job.status === 'running')) return 'running';
  if (has('failed')) return 'failed';
  if (has('canceled')) return 'canceled';
  return has('manual') ? 'manual' : 'success';
}

function mayFail(job: Job): boolean {
  return job.plan.kind === 'job' && job.plan.script.allowFailure === true;
}
