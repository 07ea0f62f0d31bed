import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import { focusComposer } from './focus.ts';

/** Draws the hint for a first visit: what this is, and what to type. */
export function drawHint(app: App): Child {
  if (app.state.hintDismissed) return null;
  const command = app.state.steps.find((step) => step.command)?.command ?? '/release';
  const use = () => {
    app.change({ composer: command });
    focusComposer();
  };
  return h(
    'section',
    { key: 'hint', class: 'hint-card', 'aria-label': 'Welcome' },
    h(
      'p',
      {},
      'Slack, GitLab and all the rest here are simulated on your own machine: the release bot is real, nothing you do leaves it.',
    ),
    h(
      'p',
      {},
      'Type ',
      h('button', { type: 'button', class: 'code-button', on: { click: use } }, command),
      ' below and press Enter.',
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'close-button',
        'aria-label': 'Hide this hint',
        on: {
          click: () => {
            app.change({ hintDismissed: true });
            window.localStorage.setItem('hint-dismissed', 'yes');
            focusComposer();
          },
        },
      },
      '×',
    ),
  );
}
