import { diffOf } from '../entities-review.ts';
import { botUser } from '../forge.ts';
import { ApiError, forbidden, notFound } from '../grape.ts';
import { filterOf, orderOf } from '../merge-request-filter.ts';
import { botLevel, type MergeRequest, mayWrite, namespaceOf } from '../model.ts';
import { pageParams, paginate } from '../paging.ts';
import { type Answer, type ApiRoute, type Call, numberIn, ok, readableRepository } from './context.ts';

/** Filters, orders and cuts a list of merge requests as the request says. */
export function pageOf(
  call: Call,
  all: MergeRequest[],
  defaultScope: 'created_by_me' | 'all' = 'all',
): Answer {
  const { params } = call;
  const fits = filterOf(params, call.api.forge, defaultScope);
  const order = orderOf(params);
  const simple = params.oneOf('view', ['simple'] as const) === 'simple';
  const details = params.boolean('with_labels_details') === true;
  const at = pageParams(params);
  params.check();
  const page = paginate(all.filter(fits).sort(order), at, call.url);
  const { review } = call.api;
  return ok(
    page.items.map((mergeRequest) =>
      simple ? review.mergeRequestSimple(mergeRequest) : review.mergeRequestBasic(mergeRequest, details),
    ),
    page.headers,
  );
}

/** Over all projects: the bot's own unless `scope=all` (facts: trap 6). */
function listAll(call: Call) {
  const visible = call.api.forge.mergeRequests.filter(({ project }) => botLevel(project) >= 20);
  return pageOf(call, visible, 'created_by_me');
}

function listOfGroup(call: Call) {
  const group = call.path['id'] ?? '';
  const { projects, mergeRequests } = call.api.forge;
  const within = (path: string) => path === group || path.startsWith(`${group}/`);
  if (!projects.some((project) => botLevel(project) > 0 && within(namespaceOf(project))))
    throw notFound('Group');
  return pageOf(
    call,
    mergeRequests.filter(({ project }) => botLevel(project) >= 20 && within(namespaceOf(project))),
  );
}

function listOfProject(call: Call) {
  return pageOf(call, call.api.mergeRequests.of(readableRepository(call)));
}

/** The merge requests that a commit came with. */
function listOfCommit(call: Call) {
  const project = readableRepository(call);
  const commit = call.api.forge.history.find(project, call.path['sha'] ?? '');
  if (!commit) throw notFound('Commit');
  const found = call.api.mergeRequests
    .of(project)
    .filter(({ sha, mergeCommitSha }) => sha === commit.id || mergeCommitSha === commit.id);
  return pageOf(call, found);
}

function mergeRequestOf(call: Call): MergeRequest {
  const project = readableRepository(call);
  const found = call.api.mergeRequests.find(project, numberIn(call, 'merge_request_iid'));
  if (!found) throw notFound();
  return found;
}

function single(call: Call, mergeRequest: MergeRequest) {
  const { project, targetBranch } = mergeRequest;
  return call.api.review.mergeRequest(mergeRequest, mayWrite(project, targetBranch, botLevel(project)));
}

const editable = [
  'assignee_id',
  'assignee_ids',
  'description',
  'labels',
  'add_labels',
  'remove_labels',
  'reviewer_ids',
  'milestone_id',
  'state_event',
  'target_branch',
  'title',
  'discussion_locked',
  'squash',
  'remove_source_branch',
] as const;

/** Changes labels, title, description and state; the other fields are taken and do nothing here. */
function edit(call: Call) {
  const mergeRequest = mergeRequestOf(call);
  const { params } = call;
  if (!editable.some((name) => params.has(name)))
    params.fault(`${editable.join(', ')} are missing, at least one parameter must be provided`);
  const title = params.string('title');
  const description = params.string('description');
  const event = params.oneOf('state_event', ['close', 'reopen'] as const);
  const set = params.list('labels');
  const add = params.list('add_labels') ?? [];
  const remove = params.list('remove_labels') ?? [];
  params.check();
  const { project } = mergeRequest;
  if (botLevel(project) < 30 || project.spec.archived) throw forbidden();
  if (title === '') throw new ApiError(400, { message: { title: ["can't be blank"] } });
  const labels = [...(set ?? mergeRequest.labels), ...add].filter((label) => !remove.includes(label));
  const change = {
    labels,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
  };
  call.api.mergeRequests.edit(mergeRequest, change, botUser);
  if (event === 'close' && mergeRequest.state === 'opened')
    call.api.mergeRequests.close(mergeRequest, botUser);
  if (event === 'reopen' && mergeRequest.state === 'closed')
    call.api.mergeRequests.reopen(mergeRequest, botUser);
  return ok(single(call, mergeRequest));
}

function diffs(call: Call) {
  const { changes } = mergeRequestOf(call);
  const at = pageParams(call.params);
  call.params.check();
  const page = paginate(changes, at, call.url);
  return ok(page.items.map(diffOf), page.headers);
}

/** The project's labels: those that its merge requests have had. */
function labels(call: Call) {
  const project = readableRepository(call);
  const search = call.params.string('search')?.toLowerCase() ?? '';
  const at = pageParams(call.params);
  call.params.check();
  const names = new Set(call.api.mergeRequests.of(project).flatMap((mergeRequest) => mergeRequest.labels));
  const found = [...names].filter((name) => name.toLowerCase().includes(search)).sort();
  const page = paginate(found, at, call.url);
  return ok(
    page.items.map((name) => call.api.review.label(project, name)),
    page.headers,
  );
}

const one = '/projects/:id/merge_requests/:merge_request_iid';

/** Merge requests with their labels and changed files. */
export const mergeRequestRoutes: ApiRoute[] = [
  { method: 'GET', path: '/merge_requests', handle: listAll },
  { method: 'GET', path: '/groups/:id/merge_requests', handle: listOfGroup },
  { method: 'GET', path: '/projects/:id/merge_requests', handle: listOfProject },
  { method: 'GET', path: '/projects/:id/repository/commits/:sha/merge_requests', handle: listOfCommit },
  { method: 'GET', path: one, handle: (call) => ok(single(call, mergeRequestOf(call))) },
  { method: 'PUT', path: one, handle: edit },
  {
    method: 'GET',
    path: `${one}/changes`,
    handle: (call) => {
      const mergeRequest = mergeRequestOf(call);
      return ok({
        ...single(call, mergeRequest),
        changes: mergeRequest.changes.map(diffOf),
        overflow: false,
      });
    },
  },
  { method: 'GET', path: `${one}/diffs`, handle: diffs },
  { method: 'GET', path: '/projects/:id/labels', handle: labels },
];
