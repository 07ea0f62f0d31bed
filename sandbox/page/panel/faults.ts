import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import { faultGroups } from './fault-groups.ts';
import type { FaultGroup, FaultToggle } from './fault-list.ts';
import { clearFaults, switchFault } from './fault-switch.ts';

/** Draws "What goes wrong": switches in plain words, each showing whether it is on. */
export function drawFaults(app: App): Child {
  const count = app.state.faults.length + (app.state.doubleClick ? 1 : 0);
  return [
    h(
      'div',
      { class: 'panel-line' },
      h(
        'p',
        { role: 'status' },
        count === 0 ? 'Nothing goes wrong at the moment.' : `${count} going wrong now.`,
      ),
      count > 0 &&
        h(
          'button',
          {
            type: 'button',
            class: 'button small',
            on: {
              click: () => {
                app.change({ doubleClick: false });
                void clearFaults(app);
              },
            },
          },
          'Mend all',
        ),
    ),
    faultGroups
      .filter(({ service }) => app.state.services.includes(service))
      .map((group) => drawGroup(app, group)),
    drawYou(app),
  ];
}

function drawGroup(app: App, group: FaultGroup): Child {
  return h(
    'fieldset',
    { key: group.title },
    h('legend', {}, group.title),
    group.aboutProject && drawProjectChoice(app),
    group.toggles.map((toggle) => drawToggle(app, toggle, group.aboutProject === true)),
  );
}

/** Draws one fault's switch. */
export function drawToggle(app: App, toggle: FaultToggle, aboutProject = false): Child {
  const all = app.state.faults.filter((fault) => fault.toggle === toggle.id);
  const on = aboutProject ? all.filter((fault) => fault.id === app.state.faultProject) : all;
  const elsewhere = all.length - on.length;
  return drawSwitch(
    toggle.id,
    toggle.label,
    on.length > 0,
    () => void switchFault(app, toggle, on),
    elsewhere,
  );
}

function drawSwitch(key: string, label: string, on: boolean, toggle: () => void, elsewhere = 0): Child {
  return h(
    'label',
    { key, class: on ? 'switch on' : 'switch' },
    h('input', { type: 'checkbox', role: 'switch', checked: on, on: { change: toggle } }),
    h(
      'span',
      { class: 'switch-label' },
      label,
      elsewhere > 0 && h('small', {}, ` (also on in ${elsewhere} other)`),
    ),
    h('span', { class: 'switch-state', 'aria-hidden': 'true' }, on ? 'on' : ''),
  );
}

function drawProjectChoice(app: App): Child {
  const projects = app.state.gitlab?.projects ?? [];
  return h(
    'div',
    { class: 'panel-field' },
    h('label', { for: 'fault-project' }, 'In project'),
    h(
      'select',
      {
        id: 'fault-project',
        value: app.state.faultProject ?? '',
        on: {
          change: (event) => app.change({ faultProject: (event.target as HTMLSelectElement).value }),
        },
      },
      projects.map(({ path }) => h('option', { key: path, value: path }, path.split('/').at(-1))),
    ),
  );
}

function drawYou(app: App): Child {
  return h(
    'fieldset',
    { key: 'you' },
    h('legend', {}, 'You'),
    drawSwitch('double-click', 'Your next press or submit is a double click', app.state.doubleClick, () =>
      app.change({ doubleClick: !app.state.doubleClick }),
    ),
  );
}
