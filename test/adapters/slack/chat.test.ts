import { describe, expect, test } from 'vitest';
import type { FaultRequest } from '../../../sandbox/slack/person.ts';
import { PayloadRefused, SlackChat } from '../../../src/adapters/slack/chat.ts';
import { createWebClient } from '../../../src/adapters/slack/web-client.ts';
import type { Chat } from '../../../src/core/ports.ts';
import { ada, releases, stage } from '../../sandbox/slack/stage.ts';
import { keptLog } from '../../support/log.ts';
import { nobody } from '../gitlab/stub.ts';

const never = new AbortController().signal;
const body = (text = 'Running: Cut-off') => ({
  text,
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }],
});

function chatAt(apiUrl: string, botToken = 'xoxb-never-to-be-seen'): Chat {
  return new SlackChat(createWebClient({ botToken, apiUrl }, keptLog()), keptLog());
}

async function slack() {
  const it = await stage({ timeScale: 100 });
  const chat = chatAt(it.slack.apiUrl, it.slack.botToken);
  const post = (key = 'k', text?: string) =>
    chat.post({ ...body(text), channel: releases, mark: { key } }, never);
  const posted = async (key?: string) => {
    const effect = await post(key);
    if (effect.outcome !== 'done') throw new Error(`not posted: ${effect.outcome}`);
    return effect.value.ts;
  };
  const shown = async () =>
    (await it.control.screen(ada)).channels.find(({ id }) => id === releases)?.messages ?? [];
  return { ...it, chat, post, posted, shown };
}

const faults: [FaultRequest, string, boolean][] = [
  [{ kind: 'http500' }, 'unclear', false],
  [{ kind: 'http502' }, 'unclear', false],
  [{ kind: 'outage' }, 'unclear', false],
  [{ kind: 'reset' }, 'unclear', false],
  [{ kind: 'ratelimited', retryAfter: 7 }, 'busy', false],
  [{ kind: 'acceptThenReset' }, 'unclear', true],
  [{ kind: 'acceptThen502' }, 'unclear', true],
  [{ kind: 'acceptThenTimeout', delayMs: 10 }, 'unclear', true],
  [{ kind: 'slow', delayMs: 10 }, 'done', true],
];

describe('a post', () => {
  test('is answered with the message’s id', async () => {
    const { posted, shown } = await slack();
    const ts = await posted();
    expect(await shown()).toMatchObject([{ ts, text: 'Running: Cut-off' }]);
  });

  test.each(faults)('under %j is sent once and is %s', async (fault, outcome, there) => {
    const { control, post, shown } = await slack();
    await control.addFault({ ...fault, times: 1 });
    expect(await post()).toMatchObject({ outcome });
    expect(await shown()).toHaveLength(there ? 1 : 0);
    expect((await control.requests('chat.postMessage')).length).toBe(1);
  });

  test('is busy for as long as Slack says', async () => {
    const { control, post } = await slack();
    await control.addFault({ kind: 'ratelimited', retryAfter: 7, times: 1 });
    expect(await post()).toEqual({ outcome: 'busy', retryAfterMs: 7_000 });
  });

  test.each([
    ['C02GENERAL', 'not_in_channel'],
    ['C0NOWHERE', 'channel_not_found'],
  ])('in %s is refused: %s', async (channel, said) => {
    const { chat } = await slack();
    const effect = await chat.post({ ...body(), channel, mark: { key: 'k' } }, never);
    expect(effect).toMatchObject({
      outcome: 'refused',
      problem: { code: 'slack-refused', why: expect.stringContaining(said) },
    });
  });

  test('with a revoked token is refused, and the token is not told', async () => {
    const { slack: running } = await slack();
    const effect = await chatAt(running.apiUrl).post(
      { ...body(), channel: releases, mark: { key: 'k' } },
      never,
    );
    expect(effect).toMatchObject({
      outcome: 'refused',
      problem: { why: expect.stringContaining('invalid_auth') },
    });
    expect(JSON.stringify(effect)).not.toContain('never-to-be-seen');
  });

  test('is unsent where nobody listens', async () => {
    const chat = chatAt(`${await nobody()}/api/`);
    const effect = await chat.post({ ...body(), channel: releases, mark: { key: 'k' } }, never);
    expect(effect).toEqual({ outcome: 'unsent', cause: 'no answer from Slack (ECONNREFUSED)' });
  });

  test('that Slack would refuse never leaves', async () => {
    const { control, post } = await slack();
    await expect(post('k', 'x'.repeat(3_001))).rejects.toThrow(PayloadRefused);
    expect(await control.requests('chat.postMessage')).toEqual([]);
  });
});

