import type { LogJudgement } from '../../core/rollout/logs.ts';
import type { ObservedTask } from '../../core/rollout/observation.ts';
import { failureExcerpt } from './excerpts.ts';
import type { FailureFound } from './progress.ts';
import { shortTask } from './tasks.ts';

/** The endings of a judgement of lines. */

type Excerpts = LogJudgement['excerpts'];

export function passed(reason: string): LogJudgement {
  return { outcome: 'pass', reason, remedy: '', failureLine: false, excerpts: [] };
}

export function waiting(reason: string, excerpts: Excerpts): LogJudgement {
  return { outcome: 'waiting', reason, remedy: '', failureLine: false, excerpts };
}

export function failed(reason: string, remedy: string, excerpts: Excerpts): LogJudgement {
  return { outcome: 'fail', reason, remedy, failureLine: false, excerpts };
}

export function unknown(reason: string, remedy: string, excerpts: Excerpts): LogJudgement {
  return { outcome: 'inconclusive', reason, remedy, failureLine: false, excerpts };
}

/** A known line of failure was found. `but`: what else was seen that says the contrary. */
export function failureFound(found: FailureFound, but = ''): LogJudgement {
  const { signature, cause, task } = found;
  return {
    outcome: 'fail',
    reason: `${but}The log of task ${shortTask(task)} shows “${signature}”${cause === null ? '.' : `: ${cause}`}`,
    remedy:
      'The owner of the service reads the line and what stands around it, mends the cause and deploys again.',
    failureLine: true,
    excerpts: [failureExcerpt(found)],
  };
}

/** @param why one sentence */
export function unreadable(why: string): LogJudgement {
  return unknown(
    why,
    'The owner of the service names the log group in the catalogue (release.yml), or lets the container write with the awslogs driver and a stream prefix.',
    [],
  );
}

/** Absence proves nothing where nothing arrived: the delivery may have dropped it (facts). */
export function silentTasks(silent: readonly ObservedTask[], excerpts: Excerpts): LogJudgement {
  const [first] = silent;
  const who =
    first && silent.length === 1 ? `task ${shortTask(first.id)}` : `${silent.length} of the running tasks`;
  return unknown(
    `No logs at all of ${who}: whether it is well cannot be told from its lines.`,
    'The platform team looks whether the task may write to its log group; the owner, whether its container writes at all.',
    excerpts,
  );
}
