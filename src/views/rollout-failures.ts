import type { TaskFailure } from '../core/rollout/verdict.ts';
import { firstOf } from './release-lines.ts';
import { code, moment, plain } from './text.ts';

/** Stopped tasks: ECS's own words verbatim, and what they mean. */

const listedFailures = 10;
const reasonUnits = 600;

/** As lines, `units` long together. */
export function failureLines(failures: readonly TaskFailure[], units: number): string[] {
  const rest = (count: number) => `…and ${count} more stopped tasks`;
  return firstOf(failures, listedFailures, units, failureText, rest);
}

/** The cause in plain words, then task, container and exit code, then what ECS said. */
export function failureText({
  cause,
  task,
  container,
  exitCode,
  stopCode,
  stoppedAt,
  stoppedReason,
}: TaskFailure): string {
  const about = [
    `task ${code(task)}`,
    ...(container === null ? [] : [`container ${code(container)}`]),
    ...(exitCode === null ? [] : [`exit code ${exitCode}`]),
    ...(stopCode === null ? [] : [code(stopCode)]),
    ...(stoppedAt === null ? [] : [moment(stoppedAt)]),
  ].join(' · ');
  return `• ${plain(cause, 300) || 'The task stopped.'}\n      ${about}\n      ${verbatim(stoppedReason)}`;
}

/** Longer than inline code elsewhere: an image's address alone may be. */
function verbatim(said: string): string {
  const shown = plain(said.replaceAll('`', 'ˋ'), reasonUnits);
  return shown ? `ECS says: \`${shown}\`` : 'ECS gives no reason.';
}
