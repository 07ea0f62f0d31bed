import type { ObservedWhole } from './candidates.ts';
import type { LogJudgement } from './logs.ts';
import type { RolloutMemory } from './memory.ts';
import type { Observation } from './observation.ts';
import { proofOf, seenDigest } from './proof.ts';
import { notDeployed, unproven } from './row-deployed.ts';
import { awaited, completed, healthy, noMachines, nothingToRun, shifting } from './row-progress.ts';
import { rolledBack, stopped, superseded } from './row-replaced.ts';
import { movedByOthers, notThere, removed } from './row-service.ts';
import { cannotStart, keepsStopping, linesFail, notPlaced } from './row-tasks.ts';
import type { RolloutRules } from './rules.ts';
import type { Row, Said } from './said.ts';
import { type Sight, see } from './sight.ts';
import type { Expectation, RolloutVerdict } from './verdict.ts';

/** All that a look is judged by. */
export interface LookedAt {
  observation: Observation;
  expected: Expectation;
  rules: RolloutRules;
  /** Memory of the looks before; `noMemory` at the first. */
  memory: RolloutMemory;
  /** What the lines say; null: there is no log rule. */
  logs: LogJudgement | null;
  /** When the watch of this run began, ISO 8601: the deadline counts from here. */
  watchedSince: string;
  now: Date;
}

/**
 * The verdict table (facts: rollout verdict): the first row that matches. Row 10, stops that say nothing, matches none
 * and is told as evidence; row 16 is what is left. A deployment that cannot be told for the release's may fail like any
 * other, so that half of row 3 stands where the first row stands that could pass.
 */
const rows: readonly Row[] = [
  removed, // 1
  movedByOthers, // 2
  notDeployed, // 3
  rolledBack, // 4
  stopped, // 5
  superseded, // 6
  cannotStart, // 7
  keepsStopping, // 8
  linesFail, // 15
  notPlaced, // 9
  unproven, // 3
  nothingToRun, // 11
  noMachines, // 12
  shifting, // 13
  completed, // 14
  healthy, // 15
];

/**
 * Judges one look at a rollout (C2), and says what the next look has to remember. The same for the same input, and
 * never an error: what is not known is waited for, and inconclusive at the deadline. Looks after a pass are judged the
 * same way, so that a pass can turn into a failure.
 */
export function judgeRollout(looked: LookedAt): { verdict: RolloutVerdict; memory: RolloutMemory } {
  const { observation, memory } = looked;
  if (observation.kind === 'nothing')
    return { verdict: ofNothing(looked, observation.at, notThere(observation), observation.said), memory };
  const sight = see({ ...looked, observation });
  return { verdict: verdictOf(sight, saidOf(sight), observation), memory: sight.memory };
}

function saidOf(sight: Sight): Said {
  for (const row of rows) {
    const said = row(sight);
    if (said) return said;
  }
  return awaited(sight);
}

function ofNothing({ memory }: LookedAt, at: string, said: Said, words: string): RolloutVerdict {
  return {
    ...said,
    deployment: memory.deployment,
    taskDefinition: null,
    digest: null,
    tasks: null,
    failures: memory.failures,
    excerpts: [],
    evidence: words ? [{ label: 'AWS says', value: words, url: null, at }] : [],
  };
}

function verdictOf(sight: Sight, said: Said, { at }: ObservedWhole): RolloutVerdict {
  const { identity, own, service, failures, logs, healthy: well } = sight;
  const { id, deployment, rollout, stage } = identity;
  const isThere = stage !== 'missing';
  return {
    ...said,
    deployment: stage === 'unproven' ? null : id,
    taskDefinition:
      deployment?.taskDefinition ??
      own[0]?.taskDefinition ??
      (isThere ? (rollout?.targetTaskDefinition ?? null) : null),
    digest: seenDigest(sight),
    tasks: isThere ? { running: well.length, wanted: service.desired } : null,
    serving: service.running,
    failures,
    excerpts: said.outcome === 'waiting' ? [] : (logs?.excerpts ?? []),
    evidence: proofOf(sight, said, at),
  };
}
