import type { Problem } from '../problem.ts';
import { problem } from '../problem.ts';

/**
 * What must be true of a target before any target is triggered (A13): the project exists and runs pipelines,
 * the branch exists, and the token may start a pipeline with variables there.
 */

/** GitLab's access levels; 60 is an administrator. */
const accessLevels = { developer: 30, maintainer: 40, owner: 50 } as const;

export type VariablesRole = 'no_one_allowed' | 'developer' | 'maintainer' | 'owner';

/** What GitLab says about one target, as far as the token may see it. */
export interface TargetFacts {
  /** Null: GitLab shows no such project. */
  project: {
    archived: boolean;
    pipelinesEnabled: boolean;
    /** The token's own level there, 0 to 60. */
    accessLevel: number;
    variablesRole: VariablesRole;
  } | null;
  /** Null: no such branch. `hidden`: the token may not look at branches there. */
  branch: { protected: boolean; mayPush: boolean; mayMerge: boolean } | 'hidden' | null;
}

/** Every reason why the target's pipeline could not be started, or none. Pure; the order is that of mending. */
export function faultsOf(target: { path: string; ref: string }, facts: TargetFacts): Problem[] {
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
