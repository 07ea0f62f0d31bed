import { diffOf } from '../entities-review.ts';
import { botUser } from '../forge.ts';
import { notFound } from '../grape.ts';
import { botLevel, branchesOf, nameOf } from '../model.ts';
import { pageParams, paginate } from '../paging.ts';
import { type ApiRoute, type Call, ok, projectOf, readableRepository } from './context.ts';

function listProjects({ api, params, url }: Call) {
  const search = params.string('search')?.toLowerCase() ?? '';
  const archived = params.boolean('archived');
  params.boolean('membership');
  const level = params.integer('min_access_level') ?? 1;
  const at = pageParams(params);
  params.check();
  const found = api.forge.projects
    .filter((project) => botLevel(project) >= Math.max(1, level))
    .filter((project) => nameOf(project).toLowerCase().includes(search))
    .filter((project) => archived === undefined || (project.spec.archived === true) === archived)
    .sort((a, b) => b.id - a.id);
  const page = paginate(found, at, url);
  return ok(
    page.items.map((project) => api.entities.project(project)),
    page.headers,
  );
}

function getBranch(call: Call) {
  const project = readableRepository(call);
  const name = call.path['branch'] ?? '';
  if (!branchesOf(project).includes(name)) throw notFound('Branch');
  return ok(call.api.entities.branch(project, name));
}

function listBranches(call: Call) {
  const project = readableRepository(call);
  const search = call.params.string('search') ?? '';
  const at = pageParams(call.params);
  call.params.check();
  const found = branchesOf(project).filter((name) => name.includes(search));
  const page = paginate(found, at, call.url);
  return ok(
    page.items.map((name) => call.api.entities.branch(project, name)),
    page.headers,
  );
}

function listProtected(call: Call) {
  const project = readableRepository(call);
  const at = pageParams(call.params);
  const search = call.params.string('search') ?? '';
  call.params.check();
  const rules = (project.spec.protectedBranches ?? []).filter((rule) => rule.name.includes(search));
  const page = paginate(rules, at, call.url);
  return ok(
    page.items.map((rule) => call.api.entities.protectedBranch(project, rule)),
    page.headers,
  );
}

function getProtected(call: Call) {
  const project = readableRepository(call);
  const rule = project.spec.protectedBranches?.find((candidate) => candidate.name === call.path['name']);
  if (!rule) throw notFound();
  return ok(call.api.entities.protectedBranch(project, rule));
}

function getCommit(call: Call) {
  const project = readableRepository(call);
  const commit = call.api.forge.history.find(project, call.path['sha'] ?? '');
  if (!commit) throw notFound('Commit');
  const last = project.pipelines.filter((pipeline) => pipeline.sha === commit.id).at(-1);
  const { entities } = call.api;
  return ok({
    ...entities.commit(project, commit.id),
    stats: { additions: 1, deletions: 1, total: 2 },
    status: last?.status ?? null,
    project_id: project.id,
    last_pipeline: last ? entities.pipelineBasic(last) : null,
  });
}

/** What `to` has and `from` has not; the order of commits is oldest first, as GitLab's. */
function compare(call: Call) {
  const project = readableRepository(call);
  const from = call.params.required('from');
  const to = call.params.required('to');
  call.params.boolean('straight');
  call.params.check();
  const { history, mergeRequests } = call.api.forge;
  const [base, head] = [history.find(project, from), history.find(project, to)];
  if (!base || !head) throw notFound('Ref');
  const commits = history.between(project, base.id, head.id);
  const ids = commits.map((commit) => commit.id);
  const changes = mergeRequests
    .filter((merged) => merged.project === project)
    .filter(({ mergeCommitSha, pickedAs }) =>
      ids.some((id) => id === mergeCommitSha || pickedAs.includes(id)),
    )
    .flatMap((merged) => merged.changes);
  const { entities } = call.api;
  const newest = commits.at(-1);
  return ok({
    commit: newest ? entities.commit(project, newest.id) : null,
    commits: commits.map((commit) => entities.commit(project, commit.id)),
    diffs: changes.map(diffOf),
    compare_timeout: false,
    compare_same_ref: base.id === head.id,
    web_url: `${entities.webUrl(project)}/-/compare/${base.id}...${head.id}`,
  });
}

/** Instance, user, projects, branches and commits. */
export const projectRoutes: ApiRoute[] = [
  {
    method: 'GET',
    path: '/version',
    handle: () =>
      ok({
        version: '19.2.0-ee',
        revision: 'a1b2c3d4e5f',
        kas: { enabled: false, externalUrl: null, externalK8sProxyUrl: null, version: null },
        enterprise: true,
      }),
  },
  {
    method: 'GET',
    path: '/user',
    handle: ({ api }) =>
      ok({
        ...api.entities.user(botUser),
        email: botUser.email,
        bot: true,
        created_at: '2026-01-01T00:00:00.000Z',
      }),
  },
  { method: 'GET', path: '/projects', handle: listProjects },
  {
    method: 'GET',
    path: '/projects/:id',
    handle: (call) => {
      const project = projectOf(call);
      call.api.limits.projectRead(project.id);
      return ok(call.api.entities.project(project));
    },
  },
  { method: 'GET', path: '/projects/:id/repository/branches', handle: listBranches },
  { method: 'GET', path: '/projects/:id/repository/branches/:branch', handle: getBranch },
  { method: 'GET', path: '/projects/:id/protected_branches', handle: listProtected },
  { method: 'GET', path: '/projects/:id/protected_branches/:name', handle: getProtected },
  { method: 'GET', path: '/projects/:id/repository/commits/:sha', handle: getCommit },
  { method: 'GET', path: '/projects/:id/repository/compare', handle: compare },
];
