import type { Faults } from '../gitlab/faults.ts';
import type { RequestLog } from '../gitlab/request-log.ts';
import { HttpError, type Router, readJson, sendJson } from '../shared/http.ts';
import { readAs } from '../shared/read-as.ts';
import { bodies } from './control-schema.ts';
import type { Machine } from './dispatch.ts';
import type { SentryWorld } from './world.ts';

const minute = 60_000;

/** Adds every `/_control` endpoint (see sandbox/sentry/README.md) to the router. */
export function addControl(router: Router, machine: Machine, faults: Faults, log: RequestLog): void {
  const { world, events, issues } = machine;
  router.add('GET', '/_control/state', ({ response }) =>
    sendJson(response, 200, { world, issues: issues.all(), faults: faults.list() }),
  );
  router.add('GET', '/_control/requests', ({ response, url }) =>
    sendJson(response, 200, { requests: log.list(url.searchParams.get('route') ?? undefined) }),
  );
  router.add('POST', '/_control/world', async ({ request, response }) => {
    Object.assign(world, readAs(bodies.world, await readJson(request)));
    sendJson(response, 200, { world });
  });
  router.add('POST', '/_control/errors', async ({ request, response }) => {
    const {
      project,
      environment,
      tags = {},
      from,
      perMinute,
    } = readAs(bodies.errors, await readJson(request));
    known(world, project, environment);
    const first = from === undefined ? Date.now() - (perMinute.length - 1) * minute : Date.parse(from);
    events.record({ project, environment, tags, from: first, perMinute });
    sendJson(response, 201, { from: new Date(first).toISOString(), minutes: perMinute.length });
  });
  router.add('DELETE', '/_control/errors', ({ response }) => {
    events.clear();
    sendJson(response, 200, {});
  });
  addIssues(router, machine);
  addFaults(router, faults);
}

function addIssues(router: Router, { world, issues }: Machine): void {
  router.add('POST', '/_control/issues', async ({ request, response }) => {
    const wish = readAs(bodies.issue, await readJson(request));
    known(world, wish.project, wish.environment);
    const lastSeen = wish.lastSeen === undefined ? Date.now() : Date.parse(wish.lastSeen);
    const made = issues.add({
      project: wish.project,
      environment: wish.environment,
      title: wish.title,
      culprit: wish.culprit ?? '',
      level: wish.level ?? 'error',
      status: 'unresolved',
      firstRelease: wish.firstRelease ?? null,
      firstSeen: wish.firstSeen === undefined ? lastSeen : Date.parse(wish.firstSeen),
      lastSeen,
      count: wish.count ?? 1,
      userCount: wish.userCount ?? 0,
      tags: wish.tags ?? {},
    });
    sendJson(response, 201, made);
  });
  router.add('POST', '/_control/issues/status', async ({ request, response }) => {
    const { id, status } = readAs(bodies.status, await readJson(request));
    const issue = issues.find(id);
    if (!issue) throw new HttpError(404, `no issue ${id}`);
    issue.status = status;
    sendJson(response, 200, issue);
  });
  router.add('DELETE', '/_control/issues', ({ response }) => {
    issues.clear();
    sendJson(response, 200, {});
  });
}

function addFaults(router: Router, faults: Faults): void {
  router.add('POST', '/_control/faults', async ({ request, response }) =>
    sendJson(response, 201, faults.add(readAs(bodies.fault, await readJson(request)))),
  );
  router.add('GET', '/_control/faults', ({ response }) => sendJson(response, 200, { faults: faults.list() }));
  router.add('DELETE', '/_control/faults', ({ response }) =>
    sendJson(response, 200, { removed: faults.remove() }),
  );
  router.add('DELETE', '/_control/faults/:id', ({ response, params }) => {
    const removed = faults.remove(Number(params['id']));
    if (removed === 0) throw new HttpError(404, `no fault ${params['id']}`);
    sendJson(response, 200, { removed });
  });
}

function known(world: SentryWorld, project: string, environment: string): void {
  if (!world.projects.some(({ slug }) => slug === project)) throw new HttpError(404, `no project ${project}`);
  if (!world.environments.includes(environment)) throw new HttpError(404, `no environment ${environment}`);
}
