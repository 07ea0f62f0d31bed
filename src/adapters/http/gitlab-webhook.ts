import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import type { WorkDesk } from '../../core/ports.ts';
import type { Route } from './server.ts';

export interface WebhookSecrets {
  /** Compared with X-Gitlab-Token. */
  secret: string | null;
  /** `whsec_…`: verifies the Standard Webhooks signature (GitLab 19.0). */
  signingToken: string | null;
}

/**
 * Takes GitLab's webhooks: verifies, writes each down as work, answers at once and reads it afterwards. GitLab
 * disables a hook that answers slowly or with errors, so an ignored event is answered with 200 too.
 */
export function gitlabWebhook(secrets: WebhookSecrets, desk: WorkDesk): Route {
  return {
    method: 'POST',
    path: '/webhooks/gitlab',
    async handle({ headers, body }) {
      if (!isGenuine(secrets, headers, body))
        return { status: 401, body: { error: 'signature or token is wrong' } };
      const payload = parse(body);
      if (payload === null) return { status: 200, body: { ignored: 'not JSON' } };
      await desk.order([{ kind: 'webhook', key: deliveryKey(headers, body), payload, once: true }]);
      return { status: 200, body: { accepted: true } };
    },
  };
}

/** The plain token counts only where no signing is configured and no signature came with the request. */
function isGenuine(secrets: WebhookSecrets, headers: IncomingHttpHeaders, body: Buffer): boolean {
  if (secrets.signingToken) return isSigned(secrets.signingToken, headers, body);
  if (headers['webhook-signature'] !== undefined || !secrets.secret) return false;
  const given = headers['x-gitlab-token'];
  return typeof given === 'string' && isSame(given, secrets.secret);
}

function isSigned(token: string, headers: IncomingHttpHeaders, body: Buffer): boolean {
  const signed = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
    name,
    String(headers[name] ?? ''),
  ]);
  try {
    new Webhook(token).verify(body.toString('utf8'), Object.fromEntries(signed));
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    // The package parses the body after verifying it: a signed body that is no JSON is genuine all the same.
    if (error instanceof SyntaxError) return true;
    throw error;
  }
}

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digestOf(Buffer.from(a)), digestOf(Buffer.from(b)));
}

function digestOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** `Idempotency-Key` is stable over redeliveries (17.4); before, only the same bytes are the same delivery. */
function deliveryKey(headers: IncomingHttpHeaders, body: Buffer): string {
  const key = headers['idempotency-key'];
  return typeof key === 'string' && key !== ''
    ? `key-${key.slice(0, 200)}`
    : `body-${digestOf(body).toString('hex')}`;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
