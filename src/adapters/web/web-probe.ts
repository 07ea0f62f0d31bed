import type { PageLoad, WebProbe } from '../../core/sources.ts';
import { bodyOf } from './body.ts';
import { type Hop, hop, NoAnswer } from './hop.ts';

type Limits = Parameters<WebProbe['load']>[1];
type Outcome =
  | Omit<Extract<PageLoad, { loaded: true }>, 'redirects' | 'tookMs' | 'at'>
  | Omit<Extract<PageLoad, { loaded: false }>, 'redirects' | 'tookMs' | 'at'>;

const mostRedirects = 10;
const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status);

/**
 * Loads an address as a visitor without a history would: no cookies, no cache, a connection of its own for each
 * hop. Credentials in the address are sent to its own origin alone and shown nowhere. What the site does is
 * answered; only `signal` makes it throw.
 */
export class HttpWebProbe implements WebProbe {
  async load(address: string, limits: Limits, signal: AbortSignal): Promise<PageLoad> {
    const at = new Date().toISOString();
    const began = performance.now();
    const redirects: PageLoad['redirects'] = [];
    const timeLimit = AbortSignal.timeout(limits.timeLimitMs);
    const outcome = await follow(address, redirects, limits, AbortSignal.any([signal, timeLimit])).catch(
      (error: unknown): Outcome => {
        signal.throwIfAborted();
        if (timeLimit.aborted)
          return { loaded: false, why: 'timeout', said: `no answer within ${limits.timeLimitMs / 1_000} s` };
        if (error instanceof NoAnswer) return { loaded: false, why: error.why, said: error.message };
        throw error;
      },
    );
    return { redirects, tookMs: Math.round(performance.now() - began), at, ...outcome };
  }
}

async function follow(
  address: string,
  redirects: PageLoad['redirects'],
  limits: Limits,
  signal: AbortSignal,
): Promise<Outcome> {
  const first = webAddress(address);
  const authorization = authorizationOf(first);
  let url = withoutCredentials(first);
  for (;;) {
    const answer = await hop(url, url.origin === first.origin ? authorization : null, signal);
    const { statusCode: status = 0, headers } = answer.response;
    if (!isRedirect(status) || headers.location === undefined)
      return await page(url, status, answer, limits.maxBytes, signal);
    answer.response.destroy();
    const next = withoutCredentials(webAddress(headers.location, url));
    redirects.push({ status, from: url.href, to: next.href });
    if (redirects.length > mostRedirects)
      return { loaded: false, why: 'too-many-redirects', said: `more than ${mostRedirects} redirects` };
    url = next;
  }
}

async function page(
  url: URL,
  status: number,
  { response, certificateUntil }: Hop,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    response.destroy();
    return { loaded: false, why: 'unreachable', said: `the answer is packed (${encoding}), unasked` };
  }
  const body = await bodyOf(response, maxBytes).catch((error: unknown) => {
    if (signal.aborted) throw signal.reason;
    throw new NoAnswer('unreachable', 'the connection failed half-way through the answer', error);
  });
  return { loaded: true, status, url: url.href, body, certificateUntil };
}

/** An address that can be loaded; {@link NoAnswer} for one that leads elsewhere, such as `mailto:`. */
function webAddress(address: string, base?: URL): URL {
  const url = URL.parse(address, base?.href);
  if (url && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new NoAnswer('unreachable', 'the address is none of a web page', null);
}

function authorizationOf({ username, password }: URL): string | null {
  if (username === '' && password === '') return null;
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(plain).toString('base64')}`;
}

function withoutCredentials(url: URL): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare;
}
