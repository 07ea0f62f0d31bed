import type { KnownBlock, ModalView, View } from '@slack/types';
import type { MessageBody } from '../core/ports.ts';
import { checkMessage } from '../core/slack-payload/check-message.ts';
import { checkOptions, checkView } from '../core/slack-payload/check-view.ts';
import type { PayloadFault } from '../core/slack-payload/fault.ts';

/**
 * The last look at what the edge hands to Slack: a payload that Slack would refuse is a defect of ours and is
 * thrown here, with its place, instead of leaving the person with nothing.
 */

export function checkedModal(view: object): ModalView {
  refuse(checkView(view));
  return view as ModalView;
}

export function checkedHome(view: object): View {
  refuse(checkView(view));
  return view as View;
}

/** An answer that only the person sees. */
export function checkedAnswer(body: MessageBody) {
  refuse(checkMessage(body));
  const { text, blocks } = body;
  return {
    response_type: 'ephemeral' as const,
    replace_original: false,
    text,
    blocks: blocks as unknown as KnownBlock[],
  };
}

export function checkedOptions<T extends object>(answer: T): T {
  refuse(checkOptions(answer));
  return answer;
}

function refuse(faults: PayloadFault[]): void {
  if (faults.length === 0) return;
  throw new Error(
    `A payload breaks Slack's limits: ${faults.map(({ pointer, message }) => `${pointer} ${message}`).join('; ')}`,
  );
}
