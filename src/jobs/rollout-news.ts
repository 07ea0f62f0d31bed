import { z } from 'zod';
import { type Clock, type Handler, OutsideError, type WorkOrder } from '../core/ports.ts';
import { promotionId, startRollout, takeSnapshot } from '../core/promotion/acts.ts';
import { promotionPrefix } from '../core/promotion/orders.ts';
import { findRegion, type PromotionPlan, type RegionPlan } from '../core/promotion/plan.ts';
import { regionState } from '../core/promotion/state.ts';
import { promotionStream } from '../core/promotion/stream.ts';
import type { Snapshot } from '../core/rollout/verdict.ts';
import type { Apply } from '../core/sources.ts';
import { deploymentOfSource, sourceOfDeployment } from './gitlab-source.ts';
import { later } from './invocation-deps.ts';
import { actOnPromotion, botActor, type RolloutDeps } from './promotion-deps.ts';

/** How many of the newest deployments are looked at: more than anyone makes between two looks. */
const lookedAt = 10;
/** How many of a service's latest promotions are asked what they know. */
const knownBy = 10;
/** Where no promotion knows of any deployment, one that ended longer ago is not validated any more, in ms. */
const oldMs = 30 * 60_000;
/** Clocks of AWS and GitLab may differ by so much, in ms (facts: which deployment). */
const clockSlackMs = 120_000;

/** The note that the work leaves to itself: the deployments that are dealt with, by their ids in GitLab. */
interface Memo {
  snapshot?: number;
  started?: number;
  /** When a person last asked for a look that was taken. */
  asked?: string;
}

/** A person asks for what was deployed last, however long ago; the payload stays with the work, so its time counts. */
const request = z.object({ askedAt: z.string() });

/** The orders that start the standing looks, one for each service and region; giving them again changes nothing. */
export function newsOrders(services: readonly PromotionPlan[], now: Date): WorkOrder[] {
  return services.flatMap((plan) => newsOf(plan, now)).map((order) => ({ ...order, patient: true }));
}

/** Orders that bring the looks for one service forward: in the regions of one environment, or in all. */
export function newsOf({ service, regions }: PromotionPlan, at: Date, environment?: string): WorkOrder[] {
  return regions
    .filter((region) => environment === undefined || region.environment === environment)
    .map(({ region }) => ({ kind: 'rollout-news', key: `${service}/${region}`, at }));
}

/**
 * Looks for applies in GitLab (C1): one that is under way gives the state before it, one that succeeded is a rollout
 * to be validated. Webhooks bring the look forward; without them it comes after twice the poll interval. Runs as long
 * as the catalogue has the region. Key: `<service>/<region>`.
 */
export function rolloutNews(deps: RolloutDeps): Handler {
  return async ({ key, payload, memo: note }, signal) => {
    const [service = '', name = ''] = key.split('/');
    const plan = deps.catalogue.services.find((one) => one.service === service);
    const region = plan && findRegion(plan, name);
    if (!plan || !region) return { next: 'done' };
    const news = new News(deps, plan, region, (note ?? {}) as Memo, signal);
    const memo = await news.look(request.safeParse(payload).data?.askedAt);
    return { next: 'again', at: nextLook(deps), memo };
  };
}

function nextLook({ now, catalogue }: { now: Clock } & Pick<RolloutDeps, 'catalogue'>): Date {
  return later(now, catalogue.limits.followPollSeconds * 2_000);
}

class News {
  readonly #deps: RolloutDeps;
  readonly #plan: PromotionPlan;
  readonly #region: RegionPlan;
  readonly #memo: Memo;
  readonly #signal: AbortSignal;

  constructor(deps: RolloutDeps, plan: PromotionPlan, region: RegionPlan, memo: Memo, signal: AbortSignal) {
    this.#deps = deps;
    this.#plan = plan;
    this.#region = region;
    this.#memo = memo;
    this.#signal = signal;
  }

