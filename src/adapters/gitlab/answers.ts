import { z } from 'zod';
import type { Deployment } from '../../core/release/candidate.ts';
import type { Apply } from '../../core/sources.ts';
import type { TargetFacts } from '../../core/target-facts.ts';

/** The parts of GitLab's answers that are read here; everything else is ignored. */

export const project = z.object({
  archived: z.boolean().default(false),
  builds_access_level: z.string().optional(),
  ci_pipeline_variables_minimum_override_role: z
    .enum(['no_one_allowed', 'developer', 'maintainer', 'owner'])
    .optional(),
  restrict_user_defined_variables: z.boolean().optional(),
  permissions: z
    .object({
      project_access: z.object({ access_level: z.number() }).nullable(),
      group_access: z.object({ access_level: z.number() }).nullable(),
    })
    .optional(),
});
export type Project = z.infer<typeof project>;

/** The higher of the token's own level and the one its group gives. 0 when GitLab names neither. */
export function accessLevelOf({ permissions }: Project): number {
  return Math.max(
    permissions?.project_access?.access_level ?? 0,
    permissions?.group_access?.access_level ?? 0,
  );
}

export function projectFacts(shown: Project): NonNullable<TargetFacts['project']> {
  return {
    archived: shown.archived,
    pipelinesEnabled: shown.builds_access_level !== 'disabled',
    accessLevel: accessLevelOf(shown),
    variablesRole: variablesRole(shown),
  };
}

/** GitLab before 17.1 has only the older switch, which meant Maintainer when on. */
function variablesRole(shown: Project): NonNullable<TargetFacts['project']>['variablesRole'] {
  const role = shown.ci_pipeline_variables_minimum_override_role;
  if (role) return role;
  return shown.restrict_user_defined_variables ? 'maintainer' : 'developer';
}

export const branch = z.object({ protected: z.boolean(), can_push: z.boolean() });

export const user = z.object({ id: z.number().int(), username: z.string() });

export const protectedBranch = z.object({
  merge_access_levels: z.array(
    z.object({
      access_level: z.number().nullable(),
      user_id: z.number().nullish(),
      group_id: z.number().nullish(),
    }),
  ),
});

/**
 * Whether the rule lets this user merge: by name, or by a role that the level reaches (0 there means nobody).
 * A rule for a group is no proof: who is in the group is not asked.
 */
export function mayMerge(rule: z.infer<typeof protectedBranch>, me: { id: number; level: number }): boolean {
  return rule.merge_access_levels.some(({ access_level, user_id, group_id }) => {
    if (user_id) return user_id === me.id;
    if (group_id) return false;
    return access_level !== null && access_level > 0 && me.level >= access_level;
  });
}

export const pipeline = z.object({
  id: z.number().int(),
  status: z.string(),
  source: z.string().nullish(),
  web_url: z.string(),
  created_at: z.string(),
  user: z.object({ username: z.string() }).nullish(),
});

export const variable = z.object({ key: z.string(), value: z.string() });

export const job = z.object({ name: z.string(), status: z.string(), allow_failure: z.boolean() });
export type Job = z.infer<typeof job>;

export const bridge = z.object({
  name: z.string(),
  status: z.string(),
  allow_failure: z.boolean(),
  downstream_pipeline: z
    .object({ id: z.number().int(), project_id: z.number().int(), status: z.string(), web_url: z.string() })
    .nullable(),
});

/** A branch with its head. */
export const head = z.object({ commit: z.object({ id: z.string(), committed_date: z.string() }) });

export const deployment = z.object({
  id: z.number().int(),
  sha: z.string(),
  ref: z.string(),
  status: z.string(),
  created_at: z.string(),
  updated_at: z.string().nullish(),
  finished_at: z.string().nullish(),
  /** Null when it was made through the API, by no job. */
  deployable: z
    .object({
      web_url: z.string().nullish(),
      started_at: z.string().nullish(),
      finished_at: z.string().nullish(),
      pipeline: z.object({ id: z.number().int() }).nullish(),
    })
    .nullish(),
});

/** A deployment in our words; before it has ended, its time is that of its beginning. */
export function deploymentOf(shown: z.infer<typeof deployment>): Deployment {
  const { deployable } = shown;
  const isOver = ['success', 'failed', 'canceled', 'skipped'].includes(shown.status);
  const ended = shown.finished_at ?? deployable?.finished_at ?? shown.updated_at;
  return {
    id: shown.id,
    sha: shown.sha,
    ref: shown.ref,
    status: shown.status,
    at: new Date((isOver ? ended : null) ?? shown.created_at).toISOString(),
    url: deployable?.web_url ?? null,
    pipelineId: deployable?.pipeline?.id ?? null,
  };
}

/** A deployment with the moment at which its job began. */
export function applyOf(shown: z.infer<typeof deployment>): Apply {
  const startedAt = new Date(shown.deployable?.started_at ?? shown.created_at).toISOString();
  return { ...deploymentOf(shown), startedAt };
}

export const mergeRequest = z.object({
  iid: z.number().int(),
  title: z.string(),
  author: z.object({ username: z.string() }).nullish(),
  labels: z.array(z.string()),
  web_url: z.string(),
  merged_at: z.string().nullish(),
});

export const comparison = z.object({
  /** Also GitLab's word for a list of files that it cut. */
  compare_timeout: z.boolean(),
  diffs: z.array(z.object({ old_path: z.string(), new_path: z.string() })),
});

export const featureFlag = z.object({
  name: z.string(),
  active: z.boolean(),
  strategies: z.array(
    z.object({
      name: z.string(),
      parameters: z.record(z.string(), z.unknown()),
      scopes: z.array(z.object({ environment_scope: z.string() })),
      user_list: z.object({ name: z.string() }).nullish(),
    }),
  ),
});

export const pipelineJob = job.extend({ id: z.number().int(), web_url: z.string() });

/** `group/project` from a page's address like `https://host/group/project/-/pipelines/7`. */
export function projectOfUrl(url: string): string {
  return new URL(url).pathname.split('/-/')[0]?.replace(/^\/+/, '') ?? '';
}
