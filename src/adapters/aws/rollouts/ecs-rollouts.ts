import type { ECSClient } from '@aws-sdk/client-ecs';
import { OutsideError } from '../../../core/ports.ts';
import { problem } from '../../../core/problem.ts';
import type { Place } from '../../../core/rollout/observation.ts';
import type { Look, RolloutQuestion, Rollouts } from '../../../core/rollout/sources.ts';
import type { Snapshot } from '../../../core/rollout/verdict.ts';
import type { AwsPlace } from '../place-clients.ts';
import type { Waiting } from '../turns.ts';
import { type CallCounts, PacedCalls } from './calls.ts';
import { RegionReader } from './region-reader.ts';
import { primaryOf } from './service-shape.ts';

/**
 * ECS, read-only, for watches: one look at many rollouts of one account and region, in as few calls as it can and
 * never more than AWS grants (facts: cost and speed; decision 30).
 */
export class EcsRollouts implements Rollouts {
  readonly #clientOf: (place: AwsPlace) => ECSClient;
  readonly #waiting: Waiting;
  readonly #regions = new Map<string, RegionReader>();
  readonly #counts: CallCounts = {};

  /** @param clientOf throws {@link OutsideError} for an account that there is not */
  constructor(clientOf: (place: AwsPlace) => ECSClient, waiting: Waiting) {
    this.#clientOf = clientOf;
    this.#waiting = waiting;
  }

  async observe(
    place: AwsPlace,
    questions: readonly RolloutQuestion[],
    signal: AbortSignal,
  ): Promise<Look[]> {
    try {
      return await this.#regionOf(place).observe(questions, signal);
    } catch (error) {
      if (!(error instanceof OutsideError)) throw error;
      return questions.map(() => ({ error }));
    }
  }

  async snapshot(place: Place, signal: AbortSignal): Promise<Snapshot> {
    const now = this.#waiting.now();
    const read = await this.#regionOf(place).latest(place, signal);
    const none = { primary: null, taskDefinition: null, serviceDeployment: null, at: now.toISOString() };
    if ('error' in read) throw read.error;
    if ('nothing' in read) {
      const { why, said } = read.nothing;
      if (why === 'denied')
        throw new OutsideError('refused', problem('aws-refused', { said }), { cause: null });
      return none;
    }
    const { service, newest } = read.value;
    // One that was deleted is shown for a while: its successor begins anew.
    if (service.status === 'INACTIVE') return none;
    const primary = primaryOf(service);
    return {
      ...none,
      primary: primary?.id ?? null,
      taskDefinition: primary?.taskDefinition ?? null,
      serviceDeployment: newest,
    };
  }

  /** Calls made since the start, by operation, repeated ones too. */
  callsMade(): CallCounts {
    return { ...this.#counts };
  }

  #regionOf({ account, region }: AwsPlace): RegionReader {
    const place = `${account ?? '-'}/${region}`;
    let reader = this.#regions.get(place);
    if (!reader) {
      const calls = new PacedCalls(place, this.#waiting, this.#counts);
      reader = new RegionReader(this.#clientOf({ account, region }), calls, this.#waiting.now);
      this.#regions.set(place, reader);
    }
    return reader;
  }
}
