import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import type { StagedMergeRequest } from '../services.ts';
import { drawLink } from '../text/mrkdwn-draw.ts';
import { momentOf } from '../text/time.ts';
import { act } from './act.ts';
import { awsFaults } from './fault-groups-aws.ts';
import { sentryFaults, websiteFaults } from './fault-groups-outside.ts';
import { drawToggle } from './faults.ts';
import { drawHotfix } from './hotfix.ts';

const wanted = 'Validated in Staging';

/** Draws what is on staging: merge requests with their label, the web site, and what monitoring sees. */
export function drawStaging(app: App): Child {
  return [drawMergeRequests(app), drawHotfix(app), drawSite(app), drawMonitoring(app)];
}

function drawMergeRequests(app: App): Child {
  const { gitlab } = app.state;
  if (!gitlab) return h('p', { key: 'connecting', role: 'status' }, 'Connecting to the simulated GitLab…');
  const all = gitlab.staging.mergeRequests;
  const missing = all.filter(({ labels }) => !labels.includes(wanted)).length;
  return h(
    'section',
    { key: 'merge-requests', 'aria-labelledby': 'staged-title' },
    h('h3', { id: 'staged-title' }, `Merge requests on staging (${all.length})`),
    h(
      'p',
      { class: 'quiet', role: 'status' },
      all.length === 0
        ? 'Staging has nothing that production has not.'
        : missing === 0
          ? `All have the label “${wanted}”.`
          : `${missing} without the label “${wanted}”.`,
    ),
    h(
      'ul',
      { class: 'staged' },
      all.map((one) => drawMergeRequest(app, one)),
    ),
  );
}

function drawMergeRequest(
  app: App,
  { project, iid, title, author, labels, webUrl }: StagedMergeRequest,
): Child {
  const name = project.split('/').at(-1) ?? project;
  const isLabelled = labels.includes(wanted);
  const others = labels.filter((label) => label !== wanted);
  const change = () =>
    void act(app, 'gitlab', 'act/label', { project, iid, [isLabelled ? 'remove' : 'add']: [wanted] });
  return h(
    'li',
    { key: `${project}!${iid}`, class: 'staged-one' },
    h('div', { class: 'staged-title' }, drawLink(webUrl, `!${iid} ${title}`)),
    h('span', { class: 'quiet' }, [name, `by ${author}`, ...others].join(' · ')),
    h(
      'span',
      { class: isLabelled ? 'status good' : 'status bad' },
      h('span', { 'aria-hidden': 'true' }, isLabelled ? '✓ ' : '✕ '),
      isLabelled ? 'validated' : 'not validated',
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'button small',
        'aria-label': `${isLabelled ? 'Remove' : 'Add'} ${wanted}: !${iid} of ${name}`,
        on: { click: change },
      },
      isLabelled ? 'Remove label' : 'Add label',
    ),
  );
}

function drawSite(app: App): Child {
  const site = app.state.website;
  if (!site) return h('p', { key: 'site', role: 'status' }, 'Connecting to the simulated web site…');
  const { commit, branch, version, builtAt } = site.buildInfo;
  return h(
    'fieldset',
    { key: 'site' },
    h('legend', {}, websiteFaults.title),
    h(
      'p',
      { class: 'panel-note' },
      drawLink(site.url, site.url.replace(/^https?:\/\//, '')),
      ' runs ',
      h('code', {}, commit.slice(0, 8)),
      ` of ${branch}, version ${version}, built ${momentOf(builtAt)}.`,
    ),
    websiteFaults.toggles.map((toggle) => drawToggle(app, toggle)),
  );
}

/** Only what is seen of staging: that Sentry or AWS is away itself is under "What goes wrong". */
function drawMonitoring(app: App): Child {
  const groups = [sentryFaults, awsFaults].filter(({ service }) => app.state.services.includes(service));
  const seen = groups.flatMap(({ toggles }) => toggles.filter(({ aboutStaging }) => aboutStaging));
  if (seen.length === 0) return null;
  return h(
    'fieldset',
    { key: 'monitoring' },
    h('legend', {}, 'What monitoring sees in staging'),
    seen.map((toggle) => drawToggle(app, toggle)),
  );
}
