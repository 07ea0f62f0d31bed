import type { Invocation } from '../core/invocation/state.ts';
import type { Block } from '../core/ports.ts';
import { truncate } from '../core/slack-payload/stored-length.ts';
import { type Deployments, noDeployments, statusAnswer, type Validation } from './answers.ts';
import { context, plainText, section } from './text.ts';

/** Action ids of the Home's buttons. */
export const homeStart = 'home_start';
export const homeValidate = 'home_validate';

/**
 * App Home: what gonogo is for, the ways in, and the releases, deployments and invocations as they stood when it was opened.
 * Without `validations` (the catalogue has nothing to validate) there is no button for them.
 */
export function homeView(
  name: string,
  states: readonly Invocation[],
  validations: readonly Validation[] | null = null,
  deployments: Deployments = noDeployments,
) {
  const blocks: Block[] = [
    { type: 'header', text: plainText(truncate(`Releases of ${name}`, 150, 'plain_text')) },
    section(
      'gonogo starts cut-offs and deploys to staging in GitLab, once each, follows them to their end, and guides a release from there to GO or NO-GO. It watches what is deployed to production, region by region.',
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
        ...(validations === null ? [] : [validateButton()]),
      ],
    },
    { type: 'divider' },
    ...statusAnswer(states, validations ?? [], deployments).blocks,
    context(
      'In a channel: `/release cutoff`, `/release deploy`, `/release validate`, `/release decide`, `/release status`, `/release help`.',
    ),
  ];
  return { type: 'home' as const, blocks };
}

function validateButton() {
  return {
    type: 'button',
    action_id: homeValidate,
    text: plainText('Validate a release'),
    value: 'validate',
  };
}
