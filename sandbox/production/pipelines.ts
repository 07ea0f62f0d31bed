import { setTimeout as pause } from 'node:timers/promises';
import type { awsControl } from '../aws/control-client.ts';
import type { LogBehaviour } from '../aws/rollouts/wish.ts';
import type { GitLabControl } from '../gitlab/control-client.ts';
import { HttpError } from '../shared/http.ts';
import { askGate, type Bot } from './gate.ts';
import type { ReleaseHead } from './release-branch.ts';
import type { GateSaid, PipelineStep, RegionView } from './state.ts';

/** One region of the service. */
export interface Region {
  region: string;
  cluster: string;
  environment: string;
}

/** The service that is deployed, its regions in order. */
export interface Service {
  service: string;
  /** Full path in GitLab. */
  project: string;
  branch: string;
  /** Without a tag. */
  image: string;
  regions: readonly Region[];
}

/** What somebody wants to happen in a region. */
export interface DeployWish {
  region: string;
  script: string;
  logs?: LogBehaviour;
  anyway?: boolean;
}

export interface Surroundings {
  gitlab: GitLabControl;
  aws: ReturnType<typeof awsControl>;
  bot: Bot;
  head: ReleaseHead;
  /** Somebody may look again: something is different. */
  changed: () => void;
}

/** How fast it goes. */
export interface Pace {
  /** How long Terraform plans and applies; a real one takes minutes. */
  planMs: number;
  applyMs: number;
  /** How many times as fast as a real one ECS goes. */
  ecs: number;
}

type Latest = Omit<RegionView, keyof Region | 'gate'>;

const never: Latest = { step: 'none', commit: null, script: null, pipelineId: null, trouble: null };
const engineer = 'r.engineer';

/**
 * Plays the pipelines that deploy the service to its regions: each asks the bot's gate first, and only where that
 * is open Terraform applies, which here is a scripted deployment in the simulated ECS. GitLab tells the bot of it by
 * its webhooks, as a real one does.
 */
export class Pipelines {
  readonly #about: Service;
  readonly #at: Surroundings;
  readonly #pace: Pace;
  readonly #latest = new Map<string, Latest>();
  readonly #running = new Set<Promise<void>>();
  readonly #over = new AbortController();

  constructor(about: Service, at: Surroundings, pace: Pace) {
    this.#about = about;
    this.#at = at;
    this.#pace = pace;
  }

  latest(region: string): Latest {
    return this.#latest.get(region) ?? never;
  }

  gate(region: string, commit: string): Promise<GateSaid> {
    return askGate(this.#at.bot, { service: this.#about.service, region, commit });
  }

  /** Starts the pipeline and comes back at once. Throws HttpError for an unknown region, or one that is busy. */
  start(wish: DeployWish): void {
    const region = this.#about.regions.find((one) => one.region === wish.region);
    if (!region) throw new HttpError(404, `no region ${wish.region}`);
    if (['gate', 'plan', 'apply'].includes(this.latest(wish.region).step))
      throw new HttpError(409, `a pipeline for ${wish.region} is under way`);
    this.#note(region, { ...never, step: 'gate', script: wish.script });
    const running = this.#run(region, wish).catch((error: unknown) => {
      if (this.#over.signal.aborted) return;
      // It is a play: whoever presses the button reads what was wrong.
      this.#note(region, { step: 'failed', trouble: error instanceof Error ? error.message : String(error) });
    });
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  /** Leaves what is under way as it is. */
  async close(): Promise<void> {
    this.#over.abort();
    await Promise.all(this.#running);
  }

  async #run(region: Region, wish: DeployWish): Promise<void> {
    const { commit } = await this.#at.head.read();
    this.#note(region, { commit });
    const gate = await this.gate(region.region, commit);
    const isHeld = 'trouble' in gate || !gate.open;
    if (isHeld && !wish.anyway) await this.#holdBack(region, gate);
    else await this.#deploy(region, wish, commit);
  }

  /** The job that asked the gate fails, so that the job of Terraform never starts. */
  async #holdBack(region: Region, gate: GateSaid): Promise<void> {
    const { project, branch } = this.#about;
    const { gitlab } = this.#at;
    const before = (await gitlab.state()).projects.find(({ path }) => path === project)?.spec.pipeline;
    const why =
      'trouble' in gate ? [gate.trouble] : gate.holds.flatMap(({ why: because, todo }) => [because, todo]);
    await gitlab.world({ projects: [{ path: project, pipeline: heldScript(region, why) }] });
    const { id } = await gitlab.runPipeline({ project, ref: branch, user: engineer });
    await gitlab.world({ projects: [{ path: project, pipeline: before ?? null }] });
    this.#note(region, { step: 'held', pipelineId: id });
  }

  async #deploy(region: Region, { script, logs }: DeployWish, commit: string): Promise<void> {
    const { project, branch, service, image } = this.#about;
    const { gitlab, aws } = this.#at;
    const { environment, cluster, region: name } = region;
    const { pipelineId } = await gitlab.deploy({
      project,
      environment,
      ref: branch,
      status: 'running',
      user: engineer,
    });
    this.#note(region, { step: 'plan', pipelineId });
    const finish = (status: 'success' | 'failed') => gitlab.finish({ project, pipelineId, status });
    await this.#wait(this.#pace.planMs);
    try {
      await aws.deploy({
        region: name,
        cluster,
        service,
        image: `${image}:${commit}`,
        script,
        pace: this.#pace.ecs,
        // As many as ever: the deployment before may have wanted none.
        desired: 2,
        // The example catalogue wants to see its migrations.
        migration: true,
        ...(logs === undefined ? {} : { logs }),
      });
    } catch (error) {
      await finish('failed');
      throw error;
    }
    this.#note(region, { step: 'apply' });
    await this.#wait(this.#pace.applyMs);
    await finish('success');
    this.#note(region, { step: 'applied' });
  }

  #wait(ms: number): Promise<void> {
    return pause(ms, undefined, { signal: this.#over.signal });
  }

  #note({ region }: Region, change: Partial<Latest> & { step?: PipelineStep }): void {
    this.#latest.set(region, { ...this.latest(region), ...change });
    this.#at.changed();
  }
}

function heldScript({ region, environment }: Region, why: string[]) {
  const log = [`$ gonogo gate --service "$SERVICE" --region ${region} --commit "$CI_COMMIT_SHA"`, ...why];
  return {
    steps: [{ status: 'running' as const, afterMs: 0 }],
    jobs: [
      { name: `gate-${region}`, stage: 'gate', result: 'failed' as const, durationMs: 1000, log },
      { name: `deploy-${environment}`, stage: 'deploy', environment },
    ],
  };
}
