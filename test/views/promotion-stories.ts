import { type NextGate, nextGate } from '../../src/core/promotion/next-gate.ts';
import type { PromotionPlan } from '../../src/core/promotion/plan.ts';
import type { Promotion } from '../../src/core/promotion/state.ts';
import type { RolloutVerdict, TaskFailure } from '../../src/core/rollout/verdict.ts';
import { failed, finding, Life, minutes, planWith, verdict } from '../core/promotion/samples.ts';
import { olga, rita } from './release-story.ts';

/** Promotions in every state that the views tell apart, made as the bot makes them: by folding events. */

export const eu = 'eu-west-1';
export const us = 'us-east-1';
export const ap = 'ap-south-1';
/** When the stories are looked at. */
export const at = minutes(10);

const failure: TaskFailure = {
  task: '3fa85f64',
  stoppedAt: minutes(2).toISOString(),
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  container: 'app',
  exitCode: 1,
  cause: 'The application ended by itself.',
};

export const crashed = verdict({
  row: 8,
  outcome: 'fail',
  reason: 'Tasks stop again and again.',
  remedy: 'The service owner reads the last lines.',
  tasks: { running: 0, wanted: 2 },
  failures: [failure],
  excerpts: [
    {
      title: 'Last lines of task 3fa85f64',
      task: '3fa85f64',
      lines: [
        { at: '2026-11-21T12:01:58.000Z', text: 'Starting', hit: false },
        { at: '2026-11-21T12:01:59.000Z', text: 'Error: connect ECONNREFUSED', hit: true },
      ],
      url: 'https://eu-west-1.console.aws.test/logs',
    },
  ],
  evidence: [
    { label: 'Service', value: 'core', url: 'https://eu-west-1.console.aws.test/ecs', at: at.toISOString() },
  ],
});

const waiting = verdict({
  row: 15,
  outcome: 'waiting',
  reason: '2 of 2 tasks run, soaking.',
});

const ended = (life: Life, region: string, run = 1) => {
  life.do(minutes(9), [{ type: 'WatchEnded', data: { region, run } }]);
  return life;
};
export const opened = (plan: Partial<PromotionPlan> = {}) => new Life().opened(planWith(plan));

export function handedOver(life: Life, region = eu, run = 1): Life {
  life.do(minutes(5), [{ type: 'HandedOver', data: { region, run } }], rita);
  return life;
}

export function waiverAsked(life: Life, reason = 'known, harmless', region = eu): Life {
  const data = {
    waiver: 'w1',
    region,
    run: 1,
    blocker: 'rollout',
    signal: crashed.reason,
    title: 'ECS rollout',
  };
  const expiresAt = minutes(240).toISOString();
  life.do(minutes(4), [{ type: 'WaiverProposed', data: { ...data, reason, expiresAt } }], rita);
  return life;
}

export const stories = {
  opened: () => opened(),
  started: () => opened().started(eu, minutes(1)),
  soaking: () => opened().started(eu, minutes(1)).judged(eu, minutes(2), waiting),
  checking: () => opened().started(eu, minutes(1)).judged(eu, minutes(2)),
  provisional: () => opened().went(eu, minutes(1)),
  final: () =>
    ended(
      opened()
        .went(eu, minutes(1))
        .judged(eu, minutes(8), verdict({ row: 14, isFinal: true })),
      eu,
    ),
  crashed: () => ended(opened().started(eu, minutes(1)).judged(eu, minutes(3), crashed), eu),
  handed: () => handedOver(stories.crashed()),
  inconclusive: () =>
    ended(
      opened()
        .started(eu, minutes(1))
        .judged(
          eu,
          minutes(3),
          verdict({ row: 3, outcome: 'inconclusive', reason: 'No new deployment.', remedy: 'Apply it.' }),
        ),
      eu,
    ),
  spiked: () =>
    opened()
      .started(eu, minutes(1))
      .judged(eu, minutes(2))
      .checked(eu, minutes(3), finding({ outcome: 'fail', reason: 'A spike.', remedy: 'The owner looks.' })),
  takenBack: () => opened().went(eu, minutes(1)).went(us, minutes(4)).judged(eu, minutes(6), crashed),
  waiverAsked: () => waiverAsked(stories.crashed()),
  waived: () => {
    const life = stories.waiverAsked();
    life.do(minutes(5), [{ type: 'WaiverConfirmed', data: { waiver: 'w1' } }], olga);
    return life;
  },
  everywhere: () => opened().went(eu, minutes(1)).went(us, minutes(3)).went(ap, minutes(5)),
  secondRun: () => opened().started(eu, minutes(1)).judged(eu, minutes(2), failed).started(eu, minutes(4), 2),
};

/** The gate as the bot reads it, where nothing but this promotion is known. */
export function gateOf(promotion: Promotion, now = at): NextGate | null {
  const view = { plans: [promotion.plan], waves: [], promotions: () => [promotion] };
  return nextGate(view, promotion, now);
}

/** A verdict whose every text is `text`, with ten failures, 60 lines and twenty values. */
function wideVerdict(text: string): RolloutVerdict {
  const line = (index: number) => ({ at: minutes(index).toISOString(), text, hit: index === 3 });
  return verdict({
    row: 8,
    outcome: 'fail',
    reason: text,
    remedy: text,
    deployment: text,
    taskDefinition: text,
    digest: text,
    tasks: { running: 0, wanted: 2 },
    failures: Array.from({ length: 10 }, () => ({
      ...failure,
      task: text,
      stopCode: text,
      stoppedReason: text,
      container: text,
      cause: text,
    })),
    excerpts: Array.from({ length: 3 }, () => ({
      title: text,
      task: text,
      lines: Array.from({ length: 60 }, (_, index) => line(index)),
      url: 'https://eu-west-1.console.aws.test/cloudwatch',
    })),
    evidence: Array.from({ length: 20 }, () => ({
      label: text,
      value: text,
      url: 'https://eu-west-1.console.aws.test/ecs',
      at: at.toISOString(),
    })),
  });
}

/** A promotion through `regions` regions with twenty checks, where every region has failed; every text is `text`. */
export function wide(regions: number, text: string): Life {
  const names = Array.from({ length: regions }, (_, index) => `eu-region-${index}`);
  const base = planWith();
  const plan = planWith({
    name: text,
    owner: { name: text, users: [text, olga], groups: [] },
    regions: names.map((region) => ({ ...base.regions[0], region }) as PromotionPlan['regions'][number]),
    after: Array.from({ length: 20 }, (_, index) => ({
      id: `c${index}`,
      title: text,
      check: 'log-spike',
      with: {},
    })),
  });
  const life = new Life().opened(plan);
  for (const region of names) {
    life.started(region, minutes(1)).judged(region, minutes(2));
    const checked = plan.after.map(({ id: check }) => ({
      type: 'RolloutChecked' as const,
      data: {
        region,
        run: 1,
        check,
        finding: finding({ outcome: 'fail', reason: text, remedy: text }),
      },
    }));
    life.do(minutes(3), checked);
    life.judged(region, minutes(4), wideVerdict(text));
  }
  return life;
}
