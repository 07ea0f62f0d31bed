import { HttpError, type Router } from '../shared/http.ts';
import type { Issue } from './model.ts';
import { asHtml, asText } from './page-text.ts';
import { viewIssue } from './snapshot.ts';
import type { Workspace } from './workspace.ts';

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#1b1c1f;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}h3{font-size:1rem}ul{padding-left:1.25rem}li.box{list-style:none;margin-left:-1.25rem}
.note,.meta{color:#5d5f66}.label{border:1px solid #c9cad1;border-radius:1rem;padding:0 .6rem;margin-right:.4rem}
article{border-left:3px solid #dfe0e6;padding-left:1rem;margin:1rem 0}code,pre{background:#f3f3f6}pre{padding:1rem;overflow:auto}a{color:#4b53bc}`;

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${asText(title)}</title><style>${style}</style>
<h1>${asText(title)}</h1>${body}<p class="note">Simulated Linear: only what the sandbox needs of it.</p></html>`;
}

const link = (href: string, text: string) => `<a href="${asText(href)}">${asText(text)}</a>`;

function issuePage(workspace: Workspace, issue: Issue): string {
  const view = viewIssue(workspace, issue);
  const labels = view.labels.map((name) => `<span class="label">${asText(name)}</span>`).join('');
  const ticked = view.boxes.filter((box) => box.checked).length;
  const boxes = view.boxes.length > 0 ? ` · ${ticked} of ${view.boxes.length} boxes ticked` : '';
  const links = view.attachments.map((one) => {
    const subtitle = one.subtitle === null ? '' : ` — ${asText(one.subtitle)}`;
    return `<li>${link(one.url, one.title)}${subtitle}</li>`;
  });
  const comments = view.comments.map(
    ({ user, createdAt, body }) =>
      `<article><p class="meta">${asText(user)} · ${createdAt}</p>${asHtml(body)}</article>`,
  );
  const history = view.history.map(
    ({ at, by, changes }) => `<li>${at} · ${asText(by)}: ${changes.map(asText).join(', ')}</li>`,
  );
  const section = (title: string, items: string) => (items === '' ? '' : `<h2>${title}</h2>${items}`);
  return page(
    `${view.identifier} ${view.title}`,
    `<p class="meta">${asText(view.state)} · ${asText(view.assignee ?? 'nobody assigned')}${boxes}</p><p>${labels}</p>
<main>${asHtml(view.description ?? '')}</main>${section('Links', links.length > 0 ? `<ul>${links.join('')}</ul>` : '')}
${section('Comments', comments.join(''))}${section('History', history.length > 0 ? `<ul>${history.join('')}</ul>` : '')}`,
  );
}

/** What a person sees behind the addresses that the API gives: an issue, and the list of all. */
export function addPages(router: Router, workspace: Workspace): void {
  const html = { 'content-type': 'text/html; charset=utf-8' };
  const { urlKey, name } = workspace.organization;
  const show = (id: string | undefined) => {
    const issue = workspace.findIssue(id ?? '');
    if (!issue) throw new HttpError(404, 'no such issue');
    return issuePage(workspace, issue);
  };
  for (const path of [`/${urlKey}/issue/:id/:slug`, `/${urlKey}/issue/:id`])
    router.add('GET', path, ({ params, response }) => {
      const body = show(params['id']);
      response.writeHead(200, html).end(body);
    });
  router.add('GET', '/', ({ response }) => {
    const items = workspace.issues.map(
      (issue) =>
        `<li>${link(issue.url, `${issue.identifier} ${issue.title}`)} · ${asText(issue.state.name)}</li>`,
    );
    const list = items.length > 0 ? `<ul>${items.reverse().join('')}</ul>` : '<p>No issue yet.</p>';
    response.writeHead(200, html).end(page(`${name}: all issues`, list));
  });
}
