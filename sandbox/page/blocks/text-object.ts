import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import { drawMrkdwn, drawPlain } from '../text/mrkdwn-draw.ts';
import { record, textOf } from './json.ts';

/** Draws a text object by its own type. */
export function drawText(app: App, value: unknown, className: string): Child {
  const object = record(value);
  const words = textOf(object);
  return h(
    'div',
    { class: className },
    object?.['type'] === 'mrkdwn' ? drawMrkdwn(app.state, words) : drawPlain(words),
  );
}
