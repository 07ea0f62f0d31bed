import type { Forge } from './forge.ts';
import { ApiError } from './grape.ts';

/** Counts in fixed windows of a (scaled) minute that are aligned to the clock, as GitLab's are. */
class Window {
  #window = -1;
  #count = 0;

  /** Takes one; says how many were taken with it and how many ms the window still lasts. */
  take(lengthMs: number, now: number): { count: number; leftMs: number } {
    const window = Math.floor(now / lengthMs);
    if (window !== this.#window) {
      this.#window = window;
      this.#count = 0;
    }
    this.#count += 1;
    return { count: this.#count, leftMs: (window + 1) * lengthMs - now };
  }
}

/** The rate limits of facts/gitlab.md; the lengths of the windows shrink by timeScale. */
export class Limits {
  readonly #forge: Forge;
  readonly #requests = new Window();
  readonly #creations = new Window();
  readonly #reads = new Map<number, Window>();

  constructor(forge: Forge) {
    this.#forge = forge;
  }

  get #minute(): number {
    return 60_000 / this.#forge.timeScale;
  }

  /** Every request of the user; throws 429 `Retry later`. Gives the RateLimit headers of an accepted one. */
  request(): Record<string, string> {
    const limit = this.#forge.settings.requestsPerMinute ?? 2000;
    const { count, leftMs } = this.#requests.take(this.#minute, Date.now());
    const headers = limitHeaders('throttle_authenticated_api', limit, count, leftMs);
    if (count > limit) throw new ApiError(429, 'Retry later\n', { ...headers, ...retryAfter(leftMs) });
    return headers;
  }

  /** A read of one project. */
  projectRead(projectId: number): void {
    const window = this.#reads.get(projectId) ?? new Window();
    this.#reads.set(projectId, window);
    const { count, leftMs } = window.take(this.#minute, Date.now());
    if (count > (this.#forge.settings.projectReadsPerMinute ?? 400)) throw tooOften(leftMs);
  }

  /** An attempt to create a pipeline through the API. */
  pipelineCreation(): void {
    const limit = this.#forge.settings.pipelineCreationPerMinute;
    if (limit === null) return;
    const { count, leftMs } = this.#creations.take(this.#minute, Date.now());
    if (count <= (limit ?? 25)) return;
    if (this.#forge.settings.pipelineLimitAnswer === 400)
      throw new ApiError(400, {
        message: { base: ['Too many pipelines created in the last minute. Try again later.'] },
      });
    throw tooOften(leftMs);
  }
}

function tooOften(leftMs: number): ApiError {
  const message = { error: 'This endpoint has been requested too many times. Try again later.' };
  return new ApiError(429, { message }, retryAfter(leftMs));
}

function retryAfter(leftMs: number): Record<string, string> {
  return { 'retry-after': String(Math.max(1, Math.ceil(leftMs / 1000))) };
}

function limitHeaders(name: string, limit: number, count: number, leftMs: number): Record<string, string> {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-name': name,
    'ratelimit-observed': String(count),
    'ratelimit-remaining': String(Math.max(0, limit - count)),
    'ratelimit-reset': String(Math.ceil((Date.now() + leftMs) / 1000)),
  };
}
