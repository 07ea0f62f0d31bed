import type { LogRules, MigrationRules, RolloutRules } from '../../../src/core/rollout/rules.ts';

/** By what the services of the scenarios are judged. */

/** No log rules; otherwise as a catalogue says that says nothing, with a deadline of ten minutes. */
export const usualRules: RolloutRules = {
  soakSeconds: 30,
  deadlineSeconds: 600,
  emptyPasses: false,
  imageTag: '{commit}',
  logs: null,
  migration: null,
};

/** Each task says that it listens, and none shows a failure. */
export function logRules(change: Partial<LogRules> = {}): LogRules {
  return {
    container: null,
    group: null,
    success: [{ name: 'listening', pattern: 'Listening on port \\d+', quorum: 'each' }],
    failure: [
      { name: 'no database', pattern: 'database connection refused', cause: 'The database is down.' },
      { name: 'traceback', pattern: '^Traceback', cause: null },
    ],
    timeoutSeconds: 150,
    ...change,
  };
}

/** A container of the service's tasks migrates. */
export function migrationRules(change: Partial<MigrationRules> = {}): MigrationRules {
  const pattern = 'migrations: (\\d+ applied successfully|no pending migrations)';
  return {
    container: 'migrate',
    group: null,
    success: [{ name: 'migrated', pattern, quorum: 'any' }],
    failure: [{ name: 'migration failed', pattern: '^ERROR migrations:', cause: null }],
    timeoutSeconds: 150,
    ...change,
  };
}
