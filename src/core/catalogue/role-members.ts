/** The people of a role. */
export interface RoleMembers {
  /** Slack user ids. */
  users: readonly string[];
  /** Slack user-group ids. */
  groups: readonly string[];
}
