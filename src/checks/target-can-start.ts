import type { CodeHost } from '../core/ports.ts';
import { type Problem, problem } from '../core/problem.ts';
import type { TargetFacts, VariablesRole } from '../core/target-facts.ts';

/**
 * Can this target's pipeline be started? (A13) Its project must exist and run pipelines, its branch must exist, and
 * the token must be allowed to start a pipeline with variables there. Facts first, judgement second.
 */

export interface StartableTarget {
  /** Full path of the project in GitLab. */
  path: string;
  /** The branch that the pipeline runs on. */
  ref: string;
}

/** Reads the facts. Throws OutsideError when GitLab does not answer. */
export function collect(
  target: StartableTarget,
  sources: { codeHost: Pick<CodeHost, 'targetFacts'> },
  signal: AbortSignal,
): Promise<TargetFacts> {
  return sources.codeHost.targetFacts(target.path, target.ref, signal);
}

/** GitLab's access levels. */
const accessLevels = { developer: 30, maintainer: 40, owner: 50 } as const;

/** Every reason why the target's pipeline could not be started, or none. Pure; the order is that of mending. */
export function evaluate(target: StartableTarget, facts: TargetFacts): Problem[] {
  const { path, ref } = target;
  const { project, branch } = facts;
  if (!project) return [problem('gitlab-project-missing', { path })];
  const faults: Problem[] = [];
  if (project.archived) faults.push(problem('gitlab-project-archived', { path }));
  if (!project.pipelinesEnabled) faults.push(problem('gitlab-pipelines-off', { path }));
  if (project.accessLevel < accessLevels.developer)
    faults.push(
      problem('gitlab-role-too-low', { path, has: roleName(project.accessLevel), needs: 'Developer' }),
    );
  else if (!maySetVariables(project.accessLevel, project.variablesRole))
    faults.push(
      problem('gitlab-variables-forbidden', { path, needs: variablesRoleName(project.variablesRole) }),
    );
  if (branch === 'hidden') {
    // A role that is too low says so already, and giving the role mends both.
    if (faults.length === 0) faults.push(problem('gitlab-branch-hidden', { path, ref }));
  } else if (!branch) faults.push(problem('gitlab-branch-missing', { path, ref }));
  else if (branch.protected && !branch.mayPush && !branch.mayMerge)
    faults.push(problem('gitlab-branch-protected', { path, ref }));
  return faults;
}

/** An unknown role is answered no: a pipeline without its variables would do the wrong thing or nothing. */
function maySetVariables(level: number, role: VariablesRole): boolean {
  if (role === 'no_one_allowed') return false;
  const needed: number | undefined = accessLevels[role];
  return needed !== undefined && level >= needed;
}

function variablesRoleName(role: VariablesRole): string {
  const names: Record<string, string> = {
    no_one_allowed: 'nobody',
    developer: 'Developer and above',
    maintainer: 'Maintainer and above',
    owner: 'Owner',
  };
  return names[role] ?? `"${role}"`;
}

function roleName(level: number): string {
  if (level >= 50) return 'Owner';
  if (level >= 40) return 'Maintainer';
  if (level >= 30) return 'Developer';
  if (level >= 20) return 'Reporter';
  if (level >= 10) return 'Guest';
  return 'no role';
}