describe('an update', () => {
  test('changes the message in place', async () => {
    const { chat, posted, shown } = await slack();
    const ts = await posted();
    const update = { ...body('Passed: Cut-off'), channel: releases, ts, mark: { key: 'k' } };
    expect(await chat.update(update, never)).toEqual({ outcome: 'done', value: null });
    expect(await shown()).toMatchObject([{ ts, text: 'Passed: Cut-off' }]);
  });

  test.each(faults)('under %j is sent once and is %s', async (fault, outcome, there) => {
    const { chat, control, posted, shown } = await slack();
    const ts = await posted();
    await control.addFault({ ...fault, times: 1 });
    const update = { ...body('new'), channel: releases, ts, mark: { key: 'k' } };
    expect(await chat.update(update, never)).toMatchObject({ outcome });
    expect((await shown())[0]?.text).toBe(there ? 'new' : 'Running: Cut-off');
    expect((await control.requests('chat.update')).length).toBe(1);
  });

  test('of a message that is gone is refused', async () => {
    const { chat } = await slack();
    const update = { ...body(), channel: releases, ts: '1.000001', mark: { key: 'k' } };
    expect(await chat.update(update, never)).toMatchObject({ outcome: 'refused' });
  });
});

describe('a message of ours', () => {
  const hourAgo = () => new Date(Date.now() - 3_600_000);

  test('is found by its mark, and nothing else is', async () => {
    const { chat, control, posted } = await slack();
    const [first, second] = [await posted('a'), await posted('b')];
    await control.say({ user: ada, channel: releases, text: 'a' });
    const find = (key: string, since = hourAgo()) => chat.find({ channel: releases }, { key }, since, never);
    expect(await find('a')).toEqual({ ts: first });
    expect(await find('b')).toEqual({ ts: second });
    expect(await find('c')).toBeNull();
    expect(await find('a', new Date(Date.now() + 3_600_000))).toBeNull();
  });

  test('is found in its thread only', async () => {
    const { chat, posted } = await slack();
    const parent = await posted('parent');
    const reply = await chat.post(
      { ...body(), channel: releases, threadTs: parent, mark: { key: 'reply' } },
      never,
    );
    if (reply.outcome !== 'done') throw new Error('not posted');
    const inThread = { channel: releases, threadTs: parent };
    expect(await chat.find(inThread, { key: 'reply' }, hourAgo(), never)).toEqual({ ts: reply.value.ts });
    expect(await chat.find({ channel: releases }, { key: 'reply' }, hourAgo(), never)).toBeNull();
  });

  test('is found behind more messages than one page holds', async () => {
    const { chat, control, posted } = await slack();
    const ts = await posted('old');
    for (let index = 0; index < 120; index += 1)
      await control.say({ user: ada, channel: releases, text: `${index}` });
    expect(await chat.find({ channel: releases }, { key: 'old' }, hourAgo(), never)).toEqual({ ts });
  });

  test.each(faults.filter(([, outcome]) => outcome === 'unclear' || outcome === 'busy'))(
    'is not said to be missing under %j',
    async (fault) => {
      const { chat, control, posted } = await slack();
      await posted('a');
      await control.addFault({ ...fault, times: 1 });
      await expect(chat.find({ channel: releases }, { key: 'a' }, hourAgo(), never)).rejects.toThrow();
    },
  );

  test('is looked for until told to stop', async () => {
    const { chat } = await slack();
    const stopped = AbortSignal.abort(new Error('stop'));
    await expect(chat.find({ channel: releases }, { key: 'a' }, hourAgo(), stopped)).rejects.toThrow('stop');
  });
});
