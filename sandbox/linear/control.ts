import {
  type Exchange,
  HttpError,
  openEventStream,
  type Router,
  readJson,
  sendJson,
} from '../shared/http.ts';
import { readAs } from '../shared/read-as.ts';
import { bodies } from './control-schema.ts';
import type { Faults } from './faults.ts';
import type { Limits } from './limits.ts';
import type { Issue } from './model.ts';
import { Person } from './person.ts';
import type { RequestLog } from './request-log.ts';
import { viewChange, viewIssue } from './snapshot.ts';
import type { Workspace } from './workspace.ts';

/** What the control endpoints steer. */
export interface Machine {
  workspace: Workspace;
  limits: Limits;
  faults: Faults;
  log: RequestLog;
}

const path = (name: string) => `/_control/${name}`;

/** Adds every `/_control` endpoint to the router. */
export function addControl(router: Router, machine: Machine): void {
  addReading(router, machine);
  addActs(router, machine.workspace);
  addFaults(router, machine.faults);
}

function addReading(router: Router, { workspace, limits, faults, log }: Machine): void {
  router.add('GET', path('state'), ({ response }) =>
    sendJson(response, 200, {
      url: workspace.base,
      organization: workspace.organization.name,
      settings: workspace.settings,
      teams: workspace.teams.map((team) => ({
        id: team.id,
        key: team.key,
        name: team.name,
        states: workspace.statesOf(team).map(({ id, name, type }) => ({ id, name, type })),
      })),
      users: workspace.users.map(({ id, name, email }) => ({ id, name, email })),
      labels: workspace.labels.map(({ id, name, team }) => ({ id, name, team: team?.key ?? null })),
      issues: workspace.issues.map((issue) => viewIssue(workspace, issue)),
      limits: [limits.status('requests'), limits.status('complexity')],
      faults: faults.list(),
    }),
  );
  router.add('GET', path('issues'), ({ response }) =>
    sendJson(response, 200, { issues: workspace.issues.map((issue) => viewIssue(workspace, issue)) }),
  );
  router.add('GET', path('requests'), ({ response, url }) =>
    sendJson(response, 200, { requests: log.list(url.searchParams.get('operation') ?? undefined) }),
  );
  router.add('GET', path('changes'), async ({ response }) => {
    const stream = openEventStream(response);
    const stop = workspace.subscribe((change) => stream.send(viewChange(workspace, change)));
    await stream.closed;
    stop();
  });
  router.add('POST', path('world'), async ({ request, response }) => {
    Object.assign(workspace.settings, readAs(bodies.world, await readJson(request)));
    sendJson(response, 200, { settings: workspace.settings });
  });
}

/** What people do in Linear's own screen. */
function addActs(router: Router, workspace: Workspace): void {
  const person = new Person(workspace);
  const answer = ({ response }: Exchange, issue: Issue, status = 200) =>
    sendJson(response, status, viewIssue(workspace, issue));
  router.add('POST', path('act/create-issue'), async (exchange) =>
    answer(exchange, person.create(readAs(bodies.createIssue, await readJson(exchange.request))), 201),
  );
  router.add('POST', path('act/edit-issue'), async (exchange) =>
    answer(exchange, person.edit(readAs(bodies.editIssue, await readJson(exchange.request)))),
  );
  router.add('POST', path('act/toggle'), async (exchange) =>
    answer(exchange, person.toggle(readAs(bodies.toggle, await readJson(exchange.request)))),
  );
  router.add('POST', path('act/comment'), async (exchange) =>
    answer(exchange, person.comment(readAs(bodies.comment, await readJson(exchange.request))), 201),
  );
  router.add('GET', path('issues/:id'), (exchange) =>
    answer(exchange, person.issue(exchange.params['id'] ?? '')),
  );
}

function addFaults(router: Router, faults: Faults): void {
  router.add('POST', path('faults'), async ({ request, response }) =>
    sendJson(response, 201, faults.add(readAs(bodies.fault, await readJson(request)))),
  );
  router.add('GET', path('faults'), ({ response }) => sendJson(response, 200, { faults: faults.list() }));
  router.add('DELETE', path('faults'), ({ response }) =>
    sendJson(response, 200, { removed: faults.remove() }),
  );
  router.add('DELETE', path('faults/:id'), ({ response, params }) => {
    const removed = faults.remove(Number(params['id']));
    if (removed === 0) throw new HttpError(404, `no fault ${params['id']}`);
    sendJson(response, 200, { removed });
  });
}
