import { z } from 'zod';
import type { Problem } from '../../core/problem.ts';
import { answers, type GateQuestion, type GateReport, gateReport } from '../../core/promotion/gate-report.ts';
import {
  type RegionReport,
  regionReport,
  type SnapshotReport,
  snapshotReport,
} from '../../core/promotion/report.ts';
import { connectionError } from '../connection-error.ts';
import type { RolloutRequest, SnapshotRequest } from './rollout-requests.ts';

/**
 * What came back from the bot. `refused`: the bot itself said why it does not do it, and asking again changes nothing.
 * `silent`: everything else that is no whole, fitting answer; it may be one the next time.
 */
export type BotAnswer<T> =
  | { kind: 'answer'; said: T }
  | { kind: 'refused'; problem: Problem }
  | { kind: 'silent'; said: string; retryAfterMs: number | null };

export interface BotClientOptions {
  /** Address of the bot (GONOGO_URL); a path in it is kept. */
  url: string;
  token: string;
  /** How long one answer may take, in ms. */
  timeoutMs: number;
}

/** Larger answers are not read, in bytes. */
const mostBytes = 5 * 1024 * 1024;
/** A longer wait that somebody asks for is not taken at its word, in ms. */
const longestRetryMs = 60_000;

const refused = z.object({
  error: z.object({ code: z.string(), what: z.string(), why: z.string(), todo: z.string() }),
});

/**
 * Asks the bot over HTTP, once a call; whoever calls decides whether to ask again. Only an answer with the expected
 * status, as JSON, whole, of the expected shape and to the very question counts; a redirect is never followed, so the
 * token goes nowhere else. Nothing rejects but the end of `signal`.
 */
export class BotClient {
  readonly #options: BotClientOptions;

  constructor(options: BotClientOptions) {
    this.#options = options;
  }

  /** May this commit be deployed to the region now? */
  gate(question: GateQuestion, signal: AbortSignal): Promise<BotAnswer<GateReport>> {
    const { service, region, commit, asked } = question;
    const path = `api/gates/${encodeURIComponent(service)}/${encodeURIComponent(region)}`;
    const query = new URLSearchParams({ commit, asked });
    return this.#ask('GET', `${path}?${query}`, null, signal, {
      status: 200,
      shape: gateReport,
      fits: (said) => answers(said, question),
    });
  }

  /** How the validation of one commit in one region stands. */
  report(
    { service, region, commit }: { service: string; region: string; commit: string },
    signal: AbortSignal,
  ): Promise<BotAnswer<RegionReport>> {
    const path = `api/rollouts/${encodeURIComponent(service)}/${encodeURIComponent(region)}`;
    return this.#ask('GET', `${path}?${new URLSearchParams({ commit })}`, null, signal, {
      status: 200,
      shape: regionReport,
      fits: (said) => isAbout(said, { service, region, commit }),
    });
  }

  /** Begins a validation; asking twice with the same `source` begins it once. */
  begin(request: RolloutRequest, signal: AbortSignal): Promise<BotAnswer<RegionReport>> {
    return this.#ask('POST', 'api/rollouts', request, signal, {
      status: 202,
      shape: regionReport,
      fits: (said) => isAbout(said, request),
    });
  }

  /** Has the bot look at what runs before an apply, and keep it. */
  snapshot(request: SnapshotRequest, signal: AbortSignal): Promise<BotAnswer<SnapshotReport>> {
    return this.#ask('POST', 'api/snapshots', request, signal, {
      status: 201,
      shape: snapshotReport,
      fits: (said) => isAbout(said, request),
    });
  }

  async #ask<T>(
    method: 'GET' | 'POST',
    path: string,
    body: object | null,
    signal: AbortSignal,
    wanted: { status: number; shape: z.ZodType<T>; fits(said: T): boolean },
  ): Promise<BotAnswer<T>> {
    try {
      const { url, token, timeoutMs } = this.#options;
      const response = await fetch(new URL(path, url.endsWith('/') ? url : `${url}/`), {
        method,
        redirect: 'manual',
        cache: 'no-store',
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      return read(response, await textOf(response), wanted);
    } catch (error) {
      signal.throwIfAborted();
      return silent(saidOf(error));
    }
  }
}

function isAbout(
  said: { service: string; region: string; commit: string | null },
  asked: { service: string; region: string; commit: string },
): boolean {
  return said.service === asked.service && said.region === asked.region && said.commit === asked.commit;
}

function read<T>(
  response: Response,
  text: string | null,
  wanted: { status: number; shape: z.ZodType<T>; fits(said: T): boolean },
): BotAnswer<T> {
  const { status, headers } = response;
  const type = headers.get('content-type') ?? '';
  const isJson = /^application\/json\s*(?:;|$)/i.test(type);
  const retryAfterMs = askedWait(headers);
  if (text === null) return silent('Its answer is larger than 5 MB.', retryAfterMs);
  if (!isJson) return silent(`It answered ${status} without JSON.`, retryAfterMs);
  const content = contentOf(text);
  if (status !== wanted.status) {
    const problem = refused.safeParse(content).data?.error;
    const isFinal = status >= 400 && status < 500 && ![408, 425, 429].includes(status);
    return problem && isFinal ? { kind: 'refused', problem } : silent(`It answered ${status}.`, retryAfterMs);
  }
  const parsed = wanted.shape.safeParse(content);
  if (!parsed.success) return silent('Its answer is not whole, or of another version.', retryAfterMs);
  if (!wanted.fits(parsed.data)) return silent('Its answer is to another question.', retryAfterMs);
  return { kind: 'answer', said: parsed.data };
}

function silent(said: string, retryAfterMs: number | null = null) {
  return { kind: 'silent' as const, said, retryAfterMs };
}

/** Undefined, which no shape takes, when it is no JSON. */
function contentOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Null when it is too large; the rest is not read then. */
async function textOf(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > mostBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function askedWait(headers: Headers): number | null {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1_000, longestRetryMs) : null;
}

function saidOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'It did not answer in time.';
  const { code } = connectionError(error);
  return `The connection failed${code ? ` (${code})` : ''}.`;
}
