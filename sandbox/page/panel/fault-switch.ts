import type { App } from '../app.ts';
import { list } from '../blocks/json.ts';
import { control, type GitLabProject, type Service, ServiceError } from '../services.ts';
import { faultGroups } from './fault-groups.ts';
import { type ActiveFault, activeFaults, type FaultToggle, type ProjectChange } from './fault-list.ts';
import { endings, forget, originals, remember } from './fault-memory.ts';

/** Services that can be told to go wrong; the web site is what it is. */
const withFaults: readonly Service[] = ['slack', 'gitlab', 'sentry', 'aws', 'linear'];

/** Reads which faults are in force from all services. A service that can't be reached shows none. */
export async function readFaults(app: App): Promise<void> {
  const asked = withFaults.filter((service) => app.state.services.includes(service));
  const all = await Promise.all(asked.map(async (service) => [service, await faultsOf(service)] as const));
  app.change((state) => {
    state.faults = activeFaults(faultGroups, Object.fromEntries(all), state, wasChanged);
  });
}

async function faultsOf(service: Service): Promise<Record<string, unknown>[]> {
  try {
    const answer = await control(service, 'GET', 'faults');
    return list(Array.isArray(answer) ? answer : (answer as { faults: unknown }).faults);
  } catch (error) {
    // Its "connecting…" label says already that it is away.
    if (error instanceof ServiceError) return [];
    throw error;
  }
}

/** Switches a fault on, or takes it back when it is on. */
export async function switchFault(app: App, toggle: FaultToggle, on: ActiveFault[]): Promise<void> {
  try {
    if (on.length > 0) await takeBack(app, toggle, on);
    else await putOn(app, toggle);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    app.change({ notice: error.message });
  }
  await app.refresh();
}

/** Takes every fault back. */
export async function clearFaults(app: App): Promise<void> {
  for (const toggle of faultGroups.flatMap((group) => group.toggles)) {
    const on = app.state.faults.filter((fault) => fault.toggle === toggle.id);
    if (on.length > 0) await switchFault(app, toggle, on);
  }
}

async function putOn(app: App, toggle: FaultToggle): Promise<void> {
  if (toggle.project) return changeProject(app, toggle, app.state.faultProject, 'apply');
  if (toggle.deed) return toggle.deed.put(app.state);
  const answer = await control(toggle.service, 'POST', 'faults', toggle.fault);
  const id = String((answer as { id: string | number }).id);
  if (toggle.seconds !== undefined) endLater(app, toggle, id, Date.now() + toggle.seconds * 1000);
}

async function takeBack(app: App, toggle: FaultToggle, on: ActiveFault[]): Promise<void> {
  for (const { id } of on) {
    if (toggle.deed) await toggle.deed.takeBack(app.state);
    else if (toggle.project) await changeProject(app, toggle, id, 'undo');
    else await removeFault(toggle, id);
  }
}

async function removeFault(toggle: FaultToggle, id: string): Promise<void> {
  await control(toggle.service, 'DELETE', `faults/${id}`).catch((error: unknown) => {
    // It may have ended by itself in the meantime.
    if (!(error instanceof ServiceError && error.status === 404)) throw error;
  });
}

async function changeProject(
  app: App,
  toggle: FaultToggle,
  path: string | null,
  how: 'apply' | 'undo',
): Promise<void> {
  const project = app.state.gitlab?.projects.find((one) => one.path === path);
  const change = toggle.project;
  if (!project || !change) return;
  const value = how === 'apply' ? applied(project, change) : undone(project, change);
  await control('gitlab', 'POST', 'world', { projects: [{ path: project.path, [change.field]: value }] });
}

function applied(project: GitLabProject, change: ProjectChange): unknown {
  const key = `${project.path} ${change.field}`;
  // The first change remembers the original; a second one on top of it must not.
  if (!originals().has(key)) remember(originals, key, project[change.field]);
  return change.value(project);
}

function wasChanged(project: GitLabProject, change: ProjectChange): boolean {
  return change.field !== 'branches' || originals().has(`${project.path} ${change.field}`);
}

function undone(project: GitLabProject, change: ProjectChange): unknown {
  const key = `${project.path} ${change.field}`;
  const original = originals().get(key) ?? change.usual(project);
  forget(originals, key);
  return original;
}

function endLater(app: App, toggle: FaultToggle, id: string, at: number): void {
  remember(endings, id, { toggle: toggle.id, at });
  window.setTimeout(() => void end(app, toggle, id), Math.max(0, at - Date.now()));
}

async function end(app: App, toggle: FaultToggle, id: string): Promise<void> {
  forget(endings, id);
  await takeBack(app, toggle, [{ toggle: toggle.id, id }]).catch((error: unknown) => {
    if (!(error instanceof ServiceError)) throw error;
    app.change({ notice: error.message });
  });
  await app.refresh();
}

/** Takes up the timers of faults that were switched on before the page was reloaded. */
export function resumeEndings(app: App): void {
  const toggles = faultGroups.flatMap((group) => group.toggles);
  for (const [id, ending] of endings()) {
    const toggle = toggles.find((one) => one.id === ending.toggle);
    if (toggle) endLater(app, toggle, id, ending.at);
  }
}
