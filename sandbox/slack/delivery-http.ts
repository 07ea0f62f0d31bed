import { createHmac } from 'node:crypto';
import { isObject, parseJson } from '../shared/json.ts';
import { type Acknowledgement, ackLimitMs, type Delivery, type Retry, type Transport } from './delivery.ts';

/** Slack's request signature: `v0=` and the hex HMAC-SHA256 over `v0:timestamp:body`. */
export function signature(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

/** Signed HTTP delivery to the app's request URL. */
export class HttpTransport implements Transport {
  readonly connected = true;
  private readonly requestUrl: string;
  private readonly secret: string;

  constructor(requestUrl: string, secret: string) {
    this.requestUrl = requestUrl;
    this.secret = secret;
  }

  async send(delivery: Delivery, retry: Retry | null): Promise<Acknowledgement> {
    const isEvent = delivery.kind === 'event';
    return this.post(
      isEvent ? JSON.stringify(delivery.payload) : form(delivery),
      isEvent ? 'application/json' : 'application/x-www-form-urlencoded',
      retry,
    );
  }

  /** Whether the app answers Slack's url_verification challenge as it must. */
  async verifyUrl(token: string): Promise<boolean> {
    const challenge = crypto.randomUUID();
    const body = JSON.stringify({ token, challenge, type: 'url_verification' });
    const answer = await this.post(body, 'application/json', null);
    return (
      answer.payload === challenge || (isObject(answer.payload) && answer.payload['challenge'] === challenge)
    );
  }

  private async post(body: string, contentType: string, retry: Retry | null): Promise<Acknowledgement> {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const headers = {
      'content-type': contentType,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signature(this.secret, timestamp, body),
      ...(retry && { 'x-slack-retry-num': String(retry.number), 'x-slack-retry-reason': retry.reason }),
    };
    try {
      const signal = AbortSignal.timeout(ackLimitMs);
      const response = await fetch(this.requestUrl, {
        method: 'POST',
        headers,
        body,
        signal,
        redirect: 'error',
      });
      const text = await response.text();
      if (!response.ok) return { acknowledged: false, payload: text, error: 'dispatch_failed' };
      return {
        acknowledged: true,
        payload: text === '' ? undefined : (parseJson(text) ?? text),
        error: null,
      };
    } catch (error) {
      const late = error instanceof Error && error.name === 'TimeoutError';
      return {
        acknowledged: false,
        payload: undefined,
        error: late ? 'operation_timeout' : 'dispatch_failed',
      };
    }
  }
}

function form(delivery: Delivery): string {
  const fields =
    delivery.kind === 'command'
      ? Object.entries(delivery.payload).map(([name, value]) => [name, String(value)])
      : [['payload', JSON.stringify(delivery.payload)]];
  return new URLSearchParams(fields as [string, string][]).toString();
}
