import type { Catalogue, RoleMembers } from './catalogue/catalogue.ts';
import { type Problem, problem } from './problem.ts';

/** The roles that start and stop things (F5). An admin may do whatever a release engineer may. */
export type Role = 'release-engineer' | 'admin';

/** Who is in a Slack user group; null when Slack did not say, which grants nothing. */
export type GroupMembers = (groupId: string) => Promise<readonly string[] | null>;

/** Null when `user` has the role, otherwise the problem to tell them. Listed users need no answer from Slack. */
export async function lacksRole(
  catalogue: Catalogue,
  role: Role,
  user: string,
  membersOf: GroupMembers,
): Promise<Problem | null> {
  const granting = grantingMembers(catalogue, role);
  if (granting.some(({ users }) => users.includes(user))) return null;
  const groups = granting.flatMap((members) => members.groups);
  const answers = await Promise.all(groups.map((group) => membersOf(group)));
  if (answers.some((members) => members?.includes(user))) return null;
  if (answers.includes(null)) return problem('role-unknown', { role });
  return problem('role-missing', { role, holders: holdersOf(granting) });
}

function grantingMembers({ roles }: Catalogue, role: Role): RoleMembers[] {
  return role === 'admin' ? [roles.admin] : [roles.releaseEngineer, roles.admin];
}

const shownHolders = 5;

function holdersOf(granting: RoleMembers[]): string[] {
  return [...new Set(granting.flatMap(({ users, groups }) => [...groups, ...users]))].slice(0, shownHolders);
}
