import type { Invocation } from '../core/invocation/state.ts';
import type { Block } from '../core/ports.ts';
import { truncate } from '../core/slack-payload/stored-length.ts';
import { statusAnswer } from './answers.ts';
import { context, plainText, section } from './text.ts';

/** Action id of the Home's button. */
export const homeStart = 'home_start';

/** App Home: what gonogo is for, the way in, and the latest invocations as they stood when it was opened. */
export function homeView(name: string, states: readonly Invocation[]) {
  const blocks: Block[] = [
    { type: 'header', text: plainText(truncate(`Releases of ${name}`, 150, 'plain_text')) },
    section(
      'gonogo starts cut-offs and deploys to staging in GitLab, once each, and follows them to their end.',
    ),
    {
      type: 'actions',
      block_id: 'home_actions',
      elements: [
        {
          type: 'button',
          action_id: homeStart,
          style: 'primary',
          text: plainText('Start a release'),
          value: 'start',
        },
      ],
    },
    { type: 'divider' },
    ...statusAnswer(states).blocks,
    context('In a channel: `/release cutoff`, `/release deploy`, `/release status`, `/release help`.'),
  ];
  return { type: 'home' as const, blocks };
}
