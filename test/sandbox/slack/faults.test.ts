import { WebClient } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import { ControlError, type FaultRequest } from '../../../sandbox/slack/person.ts';
import { ada, clientFor, releases, socketApp, stage } from './stage.ts';

/** Posts once and says what the client saw. */
const failure = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (error: { code?: string; statusCode?: number }) =>
      `${error.code}${error.statusCode ? ` ${error.statusCode}` : ''}`,
  );

const kinds: [fault: FaultRequest, sees: string, posted: boolean][] = [
  [{ kind: 'http500' }, 'slack_webapi_http_error 500', false],
  [{ kind: 'http502' }, 'slack_webapi_http_error 502', false],
  [{ kind: 'reset' }, 'slack_webapi_request_error', false],
  [{ kind: 'ratelimited', retryAfter: 7 }, 'slack_webapi_rate_limited_error', false],
  [{ kind: 'outage' }, 'slack_webapi_http_error 503', false],
  [{ kind: 'acceptThenReset' }, 'slack_webapi_request_error', true],
  [{ kind: 'acceptThen502' }, 'slack_webapi_http_error 502', true],
  [{ kind: 'acceptThenTimeout', delayMs: 10 }, 'slack_webapi_request_error', true],
  [{ kind: 'slow', delayMs: 10 }, 'ok', true],
];

describe('a fault', () => {
  test.each(kinds)('%j is seen as %s and the message is posted: %s', async (fault, sees, posted) => {
    const { client, control } = await stage();
    await control.addFault({ ...fault, times: 1 });
    const post = () => client.chat.postMessage({ channel: releases, text: 'x' });
    expect(await failure(post())).toBe(sees);
    const shown = async () => (await control.screen(ada)).channels[0]?.messages.length;
    expect(await shown()).toBe(posted ? 1 : 0);
    expect(await control.faults()).toEqual([]);
    expect(await failure(post())).toBe('ok');
    expect(await control.refusals()).toEqual([]);
  });

  test('hits only its method, and only until it is removed', async () => {
    const { client, control } = await stage();
    const { id } = await control.addFault({ kind: 'http500', method: 'users.list' });
    expect(await failure(client.auth.test())).toBe('ok');
    expect(await failure(client.users.list({}))).toContain('500');
    expect(await failure(client.users.list({}))).toContain('500');
    await control.removeFault(id);
    expect(await failure(client.users.list({}))).toBe('ok');
    await expect(control.removeFault(id)).rejects.toThrow(ControlError);
  });

  test('with a seed strikes the same calls each time', async () => {
    const runs = await Promise.all(
      [1, 2].map(async () => {
        const { client, control } = await stage({ timeScale: 1000 });
        await control.addFault({ kind: 'http500', method: 'auth.test', probability: 0.5, seed: 42 });
        const outcomes: string[] = [];
        for (let i = 0; i < 20; i += 1) outcomes.push(await failure(client.auth.test()));
        return outcomes;
      }),
    );
    expect(runs[0]).toEqual(runs[1]);
    expect(new Set(runs[0]).size).toBe(2);
  });

  test('that loses the answer makes a client with retries post twice', async () => {
    const { slack, control } = await stage();
    await control.addFault({ kind: 'acceptThenReset', method: 'chat.postMessage', times: 1 });
    const retrying = new WebClient(slack.botToken, {
      slackApiUrl: slack.apiUrl,
      retryConfig: { retries: 1, minTimeout: 1, maxTimeout: 1 },
    });
    await retrying.chat.postMessage({ channel: releases, text: 'x' });
    expect((await control.screen(ada)).channels[0]?.messages).toHaveLength(2);
  });

  test('of an unknown kind is refused', async () => {
    const { control } = await stage();
    await expect(control.addFault({ kind: 'gremlins' } as never)).rejects.toMatchObject({ status: 400 });
  });
});

test('an outage cuts the sockets and keeps them out until it ends', async () => {
  const { slack, control } = await stage();
  await socketApp(slack, () => undefined);
  const appClient = clientFor(slack, slack.appToken);
  const { url } = await appClient.apps.connections.open({});
  await control.addFault({ kind: 'outage' });
  await control.until(ada, (screen) => (screen.appConnected ? undefined : true));
  const attempt = new WebSocket(String(url));
  const refused = await new Promise((resolve) => {
    attempt.onerror = () => resolve('refused');
    attempt.onopen = () => resolve('open');
  });
  expect(refused).toBe('refused');
  await control.clearFaults();
  expect(await failure(appClient.apps.connections.open({}))).toBe('ok');
});

test('duplicate delivery brings one command twice, with the same trigger', async () => {
  const { slack, control } = await stage();
  const triggers: string[] = [];
  await socketApp(slack, (app) => {
    app.command('/release', async ({ ack, body }) => {
      triggers.push(body.trigger_id);
      await ack();
    });
  });
  await control.addFault({ kind: 'duplicateDelivery', times: 1 });
  const command = () => control.command({ user: ada, channel: releases, command: '/release' });
  await command();
  expect(triggers).toHaveLength(2);
  expect(new Set(triggers).size).toBe(1);
  await command();
  expect(triggers).toHaveLength(3);
  await control.redeliver('command', 2);
  expect(triggers).toHaveLength(5);
  expect(new Set(triggers).size).toBe(2);
});
