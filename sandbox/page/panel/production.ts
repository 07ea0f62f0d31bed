import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import type { Service } from '../services.ts';
import { act } from './act.ts';
import { drawRegion } from './production-region.ts';

/** What the tab is made of; while it is open they are read again and again, as ECS tells nobody what it does. */
export const productionServices: readonly Service[] = ['production', 'aws'];

/** Draws the pipelines to production: what is deployed to which region, and what happens there. */
export function drawProduction(app: App): Child {
  const { production, connections } = app.state;
  if (!production || connections.production !== 'live')
    return h('p', { key: 'connecting', role: 'status' }, 'Connecting to the simulated pipelines…');
  const { service, regions } = production;
  return [
    h(
      'p',
      { key: 'intro', class: 'panel-intro' },
      `A pipeline deploys ${service} to its regions, one after the other. Terraform and ECS are played; the bot watches them as it would real ones and tells in #releases what it sees.`,
    ),
    drawCommit(app),
    regions.map((region, index) => drawRegion(app, region, regions[index - 1]?.region ?? null)),
    h(
      'p',
      { key: 'pace', class: 'quiet pace' },
      'Sped up: Terraform takes 4 seconds, and ECS goes four times as fast. Not sped up: the bot. PASS takes it about half a minute. GO comes 5 minutes later, as the spike check needs so much of the log, and opens the gate of the next region. A PASS is looked at again after 5 and 15 minutes.',
    ),
  ];
}

function drawCommit(app: App): Child {
  const { production } = app.state;
  if (!production) return null;
  const { commit, title } = production;
  return h(
    'section',
    { key: 'commit', class: 'on-its-way', 'aria-labelledby': 'commit-title' },
    h('h3', { id: 'commit-title' }, 'Deployed next: the head of release'),
    h('p', { class: 'panel-note', role: 'status' }, h('code', {}, commit.slice(0, 8)), ` ${title}`),
    h(
      'button',
      {
        type: 'button',
        class: 'button small',
        on: { click: () => void act(app, 'production', 'fix', {}) },
      },
      'Bring a fix to release',
    ),
  );
}
