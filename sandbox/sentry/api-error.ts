/** An answer other than 2xx: Sentry writes `{"detail": …}`. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Record<string, string>;

  constructor(status: number, body: unknown, headers: Record<string, string> = {}) {
    super(typeof body === 'string' ? body : JSON.stringify(body));
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export const notFound = () => new ApiError(404, { detail: 'The requested resource does not exist' });

export const forbidden = () =>
  new ApiError(403, { detail: 'You do not have permission to perform this action.' });
