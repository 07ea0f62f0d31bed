import type { App } from '@slack/bolt';
import { describe, expect, test } from 'vitest';
import { ada, httpApp, plain, releases, section, socketApp, stage } from './stage.ts';

const modal = {
  type: 'modal' as const,
  callback_id: 'start',
  title: plain('Release'),
  submit: plain('Start'),
  blocks: [
    {
      type: 'input' as const,
      block_id: 'why',
      label: plain('Why'),
      element: { type: 'plain_text_input' as const, action_id: 'reason', max_length: 50 },
    },
  ],
};

function releaseApp(app: App): void {
  app.command('/release', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: modal });
  });
  app.view('start', async ({ ack, view, body, client }) => {
    const reason = view.state.values['why']?.['reason']?.value ?? '';
    if (reason === 'no')
      return ack({ response_action: 'errors', errors: { why: 'A better reason, please' } });
    await ack();
    await client.chat.postMessage({
      channel: releases,
      text: `${body.user.id}: ${reason}`,
      blocks: [section(reason)],
    });
  });
}

describe.each([
  ['Socket Mode', socketApp],
  ['signed HTTP', httpApp],
])('over %s', (_, start) => {
  test('a command opens a modal whose submit posts a message', async () => {
    const { slack, control } = await stage();
    await start(slack, releaseApp);
    const typed = await control.command({
      user: ada,
      channel: releases,
      command: '/release',
      text: 'cutoff',
    });
    expect(typed).toEqual({ ok: true, acknowledged: true });
    const view = await control.until(ada, (screen) => screen.views[0]);
    expect(view.title).toBe('Release');

    expect(await control.submit({ user: ada })).toMatchObject({
      acknowledged: false,
      blocked: { why: expect.stringContaining('required') },
    });
    await control.type({ user: ada, blockId: 'why', actionId: 'reason', value: 'no' });
    expect(await control.submit({ user: ada })).toMatchObject({ acknowledged: true });
    expect((await control.screen(ada)).views[0]?.errors).toEqual({ why: 'A better reason, please' });

    await control.type({ user: ada, blockId: 'why', actionId: 'reason', value: 'Friday' });
    expect(await control.submit({ user: ada })).toMatchObject({ acknowledged: true });
    const message = await control.until(ada, (screen) => screen.channels[0]?.messages.at(-1));
    expect(message).toMatchObject({ user: slack.botUserId, text: `${ada}: Friday` });
    expect((await control.screen(ada)).views).toEqual([]);
    expect(await control.refusals()).toEqual([]);
  });
});
