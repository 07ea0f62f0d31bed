import { stripVTControlCharacters } from 'node:util';
import { HttpError, type Router } from '../shared/http.ts';
import type { Machine } from './control.ts';
import type { Forge } from './forge.ts';
import { Params, queryValues } from './grape.ts';
import { traceOf } from './job-log.ts';
import { filterOf } from './merge-request-filter.ts';
import { type Job, latestJobs, type MergeRequest, type Pipeline, type Project } from './model.ts';

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const asText = (text: string) => text.replace(/[&<>"']/g, (found) => escapes[found] ?? found);

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${asText(title)}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#1f1e24}
td,th{padding:.25rem .75rem .25rem 0;text-align:left}.note{color:#626168}pre{background:#f4f4f5;padding:1rem}</style>
<h1>${asText(title)}</h1>${body}<p class="note">Simulated GitLab: nothing is built or deployed here.</p></html>`;
}

/** A log without what a terminal hides: colours and section marks. */
const plain = (log: string) => stripVTControlCharacters(log).replace(/section_(start|end):\d+:\w+\r/g, '');

const pipelinePath = (p: Pipeline) => `/${p.project.spec.path}/-/pipelines/${p.id}`;
const pipelineLink = (p: Pipeline) => `<a href="${asText(pipelinePath(p))}">#${p.id}</a> ${asText(p.status)}`;

function pipelinePage(pipeline: Pipeline): string {
  const rows = latestJobs(pipeline).map((job) => {
    const name =
      job.plan.kind === 'job'
        ? `<a href="/${asText(pipeline.project.spec.path)}/-/jobs/${job.id}">${asText(job.name)}</a>`
        : asText(job.name);
    const downstream = job.downstream ? pipelineLink(job.downstream) : '';
    return `<tr><td>${asText(job.stage)}</td><td>${name}</td><td>${job.status}</td><td>${downstream}</td></tr>`;
  });
  const variables = pipeline.variables.map((v) => `<li><code>${asText(`${v.key}=${v.value}`)}</code></li>`);
  return page(
    `Pipeline #${pipeline.id} · ${pipeline.project.spec.path}`,
    `<p>${asText(pipeline.status)} · branch ${asText(pipeline.ref)} · started by ${asText(pipeline.user.name)} (${pipeline.source})</p>
<table><tr><th>Stage</th><th>Job</th><th>Status</th><th>Downstream</th></tr>${rows.join('')}</table>
<h2>Variables</h2><ul>${variables.join('') || '<li>none</li>'}</ul>`,
  );
}

function jobPage(job: Job): string {
  const back = `<p>${asText(job.status)} · in ${pipelineLink(job.pipeline)}</p>`;
  return page(`Job ${job.name}`, `${back}<pre>${asText(plain(traceOf(job, false)))}</pre>`);
}

function projectPage(project: Project): string {
  const items = project.pipelines.map((p) => `<li>${pipelineLink(p)}</li>`).reverse();
  return page(project.spec.path, `<h2>Pipelines</h2><ul>${items.join('') || '<li>none yet</li>'}</ul>`);
}

function mergeRequestPage(m: MergeRequest): string {
  const labels = m.labels.map((label) => `<code>${asText(label)}</code>`).join(' ') || 'no labels';
  const paths = m.changes.map(({ path, kind }) => `<li><code>${asText(path)}</code> ${kind}</li>`);
  return page(
    `!${m.iid} ${m.title}`,
    `<p>${m.state} · by ${asText(m.author.name)} · into ${asText(m.targetBranch)} · ${labels}</p>
<p>${asText(m.description)}</p><h2>Changes</h2><ul>${paths.join('') || '<li>none</li>'}</ul>`,
  );
}

/** The same query as GitLab's own list takes: its screen says `label_name` where the API says `labels`. */
function mergeRequestsPage(forge: Forge, project: Project, search: URLSearchParams): string {
  const values = queryValues(search);
  const query = new Params({
    ...values,
    labels: values['label_name'] ?? values['labels'],
    'not[labels]': values['not[label_name]'] ?? values['not[labels]'],
    state: values['state'] ?? 'opened',
  });
  const fits = filterOf(query, forge, 'all');
  query.check();
  const found = forge.mergeRequests.filter((m) => m.project === project).filter(fits);
  const rows = found.map(
    (m) =>
      `<li><a href="/${asText(project.spec.path)}/-/merge_requests/${m.iid}">!${m.iid}</a> ${asText(m.title)} · ${m.labels.map(asText).join(', ') || 'no labels'}</li>`,
  );
  return page(`Merge requests · ${project.spec.path}`, `<ul>${rows.join('') || '<li>none</li>'}</ul>`);
}

function commitPage(forge: Forge, project: Project, sha: string): string | undefined {
  const commit = forge.history.find(project, sha);
  if (!commit) return undefined;
  const by = commit.author ? ` by ${asText(commit.author.name)}` : '';
  return page(`Commit ${commit.id.slice(0, 8)}`, `<p>${asText(commit.title)}${by}</p>`);
}

/** What a person sees behind the web addresses that the API gives: project, pipeline, job, merge request, commit. */
export function addPages(router: Router, { forge }: Machine): void {
  const projectAt = (params: Record<string, string>) => {
    const found = forge.findProject(`${params['namespace']}/${params['name']}`);
    if (!found) throw new HttpError(404, 'no such project');
    return found;
  };
  const html = { 'content-type': 'text/html; charset=utf-8' };
  router.add('GET', '/:namespace/:name/-/pipelines/:id', ({ params, response }) => {
    const found = projectAt(params).pipelines.find((pipeline) => String(pipeline.id) === params['id']);
    if (!found) throw new HttpError(404, 'no such pipeline');
    response.writeHead(200, html).end(pipelinePage(found));
  });
  router.add('GET', '/:namespace/:name/-/jobs/:id', ({ params, response }) => {
    const jobs = projectAt(params).pipelines.flatMap((pipeline) => pipeline.jobs);
    const found = jobs.find((job) => String(job.id) === params['id']);
    if (!found) throw new HttpError(404, 'no such job');
    response.writeHead(200, html).end(jobPage(found));
  });
  router.add('GET', '/:namespace/:name/-/merge_requests', ({ params, response, url }) => {
    response.writeHead(200, html).end(mergeRequestsPage(forge, projectAt(params), url.searchParams));
  });
  router.add('GET', '/:namespace/:name/-/merge_requests/:iid', ({ params, response }) => {
    const project = projectAt(params);
    const found = forge.mergeRequests.find((m) => m.project === project && String(m.iid) === params['iid']);
    if (!found) throw new HttpError(404, 'no such merge request');
    response.writeHead(200, html).end(mergeRequestPage(found));
  });
  router.add('GET', '/:namespace/:name/-/commit/:sha', ({ params, response }) => {
    const found = commitPage(forge, projectAt(params), params['sha'] ?? '');
    if (found === undefined) throw new HttpError(404, 'no such commit');
    response.writeHead(200, html).end(found);
  });
  router.add('GET', '/:namespace/:name', ({ params, response }) => {
    response.writeHead(200, html).end(projectPage(projectAt(params)));
  });
}
