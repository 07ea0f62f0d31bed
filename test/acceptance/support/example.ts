import { fileURLToPath } from 'node:url';
import { loadCatalogue } from '../../../src/adapters/catalogue-file.ts';
import { knowledge } from '../../../src/checks/index.ts';
import type { Catalogue } from '../../../src/core/catalogue/catalogue.ts';
import { catalogueOf } from '../../support/catalogue.ts';

const file = fileURLToPath(new URL('../../../examples/betterfleet-manage/release.yml', import.meta.url));

/** The 16 projects of examples/betterfleet-manage, with the people, the channel and the limits of the tests. */
export async function betterfleet(change: Partial<Catalogue> = {}): Promise<Catalogue> {
  const reading = await loadCatalogue(file, knowledge);
  if (!reading.ok) throw new Error(reading.faults.map(({ problem }) => problem).join('; '));
  const { roles, channels, limits } = catalogueOf(1);
  return { ...reading.catalogue, roles, channels, limits, ...change };
}
