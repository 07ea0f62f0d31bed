import type { Catalogue } from '../../src/core/catalogue/catalogue.ts';

/** Ids of the people and places that the tests use. */
export const rita = 'U0RELENG';
export const nora = 'U0NOROLE';
export const ada = 'U0ADMIN';
export const tess = 'U0TESTER';
export const releases = 'C0RELEASES';
export const general = 'C0GENERAL';
export const engineers = 'S0RELENG';

/** A catalogue with `count` projects named p-001, p-002 … in betterfleet/. */
export function catalogueOf(count: number, change: Partial<Catalogue> = {}): Catalogue {
  const projects = Array.from({ length: count }, (_, index) => {
    const id = `p-${String(index + 1).padStart(3, '0')}`;
    return { id, path: `betterfleet/${id}`, releaseBranch: 'release' };
  });
  return {
    name: 'Test releases',
    gitlab: { root: 'betterfleet/bf-dev', releaseBranch: 'release' },
    groups: [],
    projects,
    roles: {
      releaseEngineer: { users: [], groups: [engineers] },
      tester: { users: [tess], groups: [] },
      admin: { users: [ada], groups: [] },
    },
    channels: { releases },
    limits: { pipelinesPerMinute: 6_000, followPollSeconds: 1, followHours: 24 },
    phases: [],
    accounts: [],
    services: [],
    waves: [],
    ...change,
  };
}
