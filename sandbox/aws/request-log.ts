/** One API request as it was seen. */
export interface LoggedRequest {
  n: number;
  /** ISO time of arrival. */
  at: string;
  /** Such as DescribeServices; empty when there is none. */
  operation: string;
  /** Of the credential scope; empty when it could not be read. */
  region: string;
  /** The parsed body; null when it was no JSON. */
  input: unknown;
  /** Status that was sent; null when no answer was. */
  status: number | null;
  /** Code of the refusal, such as ThrottlingException. */
  error?: string;
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

  /** All, or those of one operation. */
  list(operation?: string): LoggedRequest[] {
    return this.#entries.filter((entry) => operation === undefined || entry.operation === operation);
  }
}
