import type { App } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text });
const option = (value: string, text: string) => ({ text: plain(text), value });

/** A message as a validation shows it: a verdict, a section a gate with its menu, evidence, buttons. */
function gates(count: number): KnownBlock[] {
  const sections = Array.from({ length: count }, (_, i): KnownBlock[] => [
    {
      type: 'section',
      block_id: `gate-${i}`,
      text: mrkdwn(
        i % 4 === 1
          ? `:x: *Gate ${i + 1}* failed: <https://gitlab.example/mr/5|!5 Say why a charger is offline> lacks a label`
          : `:white_check_mark: *Gate ${i + 1}* passed`,
      ),
      accessory: {
        type: 'overflow',
        action_id: 'gate-menu',
        options: [option('recheck', 'Check again'), option('waive', 'Waive…')],
      },
    },
    { type: 'context', elements: [mrkdwn(`Checked <!date^1795208400^{date_short_pretty} at {time}|then>`)] },
  ]);
  return [
    { type: 'header', text: plain('NO-GO: Manage staging 2026.47') },
    ...sections.flat(),
    {
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_preformatted',
          elements: [{ type: 'text', text: 'commit  3f2a91c\nbranch  release' }],
        },
      ],
    },
    {
      type: 'actions',
      elements: [
        { type: 'button', action_id: 'open-list', style: 'primary', text: plain('Open the checklist') },
        { type: 'button', action_id: 'gate-menu-all', text: plain('Check again what failed') },
      ],
    },
  ];
}

const list: ModalView = {
  type: 'modal',
  title: plain('Smoke checklist'),
  close: plain('Done'),
  blocks: Array.from({ length: 50 }, (_, i): KnownBlock[] => [
    {
      type: 'section',
      block_id: `item-${i}`,
      text: mrkdwn(`${i % 3 === 0 ? ':white_check_mark:' : ':white_large_square:'} *Item ${i + 1}* loads`),
      accessory: { type: 'button', action_id: 'open-item', text: plain('Answer'), value: String(i) },
    },
    { type: 'context', elements: [mrkdwn('Ada Lovelace · 09:00')] },
  ]).flat(),
};

const item: ModalView = {
  type: 'modal',
  callback_id: 'item',
  title: plain('Item'),
  submit: plain('Save'),
  close: plain('Back'),
  blocks: [
    {
      type: 'input',
      block_id: 'outcome',
      label: plain('Outcome'),
      element: {
        type: 'radio_buttons',
        action_id: 'outcome',
        options: [option('pass', 'Pass'), option('fail', 'Fail'), option('na', 'Not applicable')],
      },
    },
    {
      type: 'input',
      block_id: 'note',
      optional: true,
      label: plain('Note'),
      element: { type: 'plain_text_input', action_id: 'note', multiline: true, max_length: 500 },
    },
    {
      type: 'input',
      block_id: 'evidence',
      optional: true,
      label: plain('Evidence'),
      hint: plain('A link to what you saw.'),
      element: { type: 'url_text_input', action_id: 'evidence' },
    },
    {
      type: 'actions',
      elements: [{ type: 'button', action_id: 'open-waiver', text: plain('Waive this item…') }],
    },
  ],
};

const waiver: ModalView = {
  type: 'modal',
  callback_id: 'waiver',
  title: plain('Waiver'),
  submit: plain('Ask for it'),
  close: plain('Back'),
  blocks: [
    {
      type: 'input',
      block_id: 'expiry',
      label: plain('Until'),
      element: { type: 'datepicker', action_id: 'expiry', initial_date: '2026-12-01' },
    },
  ],
};

/** What people saved, in the order of saving. */
export const saved: unknown[] = [];

/** Adds `/release gallery` to the tests' app: a message, modals three deep, a reply to both thread and channel. */
export function addGallery(app: App): void {
  app.action('open-list', async ({ ack, body, client }) => {
    await ack();
    if ('trigger_id' in body) await client.views.open({ trigger_id: body.trigger_id, view: list });
  });
  app.action(/^open-(item|waiver)$/, async ({ ack, action, body, client }) => {
    await ack();
    const view = 'action_id' in action && action.action_id === 'open-item' ? item : waiver;
    if ('trigger_id' in body) await client.views.push({ trigger_id: body.trigger_id, view });
  });
  app.view(/^(item|waiver)$/, async ({ ack, view }) => {
    saved.push(view.state.values);
    await ack();
  });
  app.action(/^gate-menu/, async ({ ack }) => ack());
}

/** Posts the message and, to thread and channel, its verdict. */
export async function postGallery(client: App['client'], channel: string): Promise<void> {
  const parent = await client.chat.postMessage({
    channel,
    text: 'NO-GO: Manage staging 2026.47, one merge request is not validated',
    blocks: gates(20),
  });
  await client.chat.postMessage({
    channel,
    thread_ts: parent.ts ?? '',
    reply_broadcast: true,
    text: ':no_entry: *NO-GO* for Manage staging 2026.47',
  });
}
