import type { Case } from '../case.ts';
import { verdictRows } from './rollouts-verdict.ts';

export const rollouts: Case = {
  name: 'rollouts',
  about: 'x',
  run: async (stage, { quick }) => verdictRows(stage, quick),
};
