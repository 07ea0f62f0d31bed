import pMap from 'p-map';
import * as targetCanStart from '../checks/target-can-start.ts';
import { findProject } from '../core/catalogue/find.ts';
import { invocationStream } from '../core/invocation/stream.ts';
import { type Handler, type Next, OutsideError } from '../core/ports.ts';
import { type Problem, problem } from '../core/problem.ts';
import { type InvocationDeps, later, record } from './invocation-deps.ts';

/** How many targets are looked at side by side. */
const sideBySide = 10;
/** How often an unreachable GitLab is asked again (about half a minute) before the person is told. */
const patience = 6;
const defaultBusyMs = 10_000;

interface Checked {
  project: string;
  path: string;
  ref: string;
  faults: Problem[];
}

/**
 * The preflight (A13): every target is looked at before the first is triggered, and one fault anywhere means
 * that nothing starts. Key: the invocation's id.
 */
export function checkTargets(deps: InvocationDeps): Handler {
  return async ({ key: id, failures }, signal) => {
    const { state } = await deps.store.read(invocationStream, id);
    if (state?.preflight !== 'pending') return { next: 'done' };
    const giveUp = failures >= patience;
    try {
      const checked = await pMap(state.projects, (project) => check(deps, project, giveUp, signal), {
        concurrency: sideBySide,
        signal,
      });
      await conclude(deps, id, checked);
      return { next: 'done' };
    } catch (error) {
      return waitIfBusy(deps, error);
    }
  };
}

async function check(
  deps: InvocationDeps,
  project: string,
  giveUp: boolean,
  signal: AbortSignal,
): Promise<Checked> {
  const known = findProject(deps.catalogue, project);
  if (!known) return { project, path: '', ref: '', faults: [problem('catalogue-lacks', { project })] };
  const target = { project, path: known.path, ref: known.releaseBranch };
  try {
    return {
      ...target,
      faults: targetCanStart.evaluate(target, await targetCanStart.collect(target, deps, signal)),
    };
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error;
    if (error.kind === 'refused' || giveUp) return { ...target, faults: [error.problem] };
    throw error;
  }
}

async function conclude(deps: InvocationDeps, id: string, checked: Checked[]): Promise<void> {
  const faults = checked.flatMap((target) =>
    target.faults.map((fault) => ({ project: target.project, problem: fault })),
  );
  await record(deps, id, (state) => {
    if (state.preflight !== 'pending') return [];
    if (faults.length > 0) return [{ type: 'PreflightFailed', data: { faults } }];
    const targets = checked.map(({ project, path, ref }) => ({ project, path, ref }));
    return [{ type: 'PreflightPassed', data: { targets } }];
  });
}

/** GitLab asked for time: that is no failure. */
function waitIfBusy(deps: InvocationDeps, error: unknown): Next {
  if (error instanceof OutsideError && error.kind === 'busy')
    return { next: 'again', at: later(deps.now, error.retryAfterMs ?? defaultBusyMs) };
  throw error;
}
