import type { Accounts, TemporaryKey } from '../accounts.ts';
import { ApiError } from '../api-error.ts';
import { hex } from '../draw.ts';

/** What the role's own limit is unless somebody raised it: an hour. */
const mostSeconds = 3600;

const members = ['Action', 'Version', 'RoleArn', 'RoleSessionName', 'DurationSeconds', 'ExternalId'];

/**
 * `sts:AssumeRole` by the Query protocol: gives a temporary key for the account of a role that was registered. Throws
 * ValidationError for a value out of bounds, AccessDenied for a role that is not known or a wrong external id. `now`
 * is real time: the SDK compares the end of a key with its own clock.
 *
 * @param caller ARN of who asks
 */
export function assumeRole(
  form: URLSearchParams,
  accounts: Accounts,
  caller: string,
  now: number,
): { key: TemporaryKey; roleArn: string; session: string } {
  const unknown = [...form.keys()].find((name) => !members.includes(name));
  if (unknown !== undefined) throw invalid(`Unknown member: ${unknown}`);
  const arn = form.get('RoleArn') ?? '';
  const session = form.get('RoleSessionName') ?? '';
  const seconds = Number(form.get('DurationSeconds') ?? mostSeconds);
  if (!/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]{1,128}$/.test(arn)) throw invalid(`${arn} is invalid`);
  if (!/^[\w+=,.@-]{2,64}$/.test(session))
    throw invalid(
      `1 validation error detected: Value '${session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  if (!Number.isInteger(seconds) || seconds < 900)
    throw invalid(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900`,
    );
  if (seconds > mostSeconds)
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  const role = accounts.role(arn);
  if (!role || (role.externalId !== null && role.externalId !== form.get('ExternalId')))
    throw new ApiError(
      'AccessDenied',
      `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
      403,
    );
  return { key: accounts.give(role, session, seconds, now), roleArn: arn, session };
}

const invalid = (message: string) => new ApiError('ValidationError', message);

const namespace = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"';

/** The answer as XML. */
export function assumedRoleXml({ key, roleArn, session }: ReturnType<typeof assumeRole>): string {
  const [, name = ''] = roleArn.split(':role/');
  const account = roleArn.split(':')[4] ?? '';
  return `<AssumeRoleResponse ${namespace}><AssumeRoleResult>${element('AssumedRoleUser', {
    AssumedRoleId: `AROA${hex(roleArn).slice(0, 16).toUpperCase()}:${session}`,
    Arn: `arn:aws:sts::${account}:assumed-role/${name}/${session}`,
  })}${element('Credentials', {
    AccessKeyId: key.accessKeyId,
    SecretAccessKey: key.secretAccessKey,
    SessionToken: key.token,
    Expiration: new Date(key.expiresAt).toISOString(),
  })}</AssumeRoleResult>${element('ResponseMetadata', { RequestId: crypto.randomUUID() })}</AssumeRoleResponse>`;
}

/** A refusal of STS as XML. */
export function errorXml({ status, code, message }: Pick<ApiError, 'status' | 'code' | 'message'>): string {
  const error = element('Error', {
    Type: status < 500 ? 'Sender' : 'Receiver',
    Code: code,
    Message: message,
  });
  return `<ErrorResponse ${namespace}>${error}<RequestId>${crypto.randomUUID()}</RequestId></ErrorResponse>`;
}

function element(name: string, children: Record<string, string>): string {
  const inner = Object.entries(children).map(([child, text]) => `<${child}>${escaped(text)}</${child}>`);
  return `<${name}>${inner.join('')}</${name}>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
