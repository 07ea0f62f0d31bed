import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import { isSafeUrl } from '../text/mrkdwn.ts';
import { drawPlain } from '../text/mrkdwn-draw.ts';
import type { Element } from './element.ts';
import { text, textOf } from './json.ts';
import { confirmed } from './values.ts';

/** Draws a button; one with a URL opens it as well, as in Slack. */
export function drawButton(app: App, { json, target }: Element): Child {
  const style = text(json['style']);
  const url = text(json['url']);
  const value = typeof json['value'] === 'string' ? json['value'] : undefined;
  const press = () =>
    confirmed(app, json, () => {
      if (isSafeUrl(url)) window.open(url, '_blank', 'noopener');
      void app.actions.press(target, value);
    });
  return h(
    'button',
    {
      key: target.actionId,
      type: 'button',
      class: `button ${style}`.trim(),
      'aria-label': text(json['accessibility_label']) || undefined,
      on: { click: press },
    },
    drawPlain(textOf(json['text'])),
  );
}
