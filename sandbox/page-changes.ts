import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Connection, Service, ServiceEvent } from './page/services.ts';

/** Services that tell of each change themselves; the others change only through the page. */
const telling: readonly Service[] = ['slack', 'gitlab', 'linear', 'website', 'production'];
const retryMs = 1000;

/**
 * The changes of all services in one stream: a browser allows few connections to one place, so that a tab may
 * hold only one.
 */
export class ServiceChanges {
  readonly #readers = new Set<(event: ServiceEvent) => void>();
  readonly #connections = new Map<Service, Connection>();
  readonly #over = new AbortController();

  constructor(services: ReadonlyMap<Service, string>) {
    for (const [service, url] of services) {
      this.#connections.set(service, telling.includes(service) ? 'connecting' : 'live');
      if (telling.includes(service)) void this.#follow(service, new URL('/_control/changes', url));
    }
  }

  /** Hears how each service is connected now and of each change from then on; the answer ends it. */
  subscribe(reader: (event: ServiceEvent) => void): () => void {
    this.#readers.add(reader);
    for (const [service, connection] of this.#connections) reader({ service, connection });
    return () => void this.#readers.delete(reader);
  }

  /** Something was done to the service through the page: others hear of it where the service tells nobody. */
  acted(service: Service): void {
    if (!telling.includes(service)) this.#tell(service);
  }

  #tell(service: Service, connection: Connection = this.#connections.get(service) ?? 'live'): void {
    this.#connections.set(service, connection);
    for (const reader of this.#readers) reader({ service, connection });
  }

  close(): void {
    this.#over.abort();
    this.#readers.clear();
  }

  async #follow(service: Service, url: URL): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      try {
        const [stream] = (await once(get(url, { agent: false, signal }), 'response')) as [IncomingMessage];
        this.#tell(service, 'live');
        for await (const _ of stream) this.#tell(service);
      } catch (error) {
        // Away: the page shows it as connecting, and it is asked again. Only what is no network error is a fault.
        if (!signal.aborted && !(error instanceof Error && 'code' in error)) throw error;
      }
      if (signal.aborted) return;
      this.#tell(service, 'connecting');
      await pause(retryMs, undefined, { signal, ref: false }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
  }
}
