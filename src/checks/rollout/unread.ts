import type { OutsideError } from '../../core/ports.ts';
import { noMemory, type RolloutMemory } from '../../core/rollout/memory.ts';
import type { RolloutVerdict } from '../../core/rollout/verdict.ts';
import type { RolloutSubject } from '../../core/rollout/watch.ts';

/**
 * What is said of a rollout that could not be looked at. A refusal is row 1 of the verdict table; no answer is waited
 * out until the deadline, and is not known then (F6).
 */
export function unreadVerdict(
  error: OutsideError,
  { rules, watchedSince }: RolloutSubject,
  memory: RolloutMemory | null,
  now: Date,
): RolloutVerdict {
  const { why, what, todo } = error.problem;
  const said = why || what;
  const { deployment, failures } = memory ?? noMemory;
  const unseen = { taskDefinition: null, digest: null, tasks: null, excerpts: [], evidence: [] };
  const base = { isFinal: false, deployment, failures, ...unseen };
  if (error.kind === 'refused')
    return { ...base, row: 1, outcome: 'inconclusive', reason: `${what} ${said}`, remedy: todo };
  const isOver = now.getTime() - Date.parse(watchedSince) >= rules.deadlineSeconds * 1_000;
  const reason = `AWS does not answer: ${said}`;
  if (!isOver) return { ...base, row: 16, outcome: 'waiting', reason, remedy: '' };
  const remedy = 'The release engineer looks again when AWS answers: /release validate.';
  return { ...base, row: 16, outcome: 'inconclusive', reason, remedy };
}
