import { App, LogLevel } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import { type SlackControl, slackControl } from '../../../sandbox/slack/person.ts';
import { type SimulatedSlack, type SlackOptions, startSlack } from '../../../sandbox/slack/server.ts';

export const ada = 'U01ADA';
export const grace = 'U02GRACE';
export const releases = 'C01RELEASES';

export interface Stage {
  slack: SimulatedSlack;
  /** A real client with retries off, so that every answer is seen once. */
  client: WebClient;
  control: SlackControl;
}

/** A simulated Slack for one test, closed when the test ends. */
export async function stage(options: SlackOptions = {}): Promise<Stage> {
  const slack = await startSlack(options);
  onTestFinished(() => slack.close());
  return { slack, client: clientFor(slack, slack.botToken), control: slackControl(slack.url) };
}

export function clientFor(slack: SimulatedSlack, token: string | undefined): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
    logger: silent,
  });
}

/** A real Bolt app over Socket Mode, connected and stopped with the test. */
export async function socketApp(slack: SimulatedSlack, register: (app: App) => void): Promise<App> {
  const app = new App({
    token: slack.botToken,
    appToken: slack.appToken,
    socketMode: true,
    clientOptions: { slackApiUrl: slack.apiUrl },
    logger: silent,
  });
  register(app);
  await app.start();
  onTestFinished(() => app.stop().then(() => undefined));
  return app;
}

/** A real Bolt app behind a signed request URL on a free port. */
export async function httpApp(slack: SimulatedSlack, register: (app: App) => void): Promise<string> {
  const app = new App({
    token: slack.botToken,
    signingSecret: slack.signingSecret,
    clientOptions: { slackApiUrl: slack.apiUrl },
    logger: silent,
  });
  register(app);
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => app.stop().then(() => undefined));
  const address = 'address' in server ? server.address() : null;
  if (address === null || typeof address === 'string') throw new Error('the app listens on no port');
  const url = `http://127.0.0.1:${address.port}/slack/events`;
  slack.setRequestUrl(url);
  return url;
}

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

/** Slack's error code and words from a call that must be refused. */
export async function refusal(call: Promise<unknown>): Promise<{ error: string; messages: string[] }> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof Error)) throw new Error('the call was accepted');
  if (!('data' in outcome)) throw outcome;
  const data = outcome.data as { error: string; response_metadata?: { messages?: string[] } };
  return { error: data.error, messages: data.response_metadata?.messages ?? [] };
}

export const plain = (text: string) => ({ type: 'plain_text' as const, text });
export const markdown = (text: string) => ({ type: 'mrkdwn' as const, text });
export const section = (text: string) => ({ type: 'section' as const, text: markdown(text) });
/** A text of exactly so many characters. */
export const chars = (count: number) => 'x'.repeat(count);

/** An app that hands out the trigger ids of the commands typed. */
export async function triggerSource(
  slack: SimulatedSlack,
  control: SlackControl,
): Promise<() => Promise<string>> {
  const triggers: string[] = [];
  await socketApp(slack, (app) => {
    app.command('/release', async ({ ack, body }) => {
      triggers.push(body.trigger_id);
      await ack();
    });
  });
  return async () => {
    await control.command({ user: ada, channel: releases, command: '/release' });
    const trigger = triggers.pop();
    if (trigger === undefined) throw new Error('the app saw no command');
    return trigger;
  };
}
