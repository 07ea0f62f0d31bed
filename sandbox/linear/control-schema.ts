import { z } from 'zod';
import { faultKinds } from './faults.ts';
import type { LinearSettings } from './world.ts';

const count = z.number().int().positive();
/** Id or identifier of an issue. */
const issue = z.string();
/** Name or e-mail of a person; the second of the world's people when absent. */
const user = z.string().exactOptional();

const settings: z.ZodType<LinearSettings> = z.strictObject({
  restrictLabelManagementToAdmins: z.boolean().exactOptional(),
  markdown: z.enum(['normalised', 'verbatim']).exactOptional(),
  requestsPerHour: count.exactOptional(),
  complexityPerHour: count.exactOptional(),
  complexityPerDocument: count.exactOptional(),
  rateLimitStatus: z.literal([400, 429]).exactOptional(),
  retryAfterHeader: z.boolean().exactOptional(),
  latencyMs: z.number().nonnegative().exactOptional(),
});

const issueFields = {
  title: z.string().exactOptional(),
  description: z.string().exactOptional(),
  /** Names. */
  state: z.string().exactOptional(),
  priority: z.number().int().min(0).max(4).exactOptional(),
};

/** Bodies of the control endpoints. */
export const bodies = {
  world: settings,
  createIssue: z.strictObject({
    ...issueFields,
    title: z.string(),
    /** Key of the team; the first team when absent. */
    team: z.string().exactOptional(),
    labels: z.array(z.string()).exactOptional(),
    user,
  }),
  editIssue: z.strictObject({
    issue,
    ...issueFields,
    addLabels: z.array(z.string()).exactOptional(),
    removeLabels: z.array(z.string()).exactOptional(),
    /** Name or e-mail; null: nobody. */
    assignee: z.string().nullable().exactOptional(),
    user,
  }),
  toggle: z.strictObject({
    issue,
    /** Index of the box from 0, or its text. */
    box: z.union([z.number().int().nonnegative(), z.string()]),
    checked: z.boolean().exactOptional(),
    user,
  }),
  comment: z.strictObject({ issue, body: z.string(), user }),
  fault: z.strictObject({
    kind: z.enum(faultKinds),
    operation: z.string().exactOptional(),
    times: count.exactOptional(),
    probability: z.number().min(0).max(1).exactOptional(),
    seed: z.number().int().exactOptional(),
    delayMs: z.number().nonnegative().exactOptional(),
    retryAfter: z.number().int().nonnegative().exactOptional(),
  }),
} as const;
