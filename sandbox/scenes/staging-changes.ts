/** One merge request of the scene; `path` is what it changes. */
export interface ScriptedChange {
  title: string;
  /** GitLab user name. */
  author: string;
  paths: string[];
  newPaths?: string[];
  labels?: string[];
  /** Somebody forgot to label it after looking at it in staging. */
  isUnlabelled?: boolean;
}

/** What production runs already, by project: shipped with the release before. */
export const shippedBefore: Record<string, ScriptedChange[]> = {
  'bf-manage-core': [
    { title: 'Retry OCPP boot notifications', author: 'p.novak', paths: ['src/ocpp/boot.py'] },
  ],
  'bf-manage-web': [
    { title: 'Keep the depot when changing pages', author: 'l.okafor', paths: ['src/depot/session.ts'] },
  ],
};

/** What this release brings to staging, by project. */
export const shippedNow: Record<string, ScriptedChange[]> = {
  'bf-manage-core': [
    {
      title: 'Share a circuit limit fairly between chargers',
      author: 'm.haddad',
      paths: ['src/load_management/allocation.py', 'src/load_management/limits.py'],
      labels: ['load-management'],
    },
    {
      title: 'Export the energy report by vehicle',
      author: 's.lindgren',
      paths: ['src/exports/energy.py'],
      labels: ['reports'],
    },
    {
      title: 'Store the last known state of a connector',
      author: 'p.novak',
      paths: ['src/chargers/state.py'],
      newPaths: ['migrations/0043_connector_last_state.py'],
    },
    {
      title: 'Say why a charger is offline',
      author: 'a.kowalski',
      paths: ['src/incidents/reasons.py'],
      isUnlabelled: true,
    },
  ],
  'bf-manage-web': [
    { title: 'Show kW and kWh apart in the load chart', author: 'l.okafor', paths: ['src/load/chart.ts'] },
    { title: 'Sort vehicles by state of charge', author: 'j.moreau', paths: ['src/vehicles/list.ts'] },
    {
      title: 'Close the incident drawer with Escape',
      author: 's.lindgren',
      paths: ['src/incidents/drawer.ts'],
    },
  ],
};
