import type { RegionView } from '../../production/state.ts';
import { type Child, h } from '../dom.ts';
import type { AwsState, EcsDeployment, EcsService, EcsTask } from '../worlds.ts';

const shownTasks = 6;
const shownEvents = 3;

/** Draws what the simulated ECS says of the service in a region: deployments, tasks, the newest events. */
export function drawEcs(aws: AwsState | null, { region, cluster }: RegionView, name: string): Child {
  const place = aws?.regions.find((one) => one.name === region);
  const found = place?.clusters.find((one) => one.name === cluster);
  const service = found?.services.find((one) => one.name === name);
  if (!found || !service) return null;
  const tasks = found.tasks.filter((task) => task.service === name);
  return h(
    'div',
    { key: 'ecs', class: 'ecs' },
    h('h4', {}, `In ECS: ${cluster}`),
    service.status !== 'ACTIVE' && h('p', { class: 'status bad' }, `The service is ${service.status}.`),
    h(
      'ul',
      { 'aria-label': `Deployments in ${region}` },
      service.deployments.map((deployment) => drawDeployment(deployment, tasks)),
      service.taskSets.map(drawTaskSet),
    ),
    h(
      'ul',
      { class: 'tasks', 'aria-label': `Tasks in ${region}` },
      worthShowing(service, tasks).map(drawTask),
    ),
    h(
      'ul',
      { class: 'ecs-events quiet', 'aria-label': `Events in ${region}` },
      service.events.slice(0, shownEvents).map(({ id, message }) => h('li', { key: id }, shortened(message))),
    ),
  );
}

function drawDeployment(deployment: EcsDeployment, tasks: EcsTask[]): Child {
  const { id, adopted, status, definition, rolloutState, rolloutStateReason } = deployment;
  const mine = tasks.filter(({ startedBy }) => startedBy === id || startedBy === adopted);
  const running = mine.filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
  const [sign, kind] = signs[rolloutState] ?? ['…', 'wait'];
  return h(
    'li',
    { key: id, class: 'deployment' },
    h('span', { class: 'deployment-name' }, status, ' ', h('code', {}, commitOf(definition.image))),
    h(
      'span',
      { class: `status ${kind}`, title: rolloutStateReason },
      h('span', { 'aria-hidden': 'true' }, `${sign} `),
      rolloutState.replace('_', ' '),
    ),
    h(
      'span',
      { class: 'quiet' },
      [
        `revision ${definition.revision}`,
        `${running} of ${deployment.desiredCount} tasks run`,
        deployment.failedTasks > 0 && `${deployment.failedTasks} failed`,
      ]
        .filter(Boolean)
        .join(' · '),
    ),
  );
}

const signs: Record<string, [sign: string, kind: string]> = {
  COMPLETED: ['✓', 'good'],
  FAILED: ['✕', 'bad'],
  IN_PROGRESS: ['▸', 'busy'],
};

function drawTaskSet({ id, status, stability, definition }: EcsService['taskSets'][number]): Child {
  return h(
    'li',
    { key: id, class: 'deployment' },
    h('span', { class: 'deployment-name' }, `${status} task set `, h('code', {}, commitOf(definition.image))),
    h(
      'span',
      { class: stability === 'STEADY_STATE' ? 'status good' : 'status busy' },
      stability.replace('_', ' '),
    ),
    h('span', { class: 'quiet' }, `revision ${definition.revision}`),
  );
}

/** Those that live, and what failed lately: that old ones are scaled in is no news. */
function worthShowing(service: EcsService, tasks: EcsTask[]): EcsTask[] {
  const current = new Set([
    ...service.deployments.flatMap(({ id, adopted }) => [id, adopted]),
    ...service.taskSets.map(({ id }) => id),
  ]);
  return tasks
    .filter(({ startedBy, stoppedAt }) => stoppedAt === null || current.has(startedBy))
    .toReversed()
    .slice(0, shownTasks);
}

function drawTask({ id, lastStatus, health, exitCode, stoppedReason }: EcsTask): Child {
  const isBad = lastStatus === 'STOPPED' || health === 'UNHEALTHY';
  const kind = isBad ? 'bad' : lastStatus === 'RUNNING' ? 'good' : 'busy';
  const told = [
    lastStatus.toLowerCase(),
    health !== 'UNKNOWN' && lastStatus !== 'STOPPED' && health.toLowerCase(),
    exitCode !== null && `exit code ${exitCode}`,
  ].filter(Boolean);
  return h(
    'li',
    { key: id },
    h('code', {}, id.slice(0, 8)),
    ' ',
    h('span', { class: `status ${kind}` }, told.join(', ')),
    stoppedReason !== null && h('span', { class: 'quiet' }, ` ${stoppedReason}`),
  );
}

/** An event without the service's name, which stands above, and with short ids of tasks. */
function shortened(message: string): string {
  return message.replace(/^\(service \S+\) /, '').replace(/\b([0-9a-f]{8})[0-9a-f]{24}\b/g, '$1');
}

/** The commit of an image's tag, short. */
function commitOf(image: string): string {
  return (image.split(':').at(-1) ?? image).slice(0, 8);
}
