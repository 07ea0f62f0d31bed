import type { App } from '../app.ts';
import { focusComposer } from '../chat/focus.ts';
import { type Child, h } from '../dom.ts';
import type { GuideStep } from '../services.ts';

/** Draws "Try this": first steps, where a step puts its command into the command box. */
export function drawGuide(app: App): Child {
  return [
    h(
      'p',
      { class: 'panel-intro' },
      'Everything here is simulated, except the bot. A step fills the command box; you press Enter.',
    ),
    h(
      'ol',
      { class: 'steps' },
      app.state.steps.map((step, i) => drawStep(app, step, i)),
    ),
  ];
}

function drawStep(app: App, step: GuideStep, index: number): Child {
  const done = app.state.stepsDone.has(index);
  const { command } = step;
  const use = (text: string) => {
    app.change((state) => {
      state.composer = text;
      state.completion = -1;
      state.stepsDone.add(index);
      if (state.place === 'home') state.place = state.screen?.channels[0]?.id ?? null;
    });
    focusComposer();
  };
  return h(
    'li',
    { key: String(index), class: done ? 'step done' : 'step' },
    h('strong', {}, step.title, done && h('span', { class: 'visually-hidden' }, ' (tried)')),
    h('p', {}, step.detail),
    command !== undefined &&
      h('button', { type: 'button', class: 'code-button', on: { click: () => use(command) } }, command),
  );
}
