import type { ModalView } from '@slack/types';
import type { Logger } from '../core/ports.ts';
import { checkedModal } from './checked.ts';

/** The part of Slack's client that shows modals. */
export interface Views {
  views: {
    open(call: { trigger_id: string; view: ModalView }): Promise<unknown>;
    push(call: { trigger_id: string; view: ModalView }): Promise<unknown>;
    update(call: { view_id: string; view: ModalView; hash?: string }): Promise<unknown>;
  };
}

/** Where somebody pressed: in a message a modal opens, in a modal another one goes on top. */
interface Pressed {
  trigger_id: string;
  view?: { id: string; hash: string } | undefined;
}

/** Shows a modal in answer to a press. The trigger lives three seconds; when it is gone, the log says so. */
export async function showModal(client: Views, log: Logger, body: Pressed, view: object): Promise<void> {
  const call = { trigger_id: body.trigger_id, view: checkedModal(view) };
  try {
    if (body.view) await client.views.push(call);
    else await client.views.open(call);
  } catch (error) {
    log.warn({ err: error }, 'A modal could not be shown');
  }
}

/**
 * Brings a modal up to date. With `hash` only if it still is as it was then. What it shows is recorded already, so
 * a view that is closed or was drawn anew meanwhile is no failure of what the person did.
 */
export async function redraw(
  client: Views,
  log: Logger,
  target: { id: string; hash?: string },
  view: object,
): Promise<void> {
  const { id, hash } = target;
  const call = { view_id: id, view: checkedModal(view), ...(hash !== undefined && { hash }) };
  try {
    await client.views.update(call);
  } catch (error) {
    log.info({ err: error, view: id }, 'A modal could not be brought up to date');
  }
}
