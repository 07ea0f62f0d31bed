import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import type { Service } from '../services.ts';
import type { PanelTab } from '../store.ts';
import { drawFaults } from './faults.ts';
import { drawGitLab } from './gitlab.ts';
import { drawGuide } from './guide.ts';
import { drawLinear } from './linear.ts';
import { drawProduction } from './production.ts';
import { drawStaging } from './staging.ts';

interface Tab {
  id: PanelTab;
  title: string;
  /** The tab is there only where the sandbox has this service. */
  service?: Service;
  draw: (app: App) => Child;
}

const allTabs: Tab[] = [
  { id: 'guide', title: 'Try this', draw: drawGuide },
  { id: 'faults', title: 'What goes wrong', draw: drawFaults },
  { id: 'gitlab', title: 'GitLab', draw: drawGitLab },
  { id: 'staging', title: 'Staging', service: 'website', draw: drawStaging },
  { id: 'production', title: 'Production', service: 'production', draw: drawProduction },
  { id: 'linear', title: 'Linear', service: 'linear', draw: drawLinear },
];

function tabsOf({ state }: App): Tab[] {
  return allTabs.filter(({ service }) => !service || state.services.includes(service));
}

/** Draws the sandbox panel: first steps, faults, and what the simulated services hold. */
export function drawPanel(app: App): Child {
  const { panelOpen, panelTab } = app.state;
  if (!panelOpen) return null;
  const tabs = tabsOf(app);
  const open = tabs.find((tab) => tab.id === panelTab);
  return h(
    'aside',
    { key: 'panel', id: 'panel', class: 'panel', 'aria-label': 'Sandbox' },
    h(
      'div',
      {
        class: 'tabs',
        role: 'tablist',
        'aria-label': 'Sandbox',
        on: { keydown: (event) => moveTab(app, event) },
      },
      tabs.map((tab) => drawTab(app, tab)),
    ),
    open &&
      h(
        'div',
        {
          key: open.id,
          class: 'panel-body',
          role: 'tabpanel',
          id: `panel-${open.id}`,
          tabindex: 0,
          'aria-labelledby': `tab-${open.id}`,
        },
        open.draw(app),
      ),
  );
}

function drawTab(app: App, { id, title }: Tab): Child {
  const selected = app.state.panelTab === id;
  const count = id === 'faults' ? app.state.faults.length : 0;
  return h(
    'button',
    {
      key: id,
      id: `tab-${id}`,
      type: 'button',
      role: 'tab',
      'aria-selected': String(selected),
      'aria-controls': `panel-${id}`,
      tabindex: selected ? 0 : -1,
      on: { click: () => app.change({ panelTab: id }) },
    },
    title,
    count > 0 && [' ', h('span', { class: 'count' }, String(count))],
  );
}

/** Left and right move between tabs, as assistive technology expects of a tab list. */
function moveTab(app: App, event: KeyboardEvent): void {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const tabs = tabsOf(app);
  const index = tabs.findIndex((tab) => tab.id === app.state.panelTab);
  const next = tabs[(index + step + tabs.length) % tabs.length];
  if (!next) return;
  app.change({ panelTab: next.id });
  document.getElementById(`tab-${next.id}`)?.focus();
}
