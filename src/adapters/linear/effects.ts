import {
  AuthenticationLinearError,
  FeatureNotAccessibleLinearError,
  ForbiddenLinearError,
  GraphqlLinearError,
  InvalidInputLinearError,
  LinearError,
  RatelimitedLinearError,
  UsageLimitExceededLinearError,
  UserLinearError,
} from '@linear/sdk';
import { ZodError } from 'zod';
import type { Effect } from '../../core/effect.ts';
import { OutsideError } from '../../core/ports.ts';
import { type Problem, problem } from '../../core/problem.ts';
import { connectionError } from '../connection-error.ts';

/** Linear asks for fewer requests without saying for how long, in ms. */
const usualRestMs = 30_000;

type Failure =
  | { kind: 'busy'; retryAfterMs: number }
  | { kind: 'refused'; problem: Problem }
  /** `sent`: whether Linear may have got it. */
  | { kind: 'unclear'; said: string; sent: boolean };

const refusals = [
  InvalidInputLinearError,
  ForbiddenLinearError,
  UserLinearError,
  FeatureNotAccessibleLinearError,
  UsageLimitExceededLinearError,
];

/**
 * What a failed call means (facts: linear.md). Only Linear's own no is a refusal: the SDK also calls every other 4xx,
 * a proxy's too, an authentication error, and a time-out unknown.
 */
function failureOf(error: unknown): Failure {
  if (error instanceof RatelimitedLinearError) {
    const { retryAfter } = error;
    return { kind: 'busy', retryAfterMs: retryAfter === undefined ? usualRestMs : retryAfter * 1_000 };
  }
  const said = saidBy(error);
  const isLinears = error instanceof LinearError && (error.errors ?? []).length > 0;
  if (isLinears && error instanceof AuthenticationLinearError)
    return { kind: 'refused', problem: problem('linear-key-refused') };
  if (isLinears && refusals.some((refusal) => error instanceof refusal))
    return { kind: 'refused', problem: problem('linear-refused', { said }) };
  // A document that does not fit is refused before anything is done; other errors of this kind are not.
  if (error instanceof GraphqlLinearError && error.status === 400)
    return { kind: 'refused', problem: problem('linear-refused', { said }) };
  const raw: unknown = error instanceof LinearError ? error.raw : error;
  if (raw instanceof Error && raw.name === 'TimeoutError')
    return { kind: 'unclear', said: 'no answer in time', sent: true };
  const { code, sent } = connectionError(raw);
  return { kind: 'unclear', said: code ? `the connection failed (${code})` : said, sent };
}

function saidBy(error: unknown): string {
  if (error instanceof ZodError) return 'Linear’s answer could not be understood';
  const status = error instanceof LinearError ? error.status : undefined;
  const words = error instanceof LinearError ? error.errors?.[0]?.message : undefined;
  if (status !== undefined && words === undefined) return `it answered ${status}`;
  return (words ?? (error instanceof Error ? error.message : String(error)))
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 300)
    .toWellFormed();
}

/** How an attempt to change something ended that threw. */
export function effectOf(error: unknown): Effect<null> {
  // What had to be looked up before it could not be: nothing was sent.
  if (error instanceof OutsideError) return unsent(error);
  const failure = failureOf(error);
  switch (failure.kind) {
    case 'busy':
      return { outcome: 'busy', retryAfterMs: failure.retryAfterMs };
    case 'refused':
      return { outcome: 'refused', problem: failure.problem };
    case 'unclear':
      return { outcome: failure.sent ? 'unclear' : 'unsent', cause: failure.said };
  }
}

function unsent({ kind, problem: why, message, retryAfterMs }: OutsideError): Effect<null> {
  if (kind === 'refused') return { outcome: 'refused', problem: why };
  if (kind === 'busy') return { outcome: 'busy', retryAfterMs: retryAfterMs ?? usualRestMs };
  return { outcome: 'unsent', cause: message };
}

/** What a failed read is for whoever asked. */
export function outsideError(error: unknown): OutsideError {
  if (error instanceof OutsideError) return error;
  const failure = failureOf(error);
  switch (failure.kind) {
    case 'busy':
      return new OutsideError('busy', problem('linear-unread', { said: 'It asks for fewer requests.' }), {
        cause: error,
        retryAfterMs: failure.retryAfterMs,
      });
    case 'refused':
      return new OutsideError('refused', failure.problem, { cause: error });
    case 'unclear':
      return new OutsideError('unreachable', problem('linear-unread', { said: failure.said }), {
        cause: error,
      });
  }
}
