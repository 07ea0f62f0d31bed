import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import type { Effect } from '../../core/effect.ts';
import { problem } from '../../core/problem.ts';
import { connectionError } from '../connection-error.ts';

/** Slack's own errors that mean "not now", with nothing done. */
const passing = new Set(['ratelimited', 'rate_limited', 'service_unavailable', 'team_added_to_org']);
/** Slack's own errors that leave open whether it was done. */
const unclear = new Set(['internal_error', 'fatal_error', 'request_timeout']);
const passingMs = 5_000;

/** What a failed call that writes means: whether it may have happened all the same. */
export function effectOf(error: unknown): Exclude<Effect<never>, { outcome: 'done' }> {
  if (error instanceof WebAPIRateLimitedError)
    return { outcome: 'busy', retryAfterMs: error.retryAfter * 1_000 };
  if (error instanceof WebAPIPlatformError) return platformEffect(error);
  if (error instanceof WebAPIHTTPError) {
    if (error.statusCode === 429) return { outcome: 'busy', retryAfterMs: passingMs };
    return { outcome: 'unclear', cause: `Slack answered ${error.statusCode}` };
  }
  if (error instanceof WebAPIRequestError) {
    const { code, sent } = connectionError(error.original);
    const outcome = sent ? 'unclear' : 'unsent';
    return { outcome, cause: `no answer from Slack${code ? ` (${code})` : ''}` };
  }
  throw error;
}

function platformEffect({ data }: WebAPIPlatformError): Exclude<Effect<never>, { outcome: 'done' }> {
  if (passing.has(data.error)) return { outcome: 'busy', retryAfterMs: passingMs };
  if (unclear.has(data.error)) return { outcome: 'unclear', cause: data.error };
  const details = data.response_metadata?.messages?.join('; ') ?? '';
  return { outcome: 'refused', problem: problem('slack-refused', { said: data.error, details }) };
}
