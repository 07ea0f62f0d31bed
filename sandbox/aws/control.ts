import { HttpError, type Router, readJson, sendJson } from '../shared/http.ts';
import { readAs } from '../shared/read-as.ts';
import { addRollouts, stageOf } from './control-rollouts.ts';
import { bodies } from './control-schema.ts';
import type { Machine } from './dispatch.ts';
import { addService, changeService } from './ecs/fleet.ts';
import { streamOf } from './ecs/task.ts';
import type { LogGroup } from './logs/log-group.ts';
import type { Region } from './region.ts';
import { snapshot } from './snapshot.ts';
import { homeRegion } from './world.ts';

/** Adds every `/_control` endpoint (see sandbox/aws/README.md) to the router. */
export function addControl(router: Router, machine: Machine): void {
  router.add('GET', '/_control/state', ({ response }) => {
    machine.rollouts.playUntil(machine.clock.now());
    sendJson(response, 200, snapshot(machine));
  });
  router.add('GET', '/_control/requests', ({ response, url }) =>
    sendJson(response, 200, { requests: machine.log.list(url.searchParams.get('operation') ?? undefined) }),
  );
  router.add('POST', '/_control/world', async ({ request, response }) => {
    const { speed, ...change } = readAs(bodies.world, await readJson(request));
    if (speed !== undefined) machine.clock.setSpeed(speed);
    Object.assign(machine.world, change);
    for (const account of machine.accounts.all()) account.limits.clear();
    sendJson(response, 200, snapshot(machine).settings);
  });
  router.add('POST', '/_control/access', async ({ request, response }) => {
    const { account, operation, allowed } = readAs(bodies.access, await readJson(request));
    const { denied } = machine.accounts.get(account);
    if (allowed) denied.delete(operation);
    else denied.add(operation);
    sendJson(response, 200, { denied: [...denied] });
  });
  addServices(router, machine);
  addRollouts(router, machine);
  addLogs(router, machine);
  addFaults(router, machine);
}

function addServices(router: Router, { accounts, clock, rollouts }: Machine): void {
  router.add('POST', '/_control/services', async ({ request, response }) => {
    const { account, region = homeRegion, ...spec } = readAs(bodies.addService, await readJson(request));
    const place = accounts.get(account).regions.get(region);
    if (place.clusters.get(spec.cluster)?.services.has(spec.name))
      throw new HttpError(409, `there is a service ${spec.name} already`);
    sendJson(response, 201, addService(place, spec, clock.now()));
  });
  router.add('POST', '/_control/services/set', async ({ request, response }) => {
    const { account, region, cluster, service, ...change } = readAs(
      bodies.setService,
      await readJson(request),
    );
    const now = clock.now();
    rollouts.playUntil(now);
    const stage = stageOf(accounts.get(account).regions.get(region ?? homeRegion), cluster, service);
    rollouts.end(stage.service);
    changeService(stage.region, stage.cluster, stage.service, change, now);
    sendJson(response, 200, stage.service);
  });
}

function addLogs(router: Router, { accounts, clock, rollouts }: Machine): void {
  router.add('POST', '/_control/log-groups', async ({ request, response }) => {
    const { account, region = homeRegion, name } = readAs(bodies.addLogGroup, await readJson(request));
    const place = accounts.get(account).regions.get(region);
    if (place.groups.has(name)) throw new HttpError(409, `there is a log group ${name} already`);
    place.groupFor(name, clock.now());
    sendJson(response, 201, { name });
  });
  router.add('POST', '/_control/lines', async ({ request, response }) => {
    const { account, region, group, stream, lines } = readAs(bodies.lines, await readJson(request));
    const now = clock.now();
    rollouts.playUntil(now);
    const place = accounts.get(account).regions.get(region ?? homeRegion);
    const found = groupIn(place, group);
    const into = stream ?? currentStream(place, group);
    const put = lines.map(({ text, at }) => found.put(into, at === undefined ? now : Date.parse(at), text));
    sendJson(response, 201, { lines: put });
  });
  router.add('POST', '/_control/background', async ({ request, response }) => {
    const wish = readAs(bodies.background, await readJson(request));
    const { account, region = homeRegion, group, from, until, ...rest } = wish;
    const id = groupIn(accounts.get(account).regions.get(region), group).addBackground({
      ...rest,
      ...(from === undefined ? {} : { from: Date.parse(from) }),
      ...(until === undefined ? {} : { until: Date.parse(until) }),
    });
    sendJson(response, 201, { id });
  });
  router.add('POST', '/_control/background/remove', async ({ request, response }) => {
    const wish = readAs(bodies.removeBackground, await readJson(request));
    const { account, region = homeRegion, group, id } = wish;
    const removed = groupIn(accounts.get(account).regions.get(region), group).removeBackground(id);
    if (removed === 0 && id !== undefined) throw new HttpError(404, `no background ${id}`);
    sendJson(response, 200, { removed });
  });
}

function groupIn(region: Region, name: string): LogGroup {
  const group = region.groups.get(name);
  if (!group) throw new HttpError(404, `no log group ${name} in ${region.name}`);
  return group;
}

function currentStream(region: Region, group: string): string {
  const task = region.tasksLoggingTo(group).find(({ lastStatus }) => lastStatus === 'RUNNING');
  if (!task) throw new HttpError(409, `no task writes to ${group} now: name a stream`);
  return streamOf(task);
}

function addFaults(router: Router, { faults }: Machine): void {
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
