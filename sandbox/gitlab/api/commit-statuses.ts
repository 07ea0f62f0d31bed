import { type CommitStatus, statusStates } from '../commit-statuses.ts';
import { botUser } from '../forge.ts';
import { ApiError, forbidden, notFound } from '../grape.ts';
import { botLevel, branchesOf, type Commit, type Project } from '../model.ts';
import { pageParams, paginate } from '../paging.ts';
import { type ApiRoute, type Call, created, ok, projectOf, readableBuilds } from './context.ts';

/** The longest description and target address, in characters. */
const longestText = 255;

function setStatus(call: Call) {
  const { params, api } = call;
  const state = params.oneOf('state', statusStates);
  if (!params.has('state')) params.fault('state is missing');
  const name = params.string('name') ?? params.string('context') ?? 'default';
  const description = params.string('description') ?? null;
  const targetUrl = params.string('target_url') ?? null;
  const ref = params.string('ref');
  params.integer('pipeline_id');
  params.check();
  const project = projectOf(call);
  if (botLevel(project) < 30 || project.spec.archived || project.spec.buildsAccess === 'disabled')
    throw forbidden();
  const sha = call.path['sha'] ?? '';
  // Unlike where commits are read, a part of a hash or a branch does not do.
  const commit = api.forge.history.find(project, sha);
  if (!commit || commit.id !== sha.toLowerCase()) throw notFound('Commit');
  tooLong('description', description);
  tooLong('target_url', targetUrl);
  if (targetUrl !== null && !/^https?:\/\//.test(targetUrl))
    throw invalid('target_url', 'is blocked: Only allowed schemes are http, https');
  const wish = {
    name,
    ref: ref ?? branchOf(project, commit),
    state: state ?? 'pending',
    description,
    targetUrl,
  };
  const set = api.forge.commitStatuses.set(project, commit, wish);
  if ('refused' in set) throw new ApiError(400, { message: set.refused });
  return created(statusJson(call, set));
}

function tooLong(name: string, text: string | null): void {
  if ((text?.length ?? 0) > longestText)
    throw invalid(name, `is too long (maximum is ${longestText} characters)`);
}

function invalid(name: string, why: string): ApiError {
  return new ApiError(400, { message: { [name]: [why] } });
}

/** Where no ref is given, GitLab takes a branch that has the commit. */
function branchOf(project: Project, { id }: Commit): string {
  const ran = project.pipelines.findLast(({ sha }) => sha === id);
  return ran?.ref ?? branchesOf(project)[0] ?? 'main';
}

function listStatuses(call: Call) {
  const project = readableBuilds(call);
  const { forge } = call.api;
  const commit = forge.history.find(project, call.path['sha'] ?? '');
  if (!commit) throw notFound('Commit');
  const name = call.params.string('name');
  const ref = call.params.string('ref');
  const all = call.params.boolean('all') === true;
  const at = pageParams(call.params);
  call.params.check();
  const { commitStatuses } = forge;
  const found = (all ? commitStatuses.of(project, commit.id) : commitStatuses.latest(project, commit.id))
    .filter((status) => name === undefined || status.name === name)
    .filter((status) => ref === undefined || status.ref === ref);
  const page = paginate(found, at, call.url);
  return ok(
    page.items.map((status) => statusJson(call, status)),
    page.headers,
  );
}

function statusJson({ api }: Call, status: CommitStatus) {
  return {
    id: status.id,
    sha: status.sha,
    ref: status.ref,
    status: status.state,
    name: status.name,
    target_url: status.targetUrl,
    description: status.description,
    created_at: status.createdAt.toISOString(),
    started_at: status.startedAt?.toISOString() ?? null,
    finished_at: status.finishedAt?.toISOString() ?? null,
    allow_failure: false,
    coverage: null,
    author: api.entities.user(botUser),
  };
}

/** What others say beside a commit. */
export const commitStatusRoutes: ApiRoute[] = [
  { method: 'POST', path: '/projects/:id/statuses/:sha', handle: setStatus },
  { method: 'GET', path: '/projects/:id/repository/commits/:sha/statuses', handle: listStatuses },
];
