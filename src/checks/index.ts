import type { z } from 'zod';
import type { CatalogueKnowledge } from '../core/catalogue/catalogue.ts';
import type { Check } from './define-check.ts';
import { deployedIdentity } from './deployed-identity.ts';
import { errorSpike } from './error-spike.ts';
import { featureFlags } from './feature-flags.ts';
import { frontendErrors } from './frontend-errors.ts';
import { httpHealth } from './http-health.ts';
import { logSpike } from './log-spike.ts';

import { mergeRequests } from './merge-requests.ts';
import { migrations } from './migrations.ts';
import { patternFault } from './pattern-fault.ts';
import { pipeline } from './pipeline.ts';
import { urlLoads } from './url-loads.ts';

/** Every check by its id; a gate of the catalogue names one of them. */
export const checks: Readonly<Record<string, Check>> = {
  'merge-requests': mergeRequests,
  pipeline,
  'url-loads': urlLoads,
  'deployed-identity': deployedIdentity,
  'http-health': httpHealth,
  migrations,
  'feature-flags': featureFlags,
  'error-spike': errorSpike,
  'log-spike': logSpike,
  'frontend-errors': frontendErrors,
};

/** The check of that id, or undefined when there is none. */
export function findCheck(id: string): Check | undefined {
  return Object.hasOwn(checks, id) ? checks[id] : undefined;
}

/** What each check takes in a gate's `with:` block, by its id. */
export const checkParams: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  Object.entries(checks).map(([id, { params }]) => [id, params]),
);

/** What a catalogue is held against: the parameters of the checks, and the engine that runs its patterns. */
export const knowledge: CatalogueKnowledge = { checks: checkParams, patternFault };
