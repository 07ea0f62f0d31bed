/** GitLab's words for who may set pipeline variables in a project. */
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
