import type { Catalogue } from './catalogue/catalogue.ts';
import type { RoleMembers } from './catalogue/role-members.ts';
import { type Problem, problem } from './problem.ts';

/**
 * The roles of F5. A release engineer starts and stops things, a tester fills in checklists, and an admin may do
 * whatever either may.
 */
export type Role = 'release-engineer' | 'tester' | 'admin';

/** Who is in a Slack user group; null when Slack did not say, which grants nothing. */
export type GroupMembers = (groupId: string) => Promise<readonly string[] | null>;

/** Null when `user` has the role, otherwise the problem to tell them. Listed users need no answer from Slack. */
export async function lacksRole(
  catalogue: Catalogue,
  role: Role,
  user: string,
  membersOf: GroupMembers,
): Promise<Problem | null> {
  return lacksMembership(grantingMembers(catalogue, role), role, user, membersOf);
}

/** The same for one of the owner roles that approve (D3); `name` is what people read. */
export async function lacksMembership(
  granting: readonly RoleMembers[],
  name: string,
  user: string,
  membersOf: GroupMembers,
): Promise<Problem | null> {
  if (granting.some(({ users }) => users.includes(user))) return null;
  const groups = granting.flatMap((members) => members.groups);
  const answers = await Promise.all(groups.map((group) => membersOf(group)));
  if (answers.some((members) => members?.includes(user))) return null;
  if (answers.includes(null)) return problem('role-unknown', { role: name });
  return problem('role-missing', { role: name, holders: holdersOf(granting) });
}

function grantingMembers({ roles }: Catalogue, role: Role): RoleMembers[] {
  if (role === 'admin') return [roles.admin];
  if (role === 'tester') return [roles.tester, roles.releaseEngineer, roles.admin];
  return [roles.releaseEngineer, roles.admin];
}

const shownHolders = 5;

function holdersOf(granting: readonly RoleMembers[]): string[] {
  return [...new Set(granting.flatMap(({ users, groups }) => [...groups, ...users]))].slice(0, shownHolders);
}
