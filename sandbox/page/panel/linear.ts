import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import { drawMarkdown } from '../text/markdown-draw.ts';
import { drawLink } from '../text/mrkdwn-draw.ts';
import { momentOf } from '../text/time.ts';
import type { LinearIssue } from '../worlds.ts';
import { linearFaults } from './fault-groups-outside.ts';
import { drawToggle } from './faults.ts';

/** Draws the simulated Linear: one issue as it stands, the newest unless another was chosen. */
export function drawLinear(app: App): Child {
  const { linear, linearIssue, connections } = app.state;
  if (!linear || connections.linear !== 'live')
    return h('p', { key: 'connecting', role: 'status' }, 'Connecting to the simulated Linear…');
  const newestFirst = linear.issues.toReversed();
  const issue = newestFirst.find(({ identifier }) => identifier === linearIssue) ?? newestFirst[0];
  const [down] = linearFaults.toggles;
  return [
    down && drawToggle(app, down),
    newestFirst.length > 1 && drawChoice(app, newestFirst, issue),
    issue
      ? drawIssue(issue)
      : h(
          'p',
          { key: 'none', class: 'panel-note' },
          'No issue yet. ',
          h('code', {}, '/release validate'),
          ' makes one: the record of a validation.',
        ),
  ];
}

function drawChoice(app: App, issues: LinearIssue[], shown: LinearIssue | undefined): Child {
  return h(
    'div',
    { key: 'choice', class: 'panel-field' },
    h('label', { for: 'linear-issue' }, 'Issue'),
    h(
      'select',
      {
        id: 'linear-issue',
        value: shown?.identifier ?? '',
        on: { change: (event) => app.change({ linearIssue: (event.target as HTMLSelectElement).value }) },
      },
      issues.map(({ identifier, title }) =>
        h('option', { key: identifier, value: identifier }, `${identifier} ${title}`),
      ),
    ),
  );
}

function drawIssue(issue: LinearIssue): Child {
  const ticked = issue.boxes.filter(({ checked }) => checked).length;
  const { boxes, state, assignee, labels, updatedAt } = issue;
  return h(
    'article',
    { key: issue.identifier, class: 'issue', 'aria-labelledby': 'issue-title' },
    h('h3', { id: 'issue-title' }, drawLink(issue.url, `${issue.identifier} ${issue.title}`)),
    h(
      'p',
      { class: 'quiet' },
      [state, assignee ?? 'nobody assigned', `saved ${momentOf(updatedAt)}`].join(' · '),
    ),
    labels.length > 0 &&
      h(
        'ul',
        { class: 'labels', 'aria-label': 'Labels' },
        labels.map((label) => h('li', { key: label }, label)),
      ),
    boxes.length > 0 && h('p', { class: 'ticked-count' }, `${ticked} of ${boxes.length} boxes ticked`),
    h('div', { class: 'markdown' }, drawMarkdown(issue.description ?? '', 2)),
    drawLinks(issue),
    drawComments(issue),
  );
}

function drawLinks({ attachments }: LinearIssue): Child {
  if (attachments.length === 0) return null;
  return [
    h('h4', {}, 'Links'),
    h(
      'ul',
      {},
      attachments.map(({ id, url, title, subtitle }) =>
        h(
          'li',
          { key: id },
          drawLink(url, title),
          subtitle !== null && h('span', { class: 'quiet' }, ` ${subtitle}`),
        ),
      ),
    ),
  ];
}

function drawComments({ comments }: LinearIssue): Child {
  if (comments.length === 0) return null;
  return [
    h('h4', {}, `Comments (${comments.length})`),
    h(
      'ol',
      { class: 'comments' },
      comments.map(({ id, user, createdAt, body }) =>
        h(
          'li',
          { key: id },
          h('p', { class: 'quiet' }, `${user} · ${momentOf(createdAt)}`),
          h('div', { class: 'markdown' }, drawMarkdown(body, 4)),
        ),
      ),
    ),
  ];
}
