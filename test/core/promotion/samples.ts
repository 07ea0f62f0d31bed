import type { Finding } from '../../../src/core/finding.ts';
import type { PromotionEvent } from '../../../src/core/promotion/events.ts';
import { foldPromotion } from '../../../src/core/promotion/fold.ts';
import { promotionChange } from '../../../src/core/promotion/orders.ts';
import type { PromotionPlan } from '../../../src/core/promotion/plan.ts';
import type { Promotion } from '../../../src/core/promotion/state.ts';
import type { RolloutVerdict } from '../../../src/core/rollout/verdict.ts';

/** A promotion for tests: three regions, one check after the rollout, and what happens to it told step by step. */
export const commit = 'a'.repeat(40);
export const otherCommit = 'b'.repeat(40);
export const id = 'core.k3j4h5k6';
const start = Date.parse('2026-11-21T12:00:00Z');
export const minutes = (count: number) => new Date(start + count * 60_000);

export function planWith(parts: Partial<PromotionPlan> = {}): PromotionPlan {
  const region = (name: string) => ({
    region: name,
    account: null,
    cluster: 'production',
    service: 'core',
    environment: `production/${name}`,
  });
  return {
    service: 'core',
    name: 'Manage core',
    project: 'bf-manage-core',
    path: 'betterfleet/bf-manage-core',
    owner: { name: 'Manage team', users: ['U0OWNER'], groups: [] },
    regions: [region('eu-west-1'), region('us-east-1'), region('ap-south-1')],
    freshMinutes: 60,
    rules: {
      soakSeconds: 30,
      deadlineSeconds: 1_200,
      emptyPasses: false,
      imageTag: '{commit}',
      logs: null,
      migration: null,
    },
    after: [{ id: 'spike', title: 'No obvious spike', check: 'log-spike', with: {} }],
    ...parts,
  };
}

export function verdict(parts: Partial<RolloutVerdict> = {}): RolloutVerdict {
  return {
    row: 15,
    outcome: 'pass',
    isFinal: false,
    reason: 'All tasks run.',
    remedy: '',
    deployment: 'ecs-svc/1',
    taskDefinition: 'core:42',
    digest: 'sha256:1',
    tasks: { running: 2, wanted: 2 },
    failures: [],
    excerpts: [],
    evidence: [],
    ...parts,
  };
}

export const failed = verdict({
  row: 8,
  outcome: 'fail',
  reason: 'Tasks stop again and again.',
  remedy: 'The owner looks.',
});

export function finding(parts: Partial<Finding> = {}): Finding {
  return { outcome: 'pass', reason: 'No obvious spike.', remedy: '', evidence: [], blockers: [], ...parts };
}

/** Plays events with all that follows from them, as the store would record it. */
export class Life {
  state: Promotion | null = null;
  seq = 0;
  recorded: PromotionEvent[] = [];
  work: string[] = [];
  readonly #id: string;

  constructor(name = id) {
    this.#id = name;
  }

  do(at: Date, events: PromotionEvent[], actor = 'gonogo') {
    const change = promotionChange(this.#id, { state: this.state, seq: this.seq }, events, { actor, at });
    for (const event of change.events) {
      this.seq += 1;
      const recorded = { ...event, seq: this.seq, at: at.toISOString(), actor };
      this.state = foldPromotion(this.#id, this.state, recorded);
    }
    this.recorded.push(...change.events);
    this.work = (change.work ?? []).map(({ kind, key }) => `${kind} ${key}`);
    return change;
  }

  now(): Promotion {
    if (!this.state) throw new Error('nothing happened yet');
    return this.state;
  }

  opened(plan = planWith(), sha = commit): this {
    this.do(minutes(0), [{ type: 'PromotionOpened', data: { commit: sha, plan, channel: 'C0RELEASES' } }]);
    return this;
  }

  started(region: string, at: Date, run = 1): this {
    const expected = {
      commit: this.now().commit,
      taskDefinition: null,
      digest: null,
      appliedAt: at.toISOString(),
      before: null,
    };
    const data = { region, run, source: `test/${region}/${run}`, expected, pipeline: null };
    this.do(at, [{ type: 'RolloutStarted', data }]);
    return this;
  }

  judged(region: string, at: Date, said = verdict(), run = 1): this {
    this.do(at, [{ type: 'RolloutJudged', data: { region, run, verdict: said } }]);
    return this;
  }

  checked(region: string, at: Date, found = finding(), run = 1): this {
    this.do(at, [{ type: 'RolloutChecked', data: { region, run, check: 'spike', finding: found } }]);
    return this;
  }

  /** From the start to GO. */
  went(region: string, at: Date): this {
    return this.started(region, at).judged(region, at).checked(region, at);
  }

  decisions(): string[] {
    return this.recorded.flatMap((event) =>
      event.type === 'RegionDecided' ? [`${event.data.region} ${event.data.decision}`] : [],
    );
  }
}
