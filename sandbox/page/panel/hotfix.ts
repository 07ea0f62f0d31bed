import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import { control, isRecord } from '../services.ts';
import { attempt } from './act.ts';

/** What gets mended, in turn. */
const fixes = [
  { title: 'Do not divide by an empty circuit', author: 'm.haddad', path: 'src/load_management/limits.py' },
  { title: 'Time out a silent charger after five minutes', author: 'p.novak', path: 'src/chargers/state.py' },
  { title: 'Round the energy of a session once', author: 's.lindgren', path: 'src/exports/energy.py' },
];

/** Draws the button that lets a hotfix reach staging. */
export function drawHotfix(app: App): Child {
  return h(
    'div',
    { key: 'hotfix', class: 'hotfix' },
    h(
      'button',
      { type: 'button', class: 'button small', on: { click: () => void deploy(app) } },
      'Deploy a hotfix to staging',
    ),
    h(
      'p',
      { class: 'quiet' },
      'Merges a merge request into bf-manage-core, picks it to release and starts the pipeline. It takes a few seconds; see the tab GitLab.',
    ),
  );
}

async function deploy(app: App): Promise<void> {
  const projects = app.state.gitlab?.projects ?? [];
  const project = projects.find(({ path }) => path.endsWith('/bf-manage-core'))?.path;
  const before = app.state.gitlab?.staging.mergeRequests.length ?? 0;
  const fix = fixes[before % fixes.length];
  if (project === undefined || !fix) return app.change({ notice: 'There is no project bf-manage-core.' });
  const { title, author, path } = fix;
  await attempt(app, async () => {
    const made = await control('gitlab', 'POST', 'act/merge-request', {
      project,
      title: `Hotfix: ${title}`,
      author,
      paths: [path],
      labels: ['hotfix'],
    });
    await control('gitlab', 'POST', 'act/pick', {
      project,
      iid: isRecord(made) && made['iid'],
      onto: 'release',
    });
    await control('gitlab', 'POST', 'act/run-pipeline', {
      project,
      ref: 'release',
      user: author,
      variables: [{ key: 'ORCHESTRATION_RELEASE', value: 'true' }],
    });
  });
}
