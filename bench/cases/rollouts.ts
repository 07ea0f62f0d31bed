import type { Case } from '../case.ts';
import { startPostgres } from '../stage/postgres.ts';
import { fleetRows } from './rollouts-fleet.ts';
import { verdictRows } from './rollouts-verdict.ts';

export const rollouts: Case = {
  name: 'rollouts',
  about: 'x',
  run: async (stage, { rounds, quick }) => {
    const postgres = await startPostgres(stage);
    return [...(await verdictRows(stage, quick)), ...(await fleetRows(stage, postgres, rounds, quick))];
  },
};
