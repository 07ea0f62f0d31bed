import { z } from 'zod';

/** One deployment to the environment, as GitLab tells it. */
export const deployment = z.strictObject({
  id: z.number().int(),
  sha: z.string(),
  ref: z.string(),
  /** GitLab's word: running, success, failed … */
  status: z.string(),
  /** When it ended, or was created while it runs; ISO 8601 UTC. */
  at: z.string(),
  url: z.string().nullable(),
  pipelineId: z.number().int().nullable(),
});
export type Deployment = z.infer<typeof deployment>;

/** What one project contributes to a release candidate. */
export const part = z.strictObject({
  /** Id in the catalogue. */
  project: z.string(),
  /** Full path in GitLab. */
  path: z.string(),
  /** The release branch. */
  ref: z.string(),
  /** Head of the release branch when the pass began: what should be running. */
  commit: z.string(),
  /** The newest deployment to the environment; null when there never was one. */
  deployment: deployment.nullable(),
  /** Ids of the successful deployments that this release consists of: those since what production runs. */
  shipped: z.array(z.number().int()),
  /** What production runs: where the changes of this release begin. Null when production never had a deployment. */
  baseline: z.string().nullable(),
});
export type Part = z.infer<typeof part>;

/** One release candidate: what is meant to run in an environment, and what GitLab says was brought there. */
export const candidate = z.strictObject({
  release: z.string(),
  /** GitLab environment, such as `staging`. */
  environment: z.string(),
  /** Where the environment is reached, without a slash at the end. */
  url: z.string(),
  pass: z.number().int(),
  parts: z.array(part),
});
export type Candidate = z.infer<typeof candidate>;
