import type { IncomingHttpHeaders } from 'node:http';
import type { Account, Accounts } from './accounts.ts';
import { ApiError } from './api-error.ts';

/** What a request was signed for. */
export interface Credential {
  accessKeyId: string;
  region: string;
  /** Name of the service in the scope: `ecs`, `logs` or `sts`. */
  service: string;
}

const fiveMinutes = 300_000;
const parts = ['Credential', 'Signature', 'SignedHeaders'];

/** Who calls. */
export interface Caller extends Credential {
  account: Account;
  /** `ROLE/SESSION`: the end of the caller's ARN. */
  session: string;
}

/** The credential scope as far as it can be read, for the log and for faults: null when there is none. */
export function scopeOf(headers: IncomingHttpHeaders): Credential | null {
  const found = /Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/.exec(
    headers.authorization ?? '',
  );
  const [, accessKeyId, region, service] = found ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return null;
  return { accessKeyId, region, service };
}

/**
 * Reads a Signature Version 4 header. The signature itself is not computed again; everything that it is said to
 * be made of is looked at. Throws what AWS answers to a request that is not signed, or signed for something else.
 * `now` is real time, whatever the simulated clock says.
 */
export function authenticate(
  headers: IncomingHttpHeaders,
  accounts: Accounts,
  service: string,
  now: number,
): Caller {
  const given = headers.authorization;
  if (given === undefined || given === '')
    throw new ApiError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  const missing = parts.filter((part) => !given.includes(`${part}=`));
  if (!given.startsWith('AWS4-HMAC-SHA256 ') || missing.length > 0) {
    const wants = missing.map((part) => `Authorization header requires '${part}' parameter.`);
    throw new ApiError(
      'IncompleteSignatureException',
      `${wants.join(' ')} Authorization=${given.slice(0, 40)}`,
    );
  }
  const scope = scopeOf(headers);
  if (!scope || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(scope.region))
    throw wrongSignature('Credential should be scoped to a valid region.');
  if (scope.service !== service)
    throw wrongSignature(`Credential should be scoped to correct service: '${service}'.`);
  if (!/Signature=[0-9a-f]{64}(,|$)/.test(given))
    throw wrongSignature(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  checkDate(headers['x-amz-date'], given, now);
  return { ...scope, ...knownKey(headers, scope, accounts, now) };
}

/** The account behind a key. Throws for one that is not known, has another token or has expired. */
function knownKey(headers: IncomingHttpHeaders, scope: Credential, accounts: Accounts, now: number) {
  const key = accounts.key(scope.accessKeyId);
  const token = headers['x-amz-security-token'] ?? null;
  if (!key || token !== key.token)
    throw new ApiError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  if (key.expiresAt !== null && key.expiresAt <= now)
    throw new ApiError('ExpiredTokenException', 'The security token included in the request is expired');
  return { account: key.account, session: key.session };
}

function checkDate(date: string | string[] | undefined, given: string, now: number): void {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(date ?? ''));
  if (!found)
    throw new ApiError(
      'IncompleteSignatureException',
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    );
  const [, year, month, day, hour, minute, second] = found;
  if (!given.includes(`/${year}${month}${day}/`))
    throw wrongSignature(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.',
    );
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (at < now - fiveMinutes) throw wrongSignature(`Signature expired: ${date} is too old (5 min.)`);
  if (at > now + fiveMinutes) throw wrongSignature(`Signature not yet current: ${date} is ahead (5 min.)`);
}

const wrongSignature = (message: string) => new ApiError('InvalidSignatureException', message);