  async look(askedAt: string | undefined): Promise<Memo> {
    const { path } = this.#plan;
    const { environment } = this.#region;
    const applies = await this.#deps.sources.codeHost.applies(path, environment, lookedAt, this.#signal);
    const [newest] = applies.filter(({ status }) => !['skipped', 'blocked', 'created'].includes(status));
    const succeeded = applies.find(({ status }) => status === 'success');
    // In this order: what is under way must not be told by a state that the rollout before it has left.
    const memo = { ...this.#memo };
    if (newest?.status === 'running' && newest.id !== memo.snapshot && (await this.#keepBefore(newest)))
      memo.snapshot = newest.id;
    const isAsked = askedAt !== undefined && askedAt !== memo.asked;
    if (succeeded && (isAsked || succeeded.id > (memo.started ?? 0))) {
      if (isAsked || (await this.#isNew(succeeded))) await this.#start(succeeded);
      memo.started = succeeded.id;
    }
    if (askedAt !== undefined) memo.asked = askedAt;
    return memo;
  }

  #about(apply: Apply) {
    const { channels } = this.#deps.catalogue;
    return {
      plan: this.#plan,
      commit: apply.sha,
      channel: channels.releases,
      region: this.#region.region,
      source: sourceOfDeployment(apply.id),
    };
  }

  #id({ sha }: Apply): string {
    return promotionId(this.#deps.digest, this.#plan.service, sha);
  }

  /** Keeps what runs before the apply changes it; false when AWS did not say, so that it is asked again. */
  async #keepBefore(apply: Apply): Promise<boolean> {
    const { store, log } = this.#deps;
    const about = this.#about(apply);
    const { state } = await store.read(promotionStream, this.#id(apply));
    const known = state && regionState(state, about.region);
    if (known?.sources.some((source) => source.startsWith(about.source))) return true;
    try {
      const before = await this.#before(apply);
      if (before)
        this.#tell(apply, await this.#act(apply, botActor, (now) => takeSnapshot(now, { ...about, before })));
      return true;
    } catch (error) {
      if (!(error instanceof OutsideError)) throw error;
      // It is not needed: without it the deployment is told by its time and its image.
      const { service } = this.#plan;
      log.warn(
        { err: error, service, region: about.region, deployment: apply.id },
        'What runs before an apply could not be read',
      );
      return false;
    }
  }

  /**
   * Null when it may be that the apply has changed the service already: a PRIMARY that is no older than the apply
   * could be its own, and taken for the old one it would hide the rollout.
   */
  async #before({ startedAt }: Apply): Promise<Snapshot | null> {
    const { rollouts } = this.#deps.aws;
    const { account, region, cluster, service } = this.#region;
    const before = await rollouts.snapshot({ account, region, cluster, service }, this.#signal);
    if (before.primary === null) return before;
    const asked = [{ cluster, service, deployment: before.primary, since: new Date(startedAt) }];
    const [look] = await rollouts.observe({ account, region }, asked, this.#signal);
    if (!look) return null;
    if ('error' in look) throw look.error;
    const { observation } = look;
    const deployments = observation.kind === 'service' ? observation.service.deployments : [];
    const primary = deployments.find(({ id }) => id === before.primary);
    const isOlder = primary && Date.parse(primary.createdAt) < Date.parse(startedAt) - clockSlackMs;
    return isOlder ? before : null;
  }

  /** Whether it is to be validated: newer than what is known, or, where nothing is known, fresh. */
  async #isNew({ id, at }: Apply): Promise<boolean> {
    const { store, now } = this.#deps;
    const prefix = promotionPrefix(this.#plan.service);
    const ids = await store.latest(promotionStream.name, knownBy, prefix);
    const states = await Promise.all(ids.map((one) => store.read(promotionStream, one)));
    const known = states.flatMap(({ state }) => {
      const sources = state ? regionState(state, this.#region.region).sources : [];
      return sources.flatMap((source) => deploymentOfSource(source) ?? []);
    });
    if (known.length > 0) return id > Math.max(...known);
    return now().getTime() - Date.parse(at) < oldMs;
  }

  async #start(apply: Apply): Promise<void> {
    const { actor, pipeline } = await this.#origin(apply);
    const { startedAt: appliedAt } = apply;
    const expected = { taskDefinition: null, digest: null, appliedAt };
    this.#tell(
      apply,
      await this.#act(apply, actor, (now) =>
        startRollout(now, { ...this.#about(apply), expected, pipeline }),
      ),
    );
  }

  /** Who deployed, and with which pipeline; where the token may not read it, that stays out. */
  async #origin({ pipelineId }: Apply) {
    const unknown = { actor: botActor, pipeline: null };
    if (pipelineId === null) return unknown;
    try {
      const { codeHost } = this.#deps.sources;
      const { url, user } = await codeHost.pipelineOrigin(this.#plan.path, pipelineId, this.#signal);
      return { actor: `gitlab:${user}`, pipeline: { id: pipelineId, url } };
    } catch (error) {
      if (!(error instanceof OutsideError) || error.kind !== 'refused') throw error;
      return unknown;
    }
  }

  #act(apply: Apply, actor: string, act: Parameters<typeof actOnPromotion>[3]) {
    return actOnPromotion(this.#deps, this.#id(apply), actor, act);
  }

  #tell(apply: Apply, acted: Awaited<ReturnType<typeof actOnPromotion>>): void {
    if (!('problem' in acted)) return;
    const { what, why } = acted.problem;
    const { service } = this.#plan;
    this.#deps.log.warn({ service, deployment: apply.id, what, why }, 'A deployment could not be followed');
  }
}
