import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver } from '@slack/bolt';
import { loadCatalogue } from '../../src/adapters/catalogue-file.ts';
import { startModal } from '../../src/views/start-modal.ts';
import { releases } from '../stage/catalogue.ts';

/**
 * What a Bolt app without a release bot around it does: acknowledges the command and opens the same modal, which
 * is made once. No role is asked for, no payload is checked, nothing is logged; otherwise Bolt as it comes. It
 * takes the bot's own settings and prints the same line when it is ready.
 */
const env = (name: string) => process.env[name] ?? '';
const reading = await loadCatalogue(env('GONOGO_CATALOGUE'));
if (!reading.ok) throw new Error('The catalogue of the benchmark is wrong');
const view = startModal(reading.catalogue, {
  action: 'bring-all-code-to-release-branch',
  project: null,
  channel: releases,
});

const common = { token: env('SLACK_BOT_TOKEN'), clientOptions: { slackApiUrl: env('SLACK_API_URL') } };
const appToken = process.env['SLACK_APP_TOKEN'];
const receiver = appToken ? null : new HTTPReceiver({ signingSecret: env('SLACK_SIGNING_SECRET') });
const app = new App(
  appToken ? { ...common, socketMode: true, appToken } : { ...common, ...(receiver && { receiver }) },
);

app.command('/release', async ({ ack, command, client }) => {
  await Promise.all([ack(), client.views.open({ trigger_id: command.trigger_id, view })]);
});

let url: string | null = null;
if (receiver) {
  const server = await receiver.start({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
} else await app.start();
process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);
