/** A small catalogue, as parsed from YAML; tests replace parts of it. */
export function sample(parts: object = {}): Record<string, unknown> {
  return {
    version: 1,
    name: 'BetterFleet Manage',
    gitlab: { root: 'betterfleet/bf-dev' },
    groups: [{ id: 'manage', name: 'Manage' }],
    projects: [
      { id: 'bf-manage-core', path: 'betterfleet/bf-manage-core', group: 'manage' },
      { id: 'bf-telematics', path: 'betterfleet/bf-telematics', 'release-branch': 'release/2026' },
    ],
    roles: { 'release-engineer': { users: ['U0RELENG'] } },
    channels: { releases: 'C0RELEASES' },
    ...parts,
  };
}

/** The sample with one project, or with these. */
export function withProjects(...projects: unknown[]): Record<string, unknown> {
  return sample({ projects });
}

/** A valid project with parts replaced. */
export function project(parts: object = {}): object {
  return { id: 'bf-web', path: 'betterfleet/bf-web', ...parts };
}
