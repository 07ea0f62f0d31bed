import { DescribeServiceRevisionsCommand, type ECSClient, type ServiceRevision } from '@aws-sdk/client-ecs';
import type { ServiceDeployment } from '../../../core/rollout/observation.ts';
import type { PacedCalls } from './calls.ts';
import { type Ended, endOf, isDenied, partsOf, type Read } from './read.ts';

/** AWS describes at most so many in one call. */
const revisionsACall = 20;
const keptForMs = 3_600_000;
/** A revision has its digests once its first task has pulled its images; until then it is read again so often. */
const withoutDigestsForMs = 30_000;

/** What a service deployment brings. */
export interface Revision {
  taskDefinition: string | null;
  digests: ServiceDeployment['targetDigests'];
}

interface Kept {
  revision: Revision | null;
  readAt: number;
  at: number;
}

/** Service revisions of one account and region: task definition and image digests that a service deployment brings. */
export class RevisionReader {
  readonly #client: ECSClient;
  readonly #calls: PacedCalls;
  readonly #kept = new Map<string, Kept>();

  constructor(client: ECSClient, calls: PacedCalls) {
    this.#client = client;
    this.#calls = calls;
  }

  /** By ARN; null where it may not be read, or is no more. */
  async read(
    arns: Iterable<string>,
    now: number,
    signal: AbortSignal,
  ): Promise<Map<string, Read<Revision | null>>> {
    for (const [arn, { at }] of this.#kept) if (at < now - keptForMs) this.#kept.delete(arn);
    const asked = [...new Set(arns)].filter((arn) => arn !== '');
    const parts = partsOf(
      asked.filter((arn) => !this.#isKnown(arn, now)),
      revisionsACall,
    );
    const sends = parts.map((part) => (abortSignal: AbortSignal) => {
      const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns: part });
      return this.#client.send(command, { abortSignal });
    });
    const failed = new Map<string, Ended>();
    const answers = await this.#calls.all('DescribeServiceRevisions', sends, signal);
    for (const [i, part] of parts.entries()) {
      const answer = answers[i];
      if (!answer) continue;
      if ('error' in answer && !isDenied(answer.error)) {
        for (const arn of part) failed.set(arn, endOf(answer.error));
        continue;
      }
      const revisions = 'error' in answer ? [] : (answer.value.serviceRevisions ?? []);
      for (const arn of part) {
        const found = revisions.find(({ serviceRevisionArn }) => serviceRevisionArn === arn);
        this.#kept.set(arn, { revision: found ? revisionOf(found) : null, readAt: now, at: now });
      }
    }
    return new Map(
      asked.map((arn) => [arn, failed.get(arn) ?? { value: this.#kept.get(arn)?.revision ?? null }]),
    );
  }

  #isKnown(arn: string, now: number): boolean {
    const kept = this.#kept.get(arn);
    if (!kept) return false;
    kept.at = now;
    const digests = kept.revision?.digests ?? [];
    const isComplete = digests.length > 0 && digests.every(({ digest }) => digest !== null);
    return isComplete || kept.readAt > now - withoutDigestsForMs;
  }
}

function revisionOf({ taskDefinition, containerImages = [] }: ServiceRevision): Revision {
  return {
    taskDefinition: taskDefinition ?? null,
    digests: containerImages.map(({ containerName, image, imageDigest }) => ({
      container: containerName ?? '',
      image: image ?? '',
      digest: imageDigest ?? null,
    })),
  };
}
