import type { App } from '../app.ts';
import { drawBlocks } from '../blocks/blocks.ts';
import { type Child, h } from '../dom.ts';
import { drawBar } from './bar.ts';

/** Draws the app's Home for the person, or says that the app has not published one. */
export function drawHome(app: App): Child {
  const { state } = app;
  const bot = state.screen?.people.find((person) => person.isBot);
  const home = state.screen?.home;
  return h(
    'main',
    { key: 'home', class: 'channel', 'aria-label': 'Home' },
    drawBar(app, `${bot?.realName || bot?.name || 'App'}`, 'Home'),
    h(
      'div',
      { class: 'scroll home', tabindex: 0, role: 'region', 'aria-label': 'Home' },
      home
        ? h(
            'div',
            { class: 'home-blocks' },
            drawBlocks(app, home.blocks, { place: { viewId: home.id }, values: home.values }),
          )
        : h('p', { class: 'empty' }, 'The app has not published a Home for you yet.'),
    ),
  );
}
