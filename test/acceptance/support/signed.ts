import { createHmac } from 'node:crypto';
import type { Town } from '../../support/town.ts';

/** What a stranger, or Slack's own servers, send to the bot's request URL. */
interface Sent {
  /** The form's `payload`, or the fields of a command. */
  fields: Record<string, string>;
  /** Seconds that the timestamp lies behind now. */
  ageSeconds?: number;
  /** Another secret than the bot's; null sends no signature at all. */
  secret?: string | null;
  /** What is changed in the body after it was signed. */
  tamper?: (body: string) => string;
}

/** Sends a form to `/slack/events` as Slack signs it; gives the status and the text of the answer. */
export async function sendSigned(town: Town, sent: Sent): Promise<{ status: number; text: string }> {
  const body = new URLSearchParams(sent.fields).toString();
  const at = String(Math.floor(Date.now() / 1_000) - (sent.ageSeconds ?? 0));
  const secret = sent.secret === undefined ? town.slack.signingSecret : sent.secret;
  const signature = secret && `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`;
  const response = await fetch(`${town.bot.url}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': at,
      ...(signature && { 'x-slack-signature': signature }),
    },
    body: sent.tamper ? sent.tamper(body) : body,
  });
  return { status: response.status, text: await response.text() };
}

/** The submit of the modal with values that Slack's own client would never send. */
export function craftedSubmit(
  town: Town,
  user: string,
  chosen: { action?: string | undefined; project?: string | undefined; confirm?: string[] },
): Record<string, string> {
  const option = (value: string) => ({ text: { type: 'plain_text', text: value }, value });
  const team = { id: town.slack.teamId, domain: 'sandbox' };
  const payload = {
    type: 'view_submission',
    team,
    user: { id: user, username: 'someone', name: 'someone', team_id: team.id },
    api_app_id: 'A01GONOGO',
    trigger_id: '1.2.3',
    view: {
      id: `V0CRAFTED${Math.random().toString(36).slice(2, 8).toUpperCase()}`,
      team_id: team.id,
      type: 'modal',
      callback_id: 'start_invocation',
      private_metadata: town.catalogue.channels.releases,
      hash: '1.x',
      state: {
        values: {
          action: {
            action: { type: 'radio_buttons', selected_option: chosen.action ? option(chosen.action) : null },
          },
          project: {
            project: {
              type: 'static_select',
              selected_option: chosen.project ? option(chosen.project) : null,
            },
          },
          confirm: {
            confirm: { type: 'checkboxes', selected_options: (chosen.confirm ?? ['yes']).map(option) },
          },
        },
      },
    },
    response_urls: [],
  };
  return { payload: JSON.stringify(payload) };
}
