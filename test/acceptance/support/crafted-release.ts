import type { Town } from '../../support/town.ts';
import { sendSigned } from './signed.ts';

/** What a form of a release holds when it is sent: text, or the option that is chosen. */
export type Entries = Readonly<
  Record<string, { typed: string } | { chosen: string } | { day: string } | { address: string }>
>;

/**
 * Sends a form to the bot as Slack does, signed, whoever may have opened it: many people at once, and people who
 * were never shown it. An entry's name is that of its block and of its element. Gives Slack's side of the answer.
 */
export async function sendForm(
  town: Town,
  form: { user: string; callback: string; metadata: string; entries: Entries; root?: string },
): Promise<{ status: number; answer: unknown }> {
  const { user, callback, metadata, entries, root } = form;
  const team = { id: town.slack.teamId, domain: 'sandbox' };
  const id = `V0CRAFTED${Math.random().toString(36).slice(2, 10).toUpperCase()}`;
  const values = Object.entries(entries).map(([name, entry]) => [name, { [name]: entered(entry) }]);
  const payload = {
    type: 'view_submission',
    team,
    user: { id: user, username: 'someone', name: 'someone', team_id: team.id },
    api_app_id: 'A01GONOGO',
    trigger_id: '1.2.3',
    view: {
      id,
      team_id: team.id,
      type: 'modal',
      callback_id: callback,
      private_metadata: metadata,
      hash: '1.x',
      root_view_id: root ?? id,
      state: { values: Object.fromEntries(values) },
    },
    response_urls: [],
  };
  const { status, text } = await sendSigned(town, { fields: { payload: JSON.stringify(payload) } });
  return { status, answer: text === '' ? null : JSON.parse(text) };
}

function entered(entry: Entries[string]): object {
  if ('typed' in entry) return { type: 'plain_text_input', value: entry.typed };
  if ('address' in entry) return { type: 'url_text_input', value: entry.address };
  if ('day' in entry) return { type: 'datepicker', selected_date: entry.day };
  const { chosen } = entry;
  const text = { type: 'plain_text', text: chosen };
  return { type: 'radio_buttons', selected_option: { text, value: chosen } };
}
