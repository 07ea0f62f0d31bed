import type { EcsScript } from '../worlds.ts';

/** One thing that can happen at a deployment: a script of the simulated ECS, and what the tasks write. */
export interface Happening {
  /** `SCRIPT` or `SCRIPT+LOGS`. */
  id: string;
  /** In a few plain words. */
  label: string;
  /** One sentence more; empty when the label says it all. */
  says: string;
}

export interface HappeningGroup {
  title: string;
  happenings: Happening[];
}

/** What happens unless something else is chosen. */
export const defaultHappening = 'healthy-fast';

/** Short names of the scripts; one without is shown by its sentence. */
const names: Readonly<Record<string, string>> = {
  'healthy-fast': 'Healthy',
  healthy: 'Healthy, behind a load balancer',
  spot: 'Healthy, though a Spot task is taken away',
  'placement-recovers': 'No room at first, then healthy',
  'dies-later': 'Healthy, and crashes minutes later',
  'crash-loop': 'Crash loop',
  'crash-no-breaker': 'Crash loop, without a circuit breaker',
  'crash-no-rollback': 'Crash loop, stopped but not rolled back',
  'exit-zero': 'Ends without an error (exit code 0)',
  'out-of-memory': 'Out of memory',
  killed: 'Killed, nobody says why',
  'elb-health': 'The load balancer finds it unhealthy',
  'container-health': 'Its own health check fails',
  slow: 'One task never starts',
  'image-pull': 'The image cannot be pulled',
  'missing-secret': 'A secret is missing',
  eni: 'No network interface',
  'log-group-missing': 'The log group is missing',
  'cannot-start': 'The command is not in the image',
  'exec-format': 'The image is for another processor',
  placement: 'No room for any task',
  'never-starts': 'No task ever starts',
  'rolled-back': 'Rolled back by the circuit breaker',
  'rollback-by-alarm': 'Rolled back by an alarm',
  'rolls-back-later': 'Rolled back minutes later',
  'rollback-by-person': 'Rolled back by somebody',
  'rollback-fails': 'The roll back fails',
  stopped: 'Somebody stops the deployment',
  superseded: 'Another deployment takes over',
  inactive: 'The service is deleted',
  draining: 'The service is being deleted',
  zero: 'The service wants no task',
  'daemon-empty': 'A daemon without any instance',
  'no-op': 'Terraform changes nothing',
  'not-deployed': 'The service keeps the old deployment',
  'blue-green': 'Blue/green, with time to bake',
  'hook-awaiting': 'A hook waits for a person',
  canary: 'Canary',
  linear: 'Linear',
  'code-deploy': 'CodeDeploy',
  'code-deploy-stuck': 'CodeDeploy gets stuck',
  external: 'An external controller',
};

/** What tasks that run well may write instead of what they should. */
const variants: readonly [logs: string, label: string, says: string][] = [
  ['migration-ok', 'Healthy, after a migration', 'Three migrations are applied before the app starts'],
  [
    'migration-fails',
    'The migration fails',
    'The third migration cannot be applied: its container ends with 1',
  ],
  [
    'contradictory',
    'The migration contradicts itself',
    'Its log tells a failure, but it ends with exit code 0',
  ],
  ['migration-hangs', 'The migration hangs', 'Its container goes on and on'],
  ['failure-line', 'The log tells a failure', 'The tasks run well, but cannot reach the database'],
  [
    'missing-success',
    'It never says that it listens',
    'The tasks run well, but the line that is awaited never comes',
  ],
  ['none', 'There is no log at all', 'The tasks run well and write nothing'],
  ['late', 'The log comes late', 'The tasks run well; their lines are found 90 seconds late'],
  ['dropped', 'Half of the log is lost', 'The tasks run well; every other line never arrives'],
];

/** Everything that the simulated ECS can play, grouped. */
export function happeningGroups(scripts: readonly EcsScript[]): HappeningGroup[] {
  const titles = [...new Set(scripts.map(({ group }) => group))];
  const groups = titles.map((title) => ({
    title: `${title.charAt(0).toUpperCase()}${title.slice(1)}`,
    happenings: scripts
      .filter(({ group }) => group === title)
      .map(({ id, says }) => ({ id, label: names[id] ?? says, says: names[id] === undefined ? '' : says }))
      .toSorted((one, other) => rank(one) - rank(other)),
  }));
  if (groups.length === 0) return [];
  const written = variants.map(([logs, label, says]) => ({ id: `${defaultHappening}+${logs}`, label, says }));
  return [...groups, { title: 'The migration and the log', happenings: written }];
}

/** What is chosen at first stands first. */
function rank({ id }: Happening): number {
  return id === defaultHappening ? 0 : 1;
}

/** The script and the log of a happening's id. */
export function happeningOf(id: string): { script: string; logs?: string } {
  const [script = '', logs] = id.split('+');
  return logs === undefined ? { script } : { script, logs };
}
