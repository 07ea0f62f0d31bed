import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { signature } from '../../../sandbox/slack/delivery-http.ts';
import { ada, clientFor, httpApp, plain, releases, type Stage, section, socketApp, stage } from './stage.ts';

interface Received {
  path: string;
  headers: Record<string, unknown>;
  body: string;
}

/** A bare request URL that records what Slack sends and answers as told. */
async function requestUrl(answer: (received: Received) => { status: number; body?: string } | null) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const one = { path: request.url ?? '', headers: request.headers, body };
    received.push(one);
    const reply = answer(one);
    // Null: never answer, as an app does that hangs.
    if (reply) response.writeHead(reply.status).end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack`, received };
}

const command = { user: ada, channel: releases, command: '/release' };
const slackbotSays = async ({ control }: Stage) =>
  (await control.screen(ada)).channels[0]?.messages
    .filter((message) => message.user === 'USLACKBOT')
    .map((message) => message.text);

describe('signed HTTP', () => {
  test('sends a command as a form with Slack’s fields and a signature over the raw body', async () => {
    const { url, received } = await requestUrl(() => ({ status: 200 }));
    const { slack, control } = await stage({ requestUrl: url });
    await control.command({ ...command, text: 'cutoff @grace & #releases @qa <!channel> @nobody' });
    const { headers, body } = received[0] ?? { headers: {} as Received['headers'], body: '' };
    const timestamp = String(headers['x-slack-request-timestamp']);
    expect(headers['x-slack-signature']).toBe(signature(slack.signingSecret, timestamp, body));
    expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(60);
    expect(Object.fromEntries(new URLSearchParams(body))).toMatchObject({
      command: '/release',
      text: 'cutoff <@U02GRACE|grace> &amp; <#C01RELEASES|releases> <!subteam^S02QA|@qa> &lt;!channel&gt; @nobody',
      user_id: ada,
      user_name: 'ada',
      channel_id: releases,
      channel_name: 'releases',
      team_id: slack.teamId,
      is_enterprise_install: 'false',
      response_url: expect.stringContaining(`${slack.url}/actions/`),
      trigger_id: expect.stringMatching(/^\d+\.\d+\.[0-9a-f]{32}$/),
    });
  });

  test('is refused by a real app when stale or forged', async () => {
    const { slack } = await stage();
    const url = await httpApp(slack, (app) => app.command('/release', ({ ack }) => ack()));
    const send = async (secret: string, age: number) => {
      const body = new URLSearchParams({ command: '/release', team_id: 'T1', user_id: ada }).toString();
      const timestamp = String(Math.floor(Date.now() / 1000) - age);
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': signature(secret, timestamp, body),
      };
      return (await fetch(url, { method: 'POST', headers, body })).status;
    };
    expect(await send(slack.signingSecret, 0)).toBe(200);
    expect(await send(slack.signingSecret, 301)).toBe(401);
    expect(await send('forged', 0)).toBe(401);
  });

  test('checks a request URL by its challenge', async () => {
    const { slack, control } = await stage();
    const url = await httpApp(slack, () => undefined);
    await control.setRequestUrl(url);
    const { url: deaf } = await requestUrl(() => ({ status: 200, body: 'hello' }));
    await expect(control.setRequestUrl(deaf)).rejects.toMatchObject({ status: 409 });
  });

  test('shows the person Slack’s trouble when the app fails or is not there', async () => {
    const { url } = await requestUrl(() => ({ status: 500 }));
    const set = await stage({ requestUrl: url });
    const dispatchFailed = '/release failed with the error "dispatch_failed"';
    expect(await set.control.command(command)).toMatchObject({
      acknowledged: false,
      trouble: dispatchFailed,
    });
    set.slack.setRequestUrl('http://127.0.0.1:1/');
    await set.control.command(command);
    expect(await slackbotSays(set)).toEqual([dispatchFailed, dispatchFailed]);
  });

  test('redelivers an event that is not acknowledged, three times, with retry headers', async () => {
    const { url, received } = await requestUrl(() => ({ status: 500 }));
    const { control } = await stage({ requestUrl: url, timeScale: 100_000 });
    await control.home({ user: ada });
    await expect.poll(() => received.length).toBe(4);
    const retries = received.map(({ headers }) => headers['x-slack-retry-num']);
    expect(retries).toEqual([undefined, '1', '2', '3']);
    expect(received[1]?.headers['x-slack-retry-reason']).toBe('http_error');
    const ids = received.map(({ body }) => (JSON.parse(body) as { event_id: string }).event_id);
    expect(new Set(ids).size).toBe(1);
  });

  test('stops redelivering once the app acknowledges', async () => {
    const { url, received } = await requestUrl(({ headers }) => ({
      status: headers['x-slack-retry-num'] === '2' ? 200 : 500,
    }));
    const { control } = await stage({ requestUrl: url, timeScale: 100_000 });
    await control.home({ user: ada });
    await expect.poll(() => received.length).toBe(3);
    await control.home({ user: ada });
    await expect.poll(() => received.length).toBe(6);
  });
});

describe('Socket Mode', () => {
  test('a command nobody acknowledges within 3 s is operation_timeout, one with no app dispatch_failed', async () => {
    const set = await stage();
    expect(await set.control.command(command)).toMatchObject({
      trouble: '/release failed with the error "dispatch_failed"',
    });
    await socketApp(set.slack, (app) => app.command('/release', () => Promise.resolve()));
    expect(await set.control.command(command)).toMatchObject({
      trouble: '/release failed with the error "operation_timeout"',
    });
    expect(await slackbotSays(set)).toHaveLength(2);
  });

  test('each envelope goes to one of the connections', async () => {
    const { slack, control } = await stage();
    const counts = [0, 0];
    for (const index of [0, 1])
      await socketApp(slack, (app) => {
        app.command('/release', async ({ ack }) => {
          counts[index] = (counts[index] ?? 0) + 1;
          await ack();
        });
      });
    await control.command({ ...command, times: 40 });
    expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(40);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });

  /** Opens a connection by hand; gives its first message, or undefined when it is refused. */
  async function connect(
    url: string,
  ): Promise<{ type: string; reason?: string; num_connections?: number } | undefined> {
    const socket = new WebSocket(url);
    onTestFinished(() => socket.close());
    return new Promise((resolve) => {
      socket.onmessage = ({ data }) => resolve(JSON.parse(String(data)));
      socket.onerror = () => resolve(undefined);
    });
  }

  test('a ticket opens one connection', async () => {
    const { slack } = await stage();
    const { url } = await clientFor(slack, slack.appToken).apps.connections.open({});
    expect(await connect(String(url))).toMatchObject({ type: 'hello', num_connections: 1 });
    expect(await connect(String(url))).toBeUndefined();
    expect(await connect(String(url).replace(/ticket=\w+/, 'ticket=guess'))).toBeUndefined();
  });

  test('ten connections are let in, an eleventh is told to leave', async () => {
    const { slack } = await stage();
    const client = clientFor(slack, slack.appToken);
    for (let i = 1; i <= 11; i += 1) {
      const { url } = await client.apps.connections.open({});
      const expected =
        i <= 10
          ? { type: 'hello', num_connections: i }
          : { type: 'disconnect', reason: 'too_many_websockets' };
      expect(await connect(String(url))).toMatchObject(expected);
    }
  });

  test('a disconnect asks the app to leave, and the real client comes back', async () => {
    const { slack, control } = await stage();
    await socketApp(slack, (app) => app.command('/release', ({ ack }) => ack()));
    await control.addFault({ kind: 'socketDisconnect' });
    await control.until(ada, (screen) => (screen.appConnected ? undefined : true));
    await control.until(ada, (screen) => (screen.appConnected ? true : undefined), { timeoutMs: 20_000 });
    expect(await control.command(command)).toMatchObject({ acknowledged: true });
  }, 30_000);

  test('an undeclared command never reaches the app', async () => {
    const set = await stage();
    const result = await set.control.command({ ...command, command: '/deploy' });
    expect(result).toMatchObject({
      acknowledged: false,
      trouble: expect.stringContaining('/deploy is not a valid command'),
    });
  });
});

describe('response_url', () => {
  async function withUrl(): Promise<
    Stage & { respond: (body: unknown) => Promise<{ status: number; text: string }> }
  > {
    const set = await stage();
    const urls: string[] = [];
    await socketApp(set.slack, (app) => {
      app.command('/release', async ({ ack, body }) => {
        urls.push(body.response_url);
        await ack();
      });
    });
    await set.control.command(command);
    const respond = async (body: unknown) => {
      const response = await fetch(String(urls[0]), { method: 'POST', body: JSON.stringify(body) });
      return { status: response.status, text: await response.text() };
    };
    return { ...set, respond };
  }

  test('takes five responses', async () => {
    const { respond, control } = await withUrl();
    for (const text of ['1', '2', '3', '4', '5'])
      expect(await respond({ text })).toEqual({ status: 200, text: 'ok' });
    expect(await respond({ text: '6' })).toEqual({ status: 404, text: 'used_url' });
    const { channels } = await control.screen(ada);
    expect(channels[0]?.messages.map((message) => [message.text, message.ephemeral])).toEqual(
      ['1', '2', '3', '4', '5'].map((text) => [text, true]),
    );
  });

  const refused: [what: string, body: unknown, error: string][] = [
    ['bad blocks', { blocks: [section(''), { type: 'x' }] }, 'invalid_blocks'],
    ['nothing', {}, 'no_text'],
    ['an unknown field', { text: 'x', colour: 'red' }, 'invalid_payload'],
    ['an unknown response_type', { text: 'x', response_type: 'public' }, 'invalid_payload'],
    ['no object', ['x'], 'invalid_payload'],
  ];
  test.each(refused)('refuses %s without using up a response', async (_, body, error) => {
    const { respond, control } = await withUrl();
    for (let i = 0; i < 6; i += 1) expect(await respond(body)).toEqual({ status: 400, text: error });
    expect((await control.refusals())[0]).toMatchObject({ method: 'response_url', error });
    expect(await respond({ text: 'x', response_type: 'in_channel' })).toMatchObject({ status: 200 });
  });

  test('replaces and deletes the message of a button, through the real respond()', async () => {
    const { slack, control, client } = await stage();
    await socketApp(slack, (app) => {
      app.action('change', async ({ ack, respond }) => {
        await ack();
        await respond({
          replace_original: true,
          text: 'changed',
          blocks: [
            { type: 'actions', elements: [{ type: 'button', text: plain('Drop'), action_id: 'drop' }] },
          ],
        });
      });
      app.action('drop', async ({ ack, respond }) => {
        await ack();
        await respond({ delete_original: true });
      });
    });
    const button = { type: 'button' as const, text: plain('Change'), action_id: 'change' };
    await client.chat.postEphemeral({
      channel: releases,
      user: ada,
      text: 'x',
      blocks: [{ type: 'actions', elements: [button] }],
    });
    await control.press({ user: ada, channel: releases, actionId: 'change' });
    await control.until(ada, (screen) =>
      screen.channels[0]?.messages[0]?.text === 'changed' ? true : undefined,
    );
    await control.press({ user: ada, channel: releases, actionId: 'drop' });
    await control.until(ada, (screen) => (screen.channels[0]?.messages.length === 0 ? true : undefined));
  });
});
