import { App, type AppOptions, LogLevel } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';
import { addGallery, postGallery } from './gallery.ts';

const projects = Array.from({ length: 120 }, (_, i) => `bf-service-${String(i + 1).padStart(3, '0')}`);
const option = (value: string, text = value) => ({ text: { type: 'plain_text' as const, text }, value });

/** The blocks of the message that a submit leads to. */
function messageBlocks(project: string, done: number): KnownBlock[] {
  return [
    { type: 'header', text: { type: 'plain_text', text: `Cut-off of ${project}` } },
    {
      type: 'section',
      text: {
        type: 'mrkdwn',
        text: `:hourglass_flowing_sand: *Running* ${'▓'.repeat(done)}${'░'.repeat(10 - done)} ${done} of 10\n<https://gitlab.example/x|Pipeline 4711> on \`release\` for <@U01ADA>`,
      },
      accessory: {
        type: 'overflow',
        action_id: 'more',
        options: [option('copy', 'Copy link'), option('mute', 'Mute')],
      },
    },
    {
      type: 'section',
      fields: [
        { type: 'mrkdwn', text: '*Triggered*\n7' },
        { type: 'mrkdwn', text: '*Failed*\n1' },
        { type: 'mrkdwn', text: '*Not started*\n2' },
      ],
    },
    {
      type: 'actions',
      elements: [
        {
          type: 'button',
          action_id: 'retry',
          style: 'primary',
          text: { type: 'plain_text', text: 'Retry failed' },
        },
        {
          type: 'button',
          action_id: 'stop',
          style: 'danger',
          text: { type: 'plain_text', text: 'Stop' },
          confirm: {
            title: { type: 'plain_text', text: 'Stop the cut-off?' },
            text: { type: 'mrkdwn', text: '*2* targets have not started yet. They will not start.' },
            confirm: { type: 'plain_text', text: 'Stop it' },
            deny: { type: 'plain_text', text: 'Keep going' },
            style: 'danger',
          },
        },
      ],
    },
    {
      type: 'context',
      elements: [
        {
          type: 'mrkdwn',
          text: 'Started by <@U01ADA> · <!date^1795208400^{date_short_pretty} at {time}|some day>',
        },
      ],
    },
  ];
}

const modal: ModalView = {
  type: 'modal',
  callback_id: 'cutoff',
  title: { type: 'plain_text', text: 'Release' },
  submit: { type: 'plain_text', text: 'Start' },
  close: { type: 'plain_text', text: 'Cancel' },
  blocks: [
    {
      type: 'section',
      text: { type: 'mrkdwn', text: 'Starts *one* pipeline for each project, on branch `release`.' },
    },
    {
      type: 'input',
      block_id: 'action',
      label: { type: 'plain_text', text: 'What do you need to do?' },
      element: {
        type: 'static_select',
        action_id: 'action',
        options: [
          option('cutoff', 'bring-all-code-to-release-branch'),
          option('deploy', 'deploy-release-branch-to-staging'),
        ],
      },
    },
    {
      type: 'input',
      block_id: 'project',
      label: { type: 'plain_text', text: 'What project needs it?' },
      hint: { type: 'plain_text', text: 'Type a part of its name, or choose all.' },
      element: { type: 'external_select', action_id: 'project', min_query_length: 0 },
    },
    {
      type: 'input',
      block_id: 'note',
      optional: true,
      label: { type: 'plain_text', text: 'Note for the thread' },
      element: { type: 'plain_text_input', action_id: 'note', max_length: 100 },
    },
    {
      type: 'input',
      block_id: 'confirm',
      optional: true,
      label: { type: 'plain_text', text: 'Confirm' },
      element: {
        type: 'checkboxes',
        action_id: 'confirm',
        options: [option('yes', 'Yes, start the pipelines now')],
      },
    },
  ],
};

/** A small app of the tests' own, in the shape of the release bot: command, modal, message, thread, Home. */
export async function startTinyApp(slack: {
  apiUrl: string;
  botToken: string;
  appToken: string;
}): Promise<App> {
  const options: AppOptions = {
    token: slack.botToken,
    appToken: slack.appToken,
    socketMode: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
  };
  const app = new App(options);
  app.command('/release', async ({ command, ack, client }) => {
    if (command.text === 'silent') return;
    if (command.text === 'cutof') {
      await ack({ response_type: 'ephemeral', text: 'There is no `cutof`. Did you mean `/release cutoff`?' });
      return;
    }
    await ack();
    if (command.text === 'gallery') return postGallery(client, command.channel_id);
    await client.views.open({ trigger_id: command.trigger_id, view: modal });
  });
  app.options('project', async ({ options: asked, ack }) => {
    const found = ['all', ...projects].filter((name) => name.includes(asked.value)).slice(0, 100);
    await ack({ options: found.map((name) => option(name)) });
  });
  app.view('cutoff', async ({ ack, view, client }) => {
    const { values } = view.state;
    if (values['note']?.['note']?.value === 'silent') return;
    if (!values['confirm']?.['confirm']?.selected_options?.length) {
      await ack({
        response_action: 'errors',
        errors: { confirm: 'Nothing starts without this. Tick it to go on.' },
      });
      return;
    }
    await ack();
    const project = values['project']?.['project']?.selected_option?.value ?? '?';
    const text = `Cut-off of ${project} is running`;
    const parent = await client.chat.postMessage({
      channel: 'C01RELEASES',
      text,
      blocks: messageBlocks(project, 7),
    });
    const thread_ts = parent.ts ?? '';
    await client.chat.postMessage({
      channel: 'C01RELEASES',
      thread_ts,
      text: `:white_check_mark: *passed* ${project}`,
    });
  });
  app.action('stop', async ({ ack, respond }) => {
    await ack();
    await respond({
      response_type: 'ephemeral',
      replace_original: false,
      text: ':octagonal_sign: Stopped 2 targets.',
    });
  });
  addGallery(app);
  app.action(/retry|more/, async ({ ack }) => ack());
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: {
        type: 'home',
        blocks: [
          { type: 'header', text: { type: 'plain_text', text: 'Your releases' } },
          {
            type: 'section',
            text: { type: 'mrkdwn', text: ':large_green_circle: *GO* Manage 2026.47 :rocket:' },
          },
          { type: 'divider' },
          ...messageBlocks('bf-manage-core', 4),
        ],
      },
    });
  });
  await app.start();
  return app;
}
