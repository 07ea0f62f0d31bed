import { expect, test } from 'vitest';
import { ada, plain, releases, section, stage } from './stage.ts';

/** Calls until Slack says 429; gives how many went through. */
async function countUntilLimited(call: () => Promise<unknown>): Promise<number> {
  for (let count = 0; count < 200; count += 1) {
    const error = await call().then(
      () => undefined,
      (cause: unknown) => cause,
    );
    if (error === undefined) continue;
    expect(error).toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: expect.any(Number) });
    return count;
  }
  throw new Error('never limited');
}

test.each<[string, number, Record<string, unknown>]>([
  ['chat.postMessage', 3, { channel: releases, text: 'x' }],
  ['chat.update', 50, { channel: releases, text: 'x' }],
  ['chat.postEphemeral', 100, { channel: releases, user: ada, text: 'x' }],
  ['views.publish', 100, { user_id: ada, view: { type: 'home', blocks: [section('x')] } }],
  ['conversations.history', 50, { channel: releases }],
  ['usergroups.list', 20, {}],
])('%s goes through %i times, then 429 with Retry-After', async (method, limit, args) => {
  const { client } = await stage();
  const { ts } = await client.chat.postMessage({ channel: releases, text: 'first' });
  const own = method === 'chat.update' ? { ts } : {};
  const used = method === 'chat.postMessage' ? 1 : 0;
  expect(await countUntilLimited(() => client.apiCall(method, { ...args, ...own }))).toBe(limit - used);
});

test('one busy channel does not hold up another', async () => {
  const { client, control } = await stage();
  await control.changeWorld({ channels: [{ id: 'C02GENERAL', botIsMember: true }] });
  await countUntilLimited(() => client.chat.postMessage({ channel: releases, text: 'x' }));
  expect(
    await client.chat.postMessage({
      channel: 'C02GENERAL',
      text: 'x',
      blocks: [{ type: 'header', text: plain('x') }],
    }),
  ).toMatchObject({ ok: true });
});
