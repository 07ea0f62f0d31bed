/** One API request as it was seen; the key is not kept. */
export interface LoggedRequest {
  n: number;
  /** ISO time of arrival. */
  at: string;
  /** What it asked: fields of Query or Mutation, and lists below them: `issueCreate`, `issue`, `issue.comments`. */
  operations: string[];
  query: string;
  variables: Record<string, unknown>;
  /** Complexity points; null when it did not come so far. */
  complexity: number | null;
  /** Status that was sent; null when no answer was. */
  status: number | null;
  /** Codes of the errors that were answered, e.g. `RATELIMITED`. */
  errors: string[];
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

  /** All, or those that asked for `operation`. */
  list(operation?: string): LoggedRequest[] {
    if (operation === undefined) return [...this.#entries];
    return this.#entries.filter((entry) => entry.operations.includes(operation));
  }
}
