import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock, Logger } from '../../core/ports.ts';
import { type Problem, problem } from '../../core/problem.ts';
import type { Answer, Route } from './server.ts';

/** Wrong tokens are logged at most so often, with how many there were, in ms. */
const logEveryMs = 60_000;

/** A problem for whoever asked over HTTP. */
export function refusal(status: number, { code, what, why, todo }: Problem): Answer {
  return { status, body: { error: { code, what, why, todo } } };
}

/**
 * Lets through who sends `Authorization: Bearer <token>`; everybody else is answered 401 before anything is read.
 * Without a token of ours nobody is let through: 404, with what to set.
 */
export function guarded(
  routes: readonly Route[],
  token: string | null,
  { now, log }: { now: Clock; log: Logger },
): Route[] {
  const wrong = countedWarning(now, log);
  return routes.map((route) => ({
    ...route,
    async handle(asked) {
      if (token === null) return refusal(404, problem('api-off'));
      if (isBearer(asked.headers.authorization, token)) return route.handle(asked);
      wrong(route.path);
      const challenge = { 'www-authenticate': 'Bearer realm="gonogo"' };
      return { ...refusal(401, problem('api-token-wrong')), headers: challenge };
    },
  }));
}

/** Digests have the same length whatever was sent, so the comparison takes the same time. */
function isBearer(header: string | undefined, token: string): boolean {
  const [, given = ''] = /^Bearer +(\S+)$/i.exec(header ?? '') ?? [];
  return timingSafeEqual(digestOf(given), digestOf(token));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The first one is logged at once; a flood of them is one line a minute. */
function countedWarning(now: Clock, log: Logger): (path: string) => void {
  let nextAt = 0;
  let count = 0;
  return (path) => {
    count += 1;
    if (now().getTime() < nextAt) return;
    log.warn({ path, count }, 'Requests with a wrong GONOGO_API_TOKEN were refused');
    nextAt = now().getTime() + logEveryMs;
    count = 0;
  };
}
