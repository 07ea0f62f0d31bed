import { DescribeServiceDeploymentsCommand, type ECSClient } from '@aws-sdk/client-ecs';
import type { ServiceDeployment } from '../../../core/rollout/observation.ts';
import type { Asked } from './asked.ts';
import type { PacedCalls } from './calls.ts';
import { type Ended, endOf, partsOf, type Read } from './read.ts';
import { type Revision, RevisionReader } from './revisions.ts';
import { listServiceDeployments, mayNotBeRead } from './service-deployment-lists.ts';
import {
  type DescribedDeployment,
  describedDeployment,
  hasEnded,
  type Listed,
  observedServiceDeployment,
} from './service-deployment-shape.ts';
import { signsOf } from './signs.ts';

/** AWS describes at most so many in one call. */
const deploymentsACall = 20;
const keptForMs = 3_600_000;
/** Where they may not be read, it is not tried again so soon. */
const deniedForMs = 600_000;

interface Known {
  /** With what signs the last list was made; it is made again when they change. */
  signs: string;
  /** Ms since 1970; 0: they may be read. */
  deniedUntil: number;
  list: Listed[];
  at: number;
}

/**
 * Service deployments of one account and region. To list them costs a call a service, so it is done only when there
 * is something to learn; those that have not ended are described at every look, twenty in a call.
 */
export class ServiceDeploymentReader {
  readonly #client: ECSClient;
  readonly #calls: PacedCalls;
  readonly #revisions: RevisionReader;
  readonly #known = new Map<string, Known>();

  constructor(client: ECSClient, calls: PacedCalls) {
    this.#client = client;
    this.#calls = calls;
    this.#revisions = new RevisionReader(client, calls);
  }

  /** By key, newest first; none where they may not be read. */
  async read(
    asked: readonly Asked[],
    now: number,
    signal: AbortSignal,
  ): Promise<Map<string, Read<ServiceDeployment[]>>> {
    for (const [key, { at }] of this.#known) if (at < now - keptForMs) this.#known.delete(key);
    const failed = new Map<string, Ended>();
    await this.#list(asked, now, signal, failed);
    await this.#describe(asked, now, signal, failed);
    const targets = asked.flatMap(({ key }) => this.#describedOf(key).map(({ revision }) => revision));
    const revisions = await this.#revisions.read(targets, now, signal);
    return new Map(asked.map(({ key }) => [key, failed.get(key) ?? this.#answer(key, revisions)]));
  }

  #answer(key: string, revisions: Map<string, Read<Revision | null>>): Read<ServiceDeployment[]> {
    const value: ServiceDeployment[] = [];
    for (const described of this.#describedOf(key)) {
      const revision = revisions.get(described.revision) ?? { value: null };
      if (!('value' in revision)) return revision;
      value.push(observedServiceDeployment(described, revision.value));
    }
    return { value };
  }

  async #list(
    asked: readonly Asked[],
    now: number,
    signal: AbortSignal,
    failed: Map<string, Ended>,
  ): Promise<void> {
    const open = asked.filter((one) => this.#hasSomethingToLearn(one, now));
    const lists = await listServiceDeployments(this.#client, this.#calls, open, now, signal);
    for (const [i, one] of open.entries()) {
      const read = lists[i];
      if (!read) continue;
      if ('error' in read && !mayNotBeRead(read.error)) {
        failed.set(one.key, endOf(read.error));
        continue;
      }
      const before = this.#known.get(one.key)?.list ?? [];
      const arns = 'error' in read ? [] : read.value;
      const list = arns.map((arn) => before.find((known) => known.arn === arn) ?? { arn, described: null });
      const deniedUntil = 'error' in read ? now + deniedForMs : 0;
      this.#known.set(one.key, { signs: signsOf(one), deniedUntil, list, at: now });
    }
  }

  #hasSomethingToLearn(one: Asked, now: number): boolean {
    // CODE_DEPLOY and EXTERNAL move a service by task sets, without service deployments.
    if (one.service.controller !== 'ECS') return false;
    const known = this.#known.get(one.key);
    if (!known) return true;
    known.at = now;
    if (known.deniedUntil > 0) return known.deniedUntil <= now;
    // A shift of traffic is under way, and the newest that is known is over: there is a newer one.
    const last = known.list[0]?.described;
    const isShifting =
      one.service.strategy !== 'ROLLING' &&
      one.service.deployments.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS');
    return known.signs !== signsOf(one) || (isShifting && (!last || hasEnded(last)));
  }

  async #describe(
    asked: readonly Asked[],
    now: number,
    signal: AbortSignal,
    failed: Map<string, Ended>,
  ): Promise<void> {
    const open = asked.flatMap(({ key }) =>
      (this.#known.get(key)?.list ?? [])
        .filter(({ described }) => !described || !hasEnded(described))
        .map((known) => ({ key, known })),
    );
    const parts = partsOf(open, deploymentsACall);
    const sends = parts.map((part) => async (abortSignal: AbortSignal) => {
      const serviceDeploymentArns = part.map(({ known }) => known.arn);
      const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns });
      const { serviceDeployments = [] } = await this.#client.send(command, { abortSignal });
      return serviceDeployments.map(describedDeployment);
    });
    const answers = await this.#calls.all('DescribeServiceDeployments', sends, signal);
    for (const [i, answer] of answers.entries())
      for (const { key, known } of parts[i] ?? [])
        if (!('error' in answer)) known.described = answer.value.find(({ arn }) => arn === known.arn) ?? null;
        else if (mayNotBeRead(answer.error)) this.#deny(key, now);
        else failed.set(key, endOf(answer.error));
  }

  #deny(key: string, now: number): void {
    const known = this.#known.get(key);
    if (known) this.#known.set(key, { ...known, list: [], deniedUntil: now + deniedForMs });
  }

  #describedOf(key: string): DescribedDeployment[] {
    return (this.#known.get(key)?.list ?? []).flatMap(({ described }) => described ?? []);
  }
}
