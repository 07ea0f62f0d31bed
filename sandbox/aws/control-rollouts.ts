import { HttpError, type Router, readJson, sendJson } from '../shared/http.ts';
import { readAs } from '../shared/read-as.ts';
import { bodies } from './control-schema.ts';
import type { Machine } from './dispatch.ts';
import { addService, tellSteady } from './ecs/fleet.ts';
import type { Region } from './region.ts';
import type { Begun } from './rollouts/rollouts.ts';
import type { Script } from './rollouts/script.ts';
import { scriptOf, scripts } from './rollouts/scripts/index.ts';
import type { Stage } from './rollouts/stage.ts';
import { homeRegion } from './world.ts';

/** Endpoints for time, accounts and deployments that roll. */
export function addRollouts(router: Router, machine: Machine): void {
  addClock(router, machine);
  addAccounts(router, machine);
  const { accounts, clock, rollouts } = machine;
  router.add('GET', '/_control/scripts', ({ response }) =>
    sendJson(response, 200, { scripts: scripts.map(({ id, group, says }) => ({ id, group, says })) }),
  );
  router.add('POST', '/_control/deploy', async ({ request, response }) => {
    const { account, region, cluster, service, script, ...wish } = readAs(
      bodies.deploy,
      await readJson(request),
    );
    const now = clock.now();
    rollouts.playUntil(now);
    const stage = stageOf(accounts.get(account).regions.get(region ?? homeRegion), cluster, service);
    sendJson(response, 201, begunJson(rollouts.start(stage, named(script), wish, now)));
  });
  router.add('POST', '/_control/fleet', async ({ request, response }) => {
    const {
      account,
      region,
      cluster,
      count,
      prefix,
      script,
      spreadMs = 0,
      image,
      ...wish
    } = readAs(bodies.fleet, await readJson(request));
    const now = clock.now();
    rollouts.playUntil(now);
    const place = accounts.get(account).regions.get(region ?? homeRegion);
    const services = Array.from({ length: count }, (_, i) => `${prefix}-${String(i + 1).padStart(4, '0')}`);
    const taken = services.find((name) => place.clusters.get(cluster)?.services.has(name));
    if (taken !== undefined) throw new HttpError(409, `there is a service ${taken} already`);
    for (const [i, name] of services.entries()) {
      const spec = { cluster, name, image: `registry.betterfleet.example/${prefix}:${'0'.repeat(40)}` };
      const service = addService(place, { ...spec, desiredCount: wish.desired ?? 1 }, now - fleetAgeMs);
      tellSteady(place, service, now);
      const stage = { region: place, cluster: place.clusterFor(cluster), service };
      const at = now + Math.round((spreadMs * i) / Math.max(1, count - 1));
      const brought = image ?? `registry.betterfleet.example/${prefix}:${'1'.repeat(40)}`;
      rollouts.startAt(at, stage, named(script), { ...wish, image: brought });
    }
    rollouts.playUntil(now);
    sendJson(response, 201, { services });
  });
}

/** Old enough that ECS shows as many events as it shows of any service. */
const fleetAgeMs = 30 * 86_400_000;

function addClock(router: Router, { clock, rollouts }: Machine): void {
  router.add('GET', '/_control/clock', ({ response }) => sendJson(response, 200, clock.state()));
  router.add('POST', '/_control/clock', async ({ request, response }) => {
    const { advanceMs, frozen, speed } = readAs(bodies.clock, await readJson(request));
    if (frozen !== undefined) clock.setFrozen(frozen);
    if (speed !== undefined) clock.setSpeed(speed);
    if (advanceMs !== undefined) clock.advance(advanceMs);
    rollouts.playUntil(clock.now());
    sendJson(response, 200, clock.state());
  });
}

function addAccounts(router: Router, { accounts }: Machine): void {
  router.add('POST', '/_control/roles', async ({ request, response }) => {
    const { arn, externalId = null } = readAs(bodies.role, await readJson(request));
    accounts.addRole({ arn, externalId });
    sendJson(response, 201, { arn, externalId });
  });
  router.add('POST', '/_control/instances', async ({ request, response }) => {
    const { account, region, cluster, count } = readAs(bodies.instances, await readJson(request));
    const found = accounts
      .get(account)
      .regions.get(region ?? homeRegion)
      .clusterFor(cluster);
    found.instances = count;
    sendJson(response, 200, { cluster, count });
  });
}

/** Throws HttpError 404 when there is no such service. */
export function stageOf(region: Region, clusterName: string, serviceName: string): Stage {
  const cluster = region.clusters.get(clusterName);
  const service = cluster?.services.get(serviceName);
  if (!cluster || !service) throw new HttpError(404, `no service ${serviceName} in ${clusterName}`);
  return { region, cluster, service };
}

function named(id: string): Script {
  const script = scriptOf(id);
  if (!script) throw new HttpError(404, `no script ${id}`);
  return script;
}

/** What `POST deploy` answers: what began, and when the last thing happens (ISO). */
function begunJson({ endsAt, ...begun }: Begun) {
  return { ...begun, endsAt: new Date(endsAt).toISOString() };
}

export type DeployAnswer = ReturnType<typeof begunJson>;
