import { z } from 'zod';
import { faultKinds } from './faults.ts';

/** What the control endpoints take; anything else is a 400 that says so. */
const user = z.string();
const channel = z.string();
const ts = z.string().optional();
const times = z.int().min(1).max(50).default(1);
const place = {
  user,
  channel: z.string().optional(),
  ts,
  viewId: z.string().optional(),
  blockId: z.string().optional(),
  actionId: z.string(),
};

export const commandInput = z.strictObject({
  user,
  channel,
  command: z.string(),
  text: z.string().default(''),
  times,
});
export const pressInput = z.strictObject({ ...place, value: z.string().optional(), times });
export const chooseInput = z.strictObject({
  ...place,
  value: z.string().optional(),
  values: z.array(z.string()).optional(),
});
export const typeInput = z.strictObject({ ...place, value: z.string() });
export const suggestInput = z.strictObject({ ...place, query: z.string() });
export const submitInput = z.strictObject({ user, viewId: z.string().optional(), times });
export const closeInput = z.strictObject({
  user,
  viewId: z.string().optional(),
  all: z.boolean().default(false),
});
export const homeInput = z.strictObject({ user });
export const sayInput = z.strictObject({ user, channel, text: z.string().min(1), threadTs: ts });
export const redeliverInput = z.strictObject({
  kind: z.enum(['command', 'event', 'interaction']),
  n: z.int().min(1).max(50).default(1),
});
export const requestUrlInput = z.strictObject({ url: z.url().nullable() });

export const faultInput = z.strictObject({
  kind: z.enum(faultKinds),
  method: z.string().optional(),
  times: z.int().min(1).optional(),
  probability: z.number().min(0).max(1).optional(),
  seed: z.int().optional(),
  delayMs: z.number().min(0).optional(),
  reason: z.enum(['warning', 'refresh_requested']).optional(),
  retryAfter: z.int().min(0).optional(),
});

/** Changes to the world at run time; what is left out stays. */
export const worldInput = z.strictObject({
  addPeople: z
    .array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        realName: z.string(),
        groups: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  addChannels: z
    .array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        botIsMember: z.boolean(),
        members: z.array(z.string()).optional(),
        isPrivate: z.boolean().optional(),
      }),
    )
    .optional(),
  groups: z
    .array(
      z.strictObject({
        handle: z.string(),
        add: z.array(z.string()).default([]),
        remove: z.array(z.string()).default([]),
      }),
    )
    .optional(),
  channels: z
    .array(
      z.strictObject({
        id: z.string(),
        botIsMember: z.boolean().optional(),
        addMembers: z.array(z.string()).default([]),
        removeMembers: z.array(z.string()).default([]),
      }),
    )
    .optional(),
  commands: z
    .array(z.strictObject({ command: z.string(), description: z.string(), usageHint: z.string() }))
    .optional(),
  scopes: z.array(z.string()).optional(),
  events: z.array(z.string()).optional(),
  paidPlan: z.boolean().optional(),
});

export type WorldChange = z.input<typeof worldInput>;
