import { control } from '../services.ts';
import { forget, remember, spikes } from './fault-memory.ts';

/** Title of the issue that the panel lets come up. */
export const newIssueTitle = 'TypeError: limits is undefined';

const minute = 60_000;
const errorsPerMinute = 15;
const [beforeNow, afterNow] = [30, 240];

export function isSpiking(project: string): boolean {
  return spikes().has(project);
}

/**
 * Lets a project err in staging from a while ago until it is stopped, but not before staging was deployed to
 * (milliseconds since 1970; null: never): errors that were there before are no spike.
 */
export async function startSpike(project: string, deployedAt: number | null): Promise<void> {
  const earliest = Date.now() - beforeNow * minute;
  const from = Math.max(earliest, deployedAt === null ? earliest : Math.ceil(deployedAt / minute) * minute);
  await record(project, from);
  remember(spikes, project, from);
}

/** Ends it, as if it had never been. Sentry forgets only all errors at once: what still spikes is told again. */
export async function stopSpike(project: string): Promise<void> {
  forget(spikes, project);
  await control('sentry', 'DELETE', 'errors');
  for (const [other, from] of spikes()) await record(other, from);
}

async function record(project: string, from: number): Promise<void> {
  const minutes = Math.ceil((Date.now() - from) / minute) + afterNow;
  await control('sentry', 'POST', 'errors', {
    project,
    environment: 'staging',
    tags: { level: 'error', title: newIssueTitle },
    from: new Date(from).toISOString(),
    perMinute: Array.from({ length: minutes }, () => errorsPerMinute),
  });
}
