import { z } from 'zod';

const ms = z.number().nonnegative();
const path = z.string().regex(/^\/(?!_control(\/|$))\S*$/, 'a path such as /overview');

const pageFields = {
  status: z.number().int().min(200).max(599).exactOptional(),
  body: z.string().exactOptional(),
  contentType: z.string().exactOptional(),
  redirect: z.string().exactOptional(),
  delayMs: ms.exactOptional(),
  stallMs: ms.exactOptional(),
  reset: z.boolean().exactOptional(),
};

/** What the control endpoints take. */
export const bodies = {
  /** How a path answers from now on; `null` for page gives it back to the site. */
  page: z.strictObject({ path, page: z.strictObject(pageFields).nullable() }),
  /** `/health`: a status and what is added to or replaced in its JSON. */
  health: z.strictObject({
    status: z.number().int().min(200).max(599).exactOptional(),
    body: z.record(z.string(), z.unknown()).exactOptional(),
    delayMs: ms.exactOptional(),
    reset: z.boolean().exactOptional(),
  }),
  buildInfo: z.strictObject({
    commit: z.string().exactOptional(),
    branch: z.string().exactOptional(),
    version: z.string().exactOptional(),
    builtAt: z.iso.datetime().exactOptional(),
  }),
  /** How long the certificate is still valid; a negative number has it expired. */
  certificate: z.strictObject({ daysLeft: z.number().min(-3000).max(3000) }),
  outage: z.strictObject({ on: z.boolean() }),
} as const;
