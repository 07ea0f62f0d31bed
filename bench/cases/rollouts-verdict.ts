import type { Task } from '@aws-sdk/client-ecs';
import { EcsRollouts } from '../../src/adapters/aws/rollouts/ecs-rollouts.ts';
import { CloudWatchTaskLogs } from '../../src/adapters/aws/task-logs.ts';
import { lookAtRollouts, nextLookMs, type WatchMemo } from '../../src/checks/rollout/look.ts';
import type { RolloutVerdict } from '../../src/core/rollout/verdict.ts';
import { servicesStable } from '../reference/services-stable.ts';
import type { Row } from '../report.ts';
import type { Stage } from '../stage/process.ts';
import {
  commit,
  place,
  ranBefore,
  type SimulatedRollout,
  startSimulatedRollout,
} from '../stage/simulated-rollout.ts';

type Script = Parameters<SimulatedRollout['deploy']>[0];

/** What is compared, and from which moment on a verdict is possible; null: from the first look on. */
interface Story {
  script: Script;
  /** Commit that is said to be deployed. */
  expected?: string;
  goal: number;
  since: string;
  /** Whether that moment has come, by what ECS shows of the new tasks. */
  isThere(tasks: readonly Task[], wanted: number): boolean;
  /** So much later the verdict is possible, in s. */
  more: number;
}

const soakSeconds = 30;
const atOnce = { since: 'the first look', isThere: () => true, more: 0 };
const stopped = (count: number) => (tasks: readonly Task[]) =>
  tasks.filter(({ stopCode }) => stopCode !== undefined).length >= count;
const running = (tasks: readonly Task[], wanted: number) =>
  tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length >= wanted;

const stories: readonly Story[] = [
  { script: 'crash-loop', goal: 15, since: 'the second stop', isThere: stopped(2), more: 0 },
  { script: 'missing-secret', goal: 10, since: 'the first stop', isThere: stopped(1), more: 0 },
  { script: 'rolled-back', goal: 0, ...atOnce },
  { script: 'zero', goal: 0, ...atOnce },
  // Row 3 gives ECS half a minute to show a new deployment at all; the look after it may be 10 s away.
  { script: 'no-op', expected: ranBefore, goal: 40, ...atOnce },
  { script: 'not-deployed', goal: 40, ...atOnce },
  {
    script: 'healthy',
    goal: 10,
    since: `its tasks ran ${soakSeconds} s`,
    isThere: running,
    more: soakSeconds,
  },
];

/** The watch begins so long after the rollout, in s: looks fall on every moment between two of them. */
const offsets = [0, 1, 2, 3, 4, 6, 8, 10];
const mostSeconds = 900;
const never = new AbortController().signal;

/** How long a verdict takes in simulated time: ours beside the SDK's own waiter on the same script. */
export async function verdictRows(stage: Stage, quick: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  for (const story of stories) {
    const seen: Seen[] = [];
    for (const offset of quick ? [0] : offsets) seen.push(await watched(stage, story, offset));
    const reference = await startSimulatedRollout(stage);
    await reference.deploy(story.script);
    rows.push(...rowsOf(story, seen, await servicesStable(reference)));
  }
  return rows;
}

interface Seen {
  says: string;
  /** Simulated seconds from the begin of the rollout, or of the watch where that came later; NaN: never. */
  seconds: number;
  /** The same from the moment on from which it was possible. */
  after: number;
}

async function watched(stage: Stage, story: Story, offset: number): Promise<Seen> {
  const at = await startSimulatedRollout(stage);
  const { now } = at;
  const pace = { reserve: async () => now(), holdUntil: async () => undefined };
  const rollouts = new EcsRollouts(() => at.ecs, { pace, now });
  const taskLogs = new CloudWatchTaskLogs(() => at.logs, { now });
  const before = await rollouts.snapshot(place, never);
  const appliedAt = now().toISOString();
  const { deployment } = await at.deploy(story.script);
  await at.move(offset);
  const began = now().getTime();
  const subject = {
    place,
    expected: { commit: story.expected ?? commit, taskDefinition: null, digest: null, appliedAt, before },
    rules: rules(),
    watchedSince: now().toISOString(),
  };
  const seconds = () => (now().getTime() - began) / 1_000;
  let [memo, due, possible]: [WatchMemo | null, number, number | null] = [null, 0, null];
  while (seconds() <= mostSeconds) {
    if (possible === null && story.isThere(await at.tasksOf(deployment), 2))
      possible = seconds() + story.more;
    if (seconds() >= due) {
      const deps = { now, secrets: { remove: async (text: string) => text } };
      const [look] = await lookAtRollouts({ rollouts, taskLogs }, place, [{ subject, memo }], deps, never);
      if (!look) throw new Error('There was no answer to a look');
      if (look.outcome !== 'waiting')
        return {
          says: said(await look.verdict()),
          seconds: seconds(),
          after: seconds() - (possible ?? Number.NaN),
        };
      memo = look.memo;
      due = seconds() + nextLookMs(subject, now()) / 1_000;
    }
    await at.move(1);
  }
  return { says: 'nothing', seconds: Number.NaN, after: Number.NaN };
}

function rules() {
  const success = [{ name: 'ready', pattern: 'Listening on port', quorum: 'each' as const }];
  const logs = { container: null, group: null, success, failure: [], timeoutSeconds: 150 };
  const imageTag = '{commit}';
  return { soakSeconds, deadlineSeconds: 900, emptyPasses: false, imageTag, logs, migration: null };
}

function said({ outcome, isFinal, row }: RolloutVerdict): string {
  const how = outcome === 'pass' ? ` ${isFinal ? 'final' : 'provisional'}` : '';
  return `${outcome}${how} (row ${row})`;
}

function rowsOf(
  { script, goal, since }: Story,
  seen: readonly Seen[],
  theirs: { says: string; seconds: number } | null,
): Row[] {
  const says = [...new Set(seen.map((one) => one.says))].join(' or ');
  return [
    { what: `${script}: ${says}`, unit: 's', values: seen.map(({ seconds }) => seconds) },
    {
      what: `  after ${since}, at worst`,
      unit: 's',
      values: [Math.max(...seen.map(({ after }) => after))],
      goal: { atMost: goal },
    },
    {
      what: `  services-stable: ${theirs?.says ?? 'nothing in 600 s'}`,
      unit: 's',
      values: [theirs?.seconds ?? Number.NaN],
    },
  ];
}
