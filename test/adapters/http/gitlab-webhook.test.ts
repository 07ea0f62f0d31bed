import { createHmac } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { gitlabWebhook, type WebhookSecrets } from '../../../src/adapters/http/gitlab-webhook.ts';
import { startHttp } from '../../../src/adapters/http/server.ts';
import type { WorkOrder } from '../../../src/core/ports.ts';
import { keptLog } from '../../support/log.ts';

const key = Buffer.from('the signing key of a test, long enough');
const signingToken = `whsec_${key.toString('base64')}`;
const signed: WebhookSecrets = { secret: null, signingToken };
const plain: WebhookSecrets = { secret: 'the-token', signingToken: null };
const both: WebhookSecrets = { secret: 'the-token', signingToken };
const none: WebhookSecrets = { secret: null, signingToken: null };
const payload = JSON.stringify({ object_kind: 'pipeline', object_attributes: { id: 7 } });

async function hook(secrets: WebhookSecrets, order?: () => Promise<void>) {
  const orders: WorkOrder[] = [];
  const desk = {
    order: async (given: WorkOrder[]) => {
      await order?.();
      orders.push(...given);
    },
  };
  const http = await startHttp(
    [gitlabWebhook(secrets, desk)],
    null,
    { host: '127.0.0.1', port: 0 },
    keptLog(),
  );
  onTestFinished(http.close);
  const send = async (headers: Record<string, string>, body: string | Buffer = payload) =>
    (
      await fetch(`${http.url}/webhooks/gitlab`, {
        method: 'POST',
        headers,
        body: new Uint8Array(Buffer.from(body)),
      })
    ).status;
  return { send, orders };
}

/** Headers of the Standard Webhooks specification, made here by its own words and not by the package under test. */
function signature(
  body = payload,
  { id = 'msg_1', at = Date.now(), by = key }: { id?: string; at?: number; by?: Buffer } = {},
) {
  const timestamp = String(Math.floor(at / 1_000));
  const mac = createHmac('sha256', by).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
}
const minutes = (count: number) => Date.now() + count * 60_000;

describe('a webhook', () => {
  test.each<[string, WebhookSecrets, Record<string, string>, number]>([
    ['with a good signature', signed, signature(), 200],
    [
      'with one good signature of two',
      signed,
      { ...signature(), 'webhook-signature': `v1,AAAA ${signature()['webhook-signature']}` },
      200,
    ],
    ['signed four minutes ago', signed, signature(payload, { at: minutes(-4) }), 200],
    ['signed six minutes ago', signed, signature(payload, { at: minutes(-6) }), 401],
    ['signed six minutes ahead', signed, signature(payload, { at: minutes(6) }), 401],
    ['signed with another key', signed, signature(payload, { by: Buffer.from('another') }), 401],
    ['signed for another body', signed, signature('{}'), 401],
    ['signed for another id', signed, { ...signature(), 'webhook-id': 'msg_2' }, 401],
    [
      'with its time moved',
      signed,
      { ...signature(), 'webhook-timestamp': String(Math.floor(minutes(1) / 1_000)) },
      401,
    ],
    [
      'with a signature of another version',
      signed,
      { ...signature(), 'webhook-signature': signature()['webhook-signature'].replace('v1', 'v2') },
      401,
    ],
    ['with an empty signature', signed, { ...signature(), 'webhook-signature': '' }, 401],
    ['with a time that is none', signed, { ...signature(), 'webhook-timestamp': 'now' }, 401],
    ['without a signature where one is due', signed, {}, 401],
    ['with only a token where a signature is due', both, { 'x-gitlab-token': 'the-token' }, 401],
    ['with a good signature and a wrong token', both, { ...signature(), 'x-gitlab-token': 'wrong' }, 200],
    [
      'with a wrong signature and a good token',
      both,
      { ...signature('{}'), 'x-gitlab-token': 'the-token' },
      401,
    ],
    ['with a good token', plain, { 'x-gitlab-token': 'the-token' }, 200],
    ['with a wrong token', plain, { 'x-gitlab-token': 'the-tokem' }, 401],
    ['with the beginning of the token', plain, { 'x-gitlab-token': 'the' }, 401],
    ['with an empty token', plain, { 'x-gitlab-token': '' }, 401],
    ['without a token', plain, {}, 401],
    [
      'with a good token and a signature that nobody can check',
      plain,
      { ...signature(), 'x-gitlab-token': 'the-token' },
      401,
    ],
    ['where nothing is configured', none, { 'x-gitlab-token': '' }, 401],
    ['signed where nothing is configured', none, signature(), 401],
  ])('%s', async (_, secrets, headers, status) => {
    const { send, orders } = await hook(secrets);
    expect(await send(headers)).toBe(status);
    expect(orders).toHaveLength(status === 200 ? 1 : 0);
  });

  test('is written down as it came, once', async () => {
    const { send, orders } = await hook(plain);
    await send({ 'x-gitlab-token': 'the-token', 'idempotency-key': 'abc' });
    expect(orders).toEqual([{ kind: 'webhook', key: 'key-abc', payload: JSON.parse(payload), once: true }]);
  });

  test.each<[string, Record<string, string>, Record<string, string>, boolean]>([
    ['the same idempotency key', { 'idempotency-key': 'a' }, { 'idempotency-key': 'a' }, true],
    ['another idempotency key', { 'idempotency-key': 'a' }, { 'idempotency-key': 'b' }, false],
    ['no key and the same bytes', {}, {}, true],
    ['an empty key and the same bytes', { 'idempotency-key': '' }, {}, true],
    [
      'a UUID that GitLab shares among hooks',
      { 'x-gitlab-event-uuid': 'u' },
      { 'x-gitlab-event-uuid': 'v' },
      true,
    ],
  ])('that comes again with %s', async (_, first, second, same) => {
    const { send, orders } = await hook(plain);
    for (const headers of [first, second]) await send({ 'x-gitlab-token': 'the-token', ...headers });
    expect(orders[0]?.key === orders[1]?.key).toBe(same);
  });

  test('of other bytes without a key is another', async () => {
    const { send, orders } = await hook(plain);
    for (const body of [payload, `${payload} `]) await send({ 'x-gitlab-token': 'the-token' }, body);
    expect(orders[0]?.key).not.toBe(orders[1]?.key);
  });

  test.each(['', 'no JSON', '{"half":', '\u0000'])('that says %j is genuine, and ignored', async (body) => {
    const { send, orders } = await hook(signed);
    expect(await send(signature(body), body)).toBe(200);
    expect(orders).toEqual([]);
  });

  test('over the limit is refused with an answer, and the next is taken', async () => {
    const { send, orders } = await hook(plain);
    const limit = 5 * 1024 * 1024;
    expect(await send({ 'x-gitlab-token': 'the-token' }, Buffer.alloc(limit + 1, ' '))).toBe(413);
    expect(await send({ 'x-gitlab-token': 'the-token' }, Buffer.alloc(4 * limit, ' '))).toBe(413);
    expect(await send({ 'x-gitlab-token': 'the-token' }, Buffer.alloc(limit, ' '))).toBe(200);
    expect(await send({ 'x-gitlab-token': 'the-token' })).toBe(200);
    expect(orders).toHaveLength(1);
  });

  test('that cannot be written down is asked for again', async () => {
    const { send } = await hook(plain, () => Promise.reject(new Error('the database is away')));
    expect(await send({ 'x-gitlab-token': 'the-token' })).toBe(503);
  });
});
