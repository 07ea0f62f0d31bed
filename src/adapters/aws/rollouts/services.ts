import { DescribeServicesCommand, type ECSClient, type Failure } from '@aws-sdk/client-ecs';
import { OutsideError } from '../../../core/ports.ts';
import { problem } from '../../../core/problem.ts';
import type { ObservedService } from '../../../core/rollout/observation.ts';
import type { Answer, PacedCalls } from './calls.ts';
import { endOf, isDenied, lastPart, nameOf, partsOf, type Read } from './read.ts';
import { observedService } from './service-shape.ts';

/** AWS describes at most so many services of one cluster in one call (facts: limits). */
const servicesACall = 10;
/** A service that may not be seen is not asked for again so soon: somebody has to change a policy first. */
const deniedForMs = 60_000;

/** A service that is asked about, with the moment from which on its events are wanted. */
export interface AskedService {
  name: string;
  since: Date;
}

/** An answer, in our words: what the SDK made of it is several times as large. */
interface Described {
  byName: Map<string, ObservedService>;
  failures: Failure[];
}

/** Reads services of one account and region, ten of a cluster in a call. */
export class ServiceReader {
  readonly #client: ECSClient;
  readonly #calls: PacedCalls;
  /** Services that were denied when they were asked for alone, by cluster and name. */
  readonly #denied = new Map<string, { error: OutsideError; until: number }>();

  constructor(client: ECSClient, calls: PacedCalls) {
    this.#client = client;
    this.#calls = calls;
  }

  /**
   * By name as it was given, each once. What AWS refuses for several at once is asked for each alone, so that one
   * service that nobody may see, or that can be none, spoils no other.
   */
  async read(
    cluster: string,
    services: readonly AskedService[],
    now: number,
    signal: AbortSignal,
  ): Promise<Map<string, Read<ObservedService>>> {
    const found = new Map<string, Read<ObservedService>>();
    const open = services.filter(({ name }) => {
      const denied = this.#deniedOf(cluster, name, now);
      if (denied) found.set(name, endOf(denied));
      return !denied;
    });
    const refused: AskedService[] = [];
    for (const { part, answer } of await this.#describe(cluster, partsOf(open, servicesACall), signal))
      if (part.length > 1 && 'error' in answer && isOfOne(answer.error)) refused.push(...part);
      else for (const { name } of part) found.set(name, this.#readOf(cluster, name, answer, now));
    for (const { part, answer } of await this.#describe(cluster, partsOf(refused, 1), signal))
      for (const { name } of part) found.set(name, this.#readOf(cluster, name, answer, now));
    return found;
  }

  async #describe(
    cluster: string,
    parts: AskedService[][],
    signal: AbortSignal,
  ): Promise<{ part: AskedService[]; answer: Answer<Described> }[]> {
    const sends = parts.map((part) => async (abortSignal: AbortSignal): Promise<Described> => {
      const command = new DescribeServicesCommand({ cluster, services: part.map(({ name }) => name) });
      const { services = [], failures = [] } = await this.#client.send(command, { abortSignal });
      const byName = services.map((one): [string, ObservedService] => {
        const name = one.serviceName ?? '';
        const asked = part.find((about) => lastPart(about.name) === name);
        return [name, observedService(one, asked?.since ?? new Date(0))];
      });
      return { byName: new Map(byName), failures };
    });
    const answers = await this.#calls.all<Described>('DescribeServices', sends, signal);
    return answers.map((answer, i) => ({ part: parts[i] ?? [], answer }));
  }

  #readOf(cluster: string, name: string, answer: Answer<Described>, now: number): Read<ObservedService> {
    if (!('error' in answer)) return pick(name, answer.value);
    if (isDenied(answer.error))
      this.#denied.set(JSON.stringify([cluster, name]), { error: answer.error, until: now + deniedForMs });
    return endOf(answer.error);
  }

  #deniedOf(cluster: string, name: string, now: number): OutsideError | null {
    const key = JSON.stringify([cluster, name]);
    const denied = this.#denied.get(key);
    if (denied && denied.until > now) return denied.error;
    this.#denied.delete(key);
    return null;
  }
}

/** Whether another service of the same call may be answered although this call was refused. */
function isOfOne(error: OutsideError): boolean {
  return ['AccessDeniedException', 'InvalidParameterException', 'ClientException'].includes(nameOf(error));
}

function pick(name: string, { byName, failures }: Described): Read<ObservedService> {
  const service = byName.get(lastPart(name));
  if (service) return { value: service };
  const failure = failures.find(({ arn = '' }) => lastPart(arn) === lastPart(name));
  const said = [failure?.reason ?? 'No answer', failure?.detail].filter(Boolean).join(': ');
  if (failure?.reason === 'MISSING') return { nothing: { why: 'no-service', said } };
  return { error: new OutsideError('refused', problem('aws-refused', { said }), { cause: failure ?? null }) };
}
