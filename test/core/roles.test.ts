import { describe, expect, test } from 'vitest';
import type { RoleMembers } from '../../src/core/catalogue/role-members.ts';
import { type GroupMembers, lacksRole, type Role } from '../../src/core/roles.ts';
import { catalogueOf } from '../support/catalogue.ts';

const members: Record<string, readonly string[] | null> = {
  S0ENG: ['U0INGROUP', 'U0BOTH'],
  S0ADM: ['U0ADMGROUP'],
  S0EMPTY: [],
  S0MUTE: null,
};
const membersOf: GroupMembers = async (group) => members[group] ?? null;

const nobody: RoleMembers = { users: [], groups: [] };
const of = (releaseEngineer: RoleMembers, admin: RoleMembers = nobody) =>
  catalogueOf(1, { roles: { releaseEngineer, tester: nobody, admin } });

const listed = of({ users: ['U0LISTED'], groups: [] }, { users: ['U0ADMIN'], groups: [] });
const grouped = of({ users: [], groups: ['S0ENG'] }, { users: [], groups: ['S0ADM'] });
const mute = of({ users: ['U0LISTED'], groups: ['S0MUTE'] });
const halfMute = of({ users: [], groups: ['S0MUTE', 'S0ENG'] });

describe('a role (F5)', () => {
  test.each<[string, ReturnType<typeof of>, Role, string, string | null]>([
    ['a listed user has it', listed, 'release-engineer', 'U0LISTED', null],
    ['somebody else does not', listed, 'release-engineer', 'U0OTHER', 'role-missing'],
    ['an admin may what a release engineer may', listed, 'release-engineer', 'U0ADMIN', null],
    ['a release engineer is no admin', listed, 'admin', 'U0LISTED', 'role-missing'],
    ['an admin is one', listed, 'admin', 'U0ADMIN', null],
    ['a member of the group has it', grouped, 'release-engineer', 'U0INGROUP', null],
    ['a member of the admin group too', grouped, 'release-engineer', 'U0ADMGROUP', null],
    ['a member of another group is no admin', grouped, 'admin', 'U0INGROUP', 'role-missing'],
    [
      'nobody gets it by a group that Slack does not tell',
      mute,
      'release-engineer',
      'U0OTHER',
      'role-unknown',
    ],
    ['a listed user needs no answer from Slack', mute, 'release-engineer', 'U0LISTED', null],
    ['one group that answers yes is enough', halfMute, 'release-engineer', 'U0INGROUP', null],
    [
      'a no of one group and silence of another is not known',
      halfMute,
      'release-engineer',
      'U0X',
      'role-unknown',
    ],
    [
      'an empty group has nobody',
      of({ users: [], groups: ['S0EMPTY'] }),
      'release-engineer',
      'U0X',
      'role-missing',
    ],
    ['a role of nobody has nobody', of(nobody), 'release-engineer', 'U0X', 'role-missing'],
    ['the id of a group is no member of it', grouped, 'release-engineer', 'S0ENG', 'role-missing'],
    ['an empty user id has no role', listed, 'release-engineer', '', 'role-missing'],
  ])('%s', async (_, catalogue, role, user, code) => {
    expect((await lacksRole(catalogue, role, user, membersOf))?.code ?? null).toBe(code);
  });

  test('that is lacking names itself and who has it, groups first, at most five', async () => {
    const users = ['U1', 'U2', 'U3', 'U4', 'U5'];
    const catalogue = of({ users, groups: ['S0ENG'] });
    const lacking = await lacksRole(catalogue, 'release-engineer', 'U0X', membersOf);
    expect(lacking?.why).toContain('release-engineer');
    expect(lacking?.people).toEqual(['S0ENG', 'U1', 'U2', 'U3', 'U4']);
  });

  test('that nobody has says so instead of naming no one', async () => {
    expect((await lacksRole(of(nobody), 'admin', 'U0X', membersOf))?.todo).toContain('Nobody has it');
  });

  test('that is not known asks to try again', async () => {
    expect((await lacksRole(mute, 'release-engineer', 'U0X', membersOf))?.todo).toContain('Try again');
  });
});
