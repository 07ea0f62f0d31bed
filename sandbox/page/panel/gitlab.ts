import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import type { GitLabPipeline } from '../services.ts';
import { act } from './act.ts';

const shown = 40;

/** How a status reads: a sign and a word, never colour alone. */
const signs: Record<string, [sign: string, kind: string]> = {
  success: ['✓', 'good'],
  failed: ['✕', 'bad'],
  canceled: ['⊘', 'quiet'],
  canceling: ['⊘', 'quiet'],
  skipped: ['»', 'quiet'],
  running: ['▸', 'busy'],
  manual: ['‖', 'wait'],
  scheduled: ['◷', 'wait'],
};
const waiting: [string, string] = ['…', 'wait'];

const signals: Record<string, { words: string; action: string }> = {
  ORCHESTRATION_CUT_OFF: { words: 'cut-off', action: 'bring-all-code-to-release-branch' },
  ORCHESTRATION_RELEASE: { words: 'release', action: 'deploy-release-branch-to-staging' },
};

/** Draws the simulated GitLab: its pipelines, newest first, and a way to start one by hand. */
export function drawGitLab(app: App): Child {
  const { gitlab, connections } = app.state;
  if (!gitlab || connections.gitlab !== 'live') {
    return h('p', { key: 'connecting', role: 'status' }, 'Connecting to the simulated GitLab…');
  }
  const pipelines = gitlab.pipelines.toSorted((one, other) => other.id - one.id);
  return [
    drawStart(app),
    h('h3', {}, pipelines.length === 0 ? 'No pipelines yet' : `Pipelines (${pipelines.length})`),
    h(
      'ul',
      { class: 'pipelines' },
      pipelines.slice(0, shown).map((pipeline) => drawPipeline(app, pipeline)),
    ),
    pipelines.length > shown && h('p', { class: 'quiet' }, `and ${pipelines.length - shown} older`),
    h('p', { class: 'quiet' }, `${gitlab.projects.length} projects`),
  ];
}

function drawPipeline(app: App, pipeline: GitLabPipeline): Child {
  const [sign, kind] = signs[pipeline.status] ?? waiting;
  const signal = pipeline.variables.map(({ key }) => signals[key]?.words).find(Boolean);
  const about = [signal, `from ${sourceInWords(pipeline.source)}`, `#${pipeline.id}`]
    .filter(Boolean)
    .join(' · ');
  return h(
    'li',
    { key: String(pipeline.id), class: 'pipeline' },
    h('span', { class: 'pipeline-project' }, pipeline.project.split('/').at(-1)),
    h(
      'span',
      { class: `status ${kind}` },
      h('span', { 'aria-hidden': 'true' }, `${sign} `),
      pipeline.status.replaceAll('_', ' '),
    ),
    h('span', { class: 'quiet' }, about),
    drawHand(app, pipeline),
  );
}

/** What a person could press in GitLab: play a job that waits, retry what failed. */
function drawHand(app: App, { id, project, status, waitingJob }: GitLabPipeline): Child {
  const button = (words: string, path: string, body: Record<string, unknown>) =>
    h(
      'button',
      {
        type: 'button',
        class: 'button small',
        'aria-label': `${words} pipeline ${id} of ${project}`,
        on: { click: () => void act(app, 'gitlab', path, { project, ...body }) },
      },
      words,
    );
  if (waitingJob !== null) return button('Play', 'act/play-job', { jobId: waitingJob });
  return status === 'failed' && button('Retry', 'act/retry', { pipelineId: id });
}

function sourceInWords(source: string): string {
  return { api: 'the bot', web: 'GitLab’s screen', pipeline: 'another pipeline' }[source] ?? source;
}

function drawStart(app: App): Child {
  const all = app.state.gitlab?.projects ?? [];
  const projects = [...all.filter(({ isRoot }) => !isRoot), ...all.filter(({ isRoot }) => isRoot)];
  const start = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    void startPipeline(app, String(form.get('project')), String(form.get('signal')));
  };
  return h(
    'form',
    { class: 'start-pipeline', on: { submit: start } },
    h('h3', {}, 'Start a pipeline as if in GitLab’s own screen'),
    h(
      'div',
      { class: 'panel-field' },
      h('label', { for: 'start-project' }, 'Project'),
      h(
        'select',
        { id: 'start-project', name: 'project' },
        projects.map(({ path, isRoot }) =>
          h(
            'option',
            { key: path, value: path },
            `${path.split('/').at(-1)}${isRoot ? ' (starts all projects)' : ''}`,
          ),
        ),
      ),
    ),
    h(
      'div',
      { class: 'panel-field' },
      h('label', { for: 'start-signal' }, 'Signal'),
      h(
        'select',
        { id: 'start-signal', name: 'signal' },
        Object.entries(signals).map(([key, { words }]) => h('option', { key, value: key }, words)),
      ),
    ),
    h('button', { type: 'submit', class: 'button small' }, 'Run pipeline'),
  );
}

async function startPipeline(app: App, path: string, signal: string): Promise<void> {
  const project = app.state.gitlab?.projects.find((one) => one.path === path);
  const ref = project?.branches.includes('release') ? 'release' : (project?.branches[0] ?? 'main');
  const user = app.state.screen?.user.name ?? 'somebody';
  // The root asks in its own words; a project takes the signal as a variable.
  const asked = project?.isRoot
    ? { inputs: { action: signals[signal]?.action, project: 'all', confirm: true } }
    : { variables: [{ key: signal, value: 'true' }] };
  await act(app, 'gitlab', 'act/run-pipeline', { project: path, ref, user, ...asked });
}
