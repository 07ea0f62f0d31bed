/** One API request as it was seen. */
export interface LoggedRequest {
  n: number;
  /** ISO time of arrival. */
  at: string;
  method: string;
  path: string;
  /** The route with GitLab's parameter names, e.g. `POST /projects/:id/pipeline`; empty when unknown. */
  route: string;
  /** Status that was sent; null when no answer was. */
  status: number | null;
  /** Milliseconds until the answer. */
  ms: number;
  /** Kind of the fault that struck. */
  fault?: string;
}

const kept = 20_000;

/** The newest API requests, for tests and for the page. */
export class RequestLog {
  readonly #entries: LoggedRequest[] = [];
  #n = 0;

  add(entry: Omit<LoggedRequest, 'n'>): void {
    this.#n += 1;
    this.#entries.push({ n: this.#n, ...entry });
    if (this.#entries.length > kept) this.#entries.splice(0, this.#entries.length - kept);
  }

  /** All, or those whose route is `route` or ends with it. */
  list(route?: string): LoggedRequest[] {
    if (route === undefined) return [...this.#entries];
    const [method, path] = route.includes(' ') ? route.split(' ') : [undefined, route];
    return this.#entries.filter(
      (entry) => (method === undefined || entry.method === method) && entry.route.endsWith(path ?? ''),
    );
  }
}
