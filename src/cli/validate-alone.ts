import { SecretlintFinder } from '../adapters/secrets/secretlint-finder.ts';
import { sha256 } from '../adapters/store/hash-chain.ts';
import { lookAtRollouts, nextLookMs } from '../checks/rollout/look.ts';
import type { WatchMemo } from '../checks/rollout/watch-memo.ts';
import { problem, sentenceOf } from '../core/problem.ts';
import { promotionId, startRollout } from '../core/promotion/acts.ts';
import { openChecks } from '../core/promotion/decide.ts';
import type { PromotionPlan, RegionPlan } from '../core/promotion/plan.ts';
import { type RegionReport, reportOf } from '../core/promotion/report.ts';
import { regionState } from '../core/promotion/state.ts';
import { type RolloutSubject, recheckMarks } from '../core/rollout/watch.ts';
import type { SecretFinder } from '../core/sources.ts';
import { stateLine } from '../views/report-text.ts';
import { runAfterCheck } from './after-checks.ts';
import { aloneSources, knownService, needSettings } from './alone-sources.ts';
import { WrongUse } from './exit-codes.ts';
import type { JobDeps } from './pipeline-job.ts';
import type { Progress } from './progress.ts';
import { PromotionAlone } from './promotion-alone.ts';
import type { ValidateInput } from './validate-input.ts';

/** How long one look may take, in ms. */
const lookMs = 60_000;
/** A check after the rollout that is not answered is asked again so often. */
const checkAttempts = 5;

/**
 * Watches one rollout by itself, with the SDK's own credentials and the catalogue: no bot, no database. It judges this
 * region alone; what the regions before it are, only the bot knows. Throws {@link WrongUse}.
 */
export async function validateAlone(
  input: ValidateInput,
  catalogueFile: string,
  progress: Progress,
  deps: JobDeps,
): Promise<RegionReport> {
  const { catalogue, plan, place } = await knownService(input, catalogueFile);
  needSettings(plan, deps.settings);
  const outside = aloneSources(catalogue, deps);
  const watch = new WatchAlone(input, { ...plan, regions: [place] }, place, outside, progress, deps);
  return { ...(await watch.untilDecided()), promotion: null };
}

class WatchAlone {
  readonly #input: ValidateInput;
  readonly #outside: ReturnType<typeof aloneSources>;
  readonly #progress: Progress;
  readonly #deps: JobDeps;
  readonly #secrets: SecretFinder;
  readonly #promotion: PromotionAlone;
  readonly #subject: RolloutSubject;
  readonly #deadline: number;
  readonly #checkTries = new Map<string, number>();
  #memo: WatchMemo | null = null;

  constructor(
    input: ValidateInput,
    plan: PromotionPlan,
    { account, region, cluster, service }: RegionPlan,
    outside: ReturnType<typeof aloneSources>,
    progress: Progress,
    deps: JobDeps,
  ) {
    this.#input = input;
    this.#outside = outside;
    this.#progress = progress;
    this.#deps = deps;
    this.#secrets = new SecretlintFinder(deps.secrets);
    this.#deadline = deps.now().getTime() + input.timeoutMs;
    this.#promotion = new PromotionAlone(promotionId(sha256, plan.service, input.commit), deps.now);
    const { commit, taskDefinition, digest, before, pipeline } = input;
    const appliedAt = input.appliedAt ?? input.appliedAfter;
    if (appliedAt === null) throw new WrongUse([sentenceOf(problem('applied-at-missing'))]);
    const expected = { taskDefinition, digest, appliedAt: new Date(appliedAt).toISOString(), before };
    const started = startRollout(null, {
      ...{ plan, commit, region, expected, pipeline },
      channel: '',
      source: 'alone',
    });
    if ('problem' in started) throw new WrongUse([sentenceOf(started.problem)]);
    this.#promotion.record(started.events);
    const watchedSince = deps.now().toISOString();
    const where = { account, region, cluster, service };
    this.#subject = { place: where, expected: { ...expected, commit }, rules: plan.rules, watchedSince };
  }

  async untilDecided(): Promise<RegionReport> {
    const { now, sleep } = this.#deps;
    for (;;) {
      await this.#look();
      await this.#check();
      const report = this.#report();
      this.#progress.say(stateLine(report));
      if (this.#isOver(report)) return report;
      const left = this.#deadline - now().getTime();
      if (left <= 0) return this.#late(report);
      await sleep(Math.min(this.#pauseMs(report), left));
    }
  }

  async #look(): Promise<void> {
    const { now, log } = this.#deps;
    const { rollouts, taskLogs } = this.#outside.aws;
    const { account, region } = this.#subject.place;
    const deps = { now, secrets: this.#secrets, log };
    const watched = [{ subject: this.#subject, memo: this.#memo }];
    const signal = AbortSignal.timeout(lookMs);
    const [looked] = await lookAtRollouts({ rollouts, taskLogs }, { account, region }, watched, deps, signal);
    if (!looked) throw new Error('A look gave no verdict');
    this.#memo = looked.memo;
    const verdict = await looked.verdict();
    this.#promotion.record([{ type: 'RolloutJudged', data: { region, run: 1, verdict } }]);
    if (verdict.outcome === 'fail' || verdict.outcome === 'inconclusive') this.#end();
    if (verdict.outcome === 'pass') this.#confirm();
  }

  /** The re-checks that are due; after the last one nothing more is looked at. */
  #confirm(): void {
    const { region } = this.#subject.place;
    const { passedAt, marks } = regionState(this.#promotion.state, region);
    const sinceMs = this.#deps.now().getTime() - Date.parse(passedAt ?? '');
    for (const mark of recheckMarks)
      if (sinceMs >= mark * 60_000 && !marks.includes(mark))
        this.#promotion.record([{ type: 'RolloutConfirmed', data: { region, run: 1, mark } }]);
    if (sinceMs >= Math.max(...recheckMarks) * 60_000) this.#end();
  }

  #end(): void {
    const { region } = this.#subject.place;
    this.#promotion.record([{ type: 'WatchEnded', data: { region, run: 1 } }]);
  }

  async #check(): Promise<void> {
    const { region } = this.#subject.place;
    const { state } = this.#promotion;
    for (const check of openChecks(state, regionState(state, region))) {
      const { sources } = this.#outside;
      const tried = await runAfterCheck(check, state, region, sources, this.#secrets, this.#deps);
      const tries = (this.#checkTries.get(check.id) ?? 0) + 1;
      this.#checkTries.set(check.id, tries);
      const isOpen = tried.isPassing && tries < checkAttempts;
      const finding = isOpen ? { ...tried.finding, outcome: 'waiting' as const } : tried.finding;
      this.#progress.say(`${check.title}: ${finding.outcome}. ${finding.reason}`);
      const data = { region, run: 1, check: check.id, finding };
      this.#promotion.record([{ type: 'RolloutChecked', data }]);
    }
  }

  #report(): RegionReport {
    return reportOf(this.#promotion.state, this.#subject.place.region, this.#deps.now(), null);
  }

  #isOver({ decision, isFinal }: RegionReport): boolean {
    const isDecided = decision !== 'WATCHING' && decision !== 'NONE';
    return isDecided && (isFinal || decision !== 'GO' || !this.#input.untilFinal);
  }

  /** While a GO is only re-checked, the next mark is waited for. */
  #pauseMs({ decision }: RegionReport): number {
    const now = this.#deps.now();
    const soon = nextLookMs(this.#subject, now);
    if (decision !== 'GO') return soon;
    const { passedAt, marks } = regionState(this.#promotion.state, this.#subject.place.region);
    const next = recheckMarks.find((mark) => !marks.includes(mark)) ?? 0;
    return Math.max(1_000, Date.parse(passedAt ?? '') + next * 60_000 - now.getTime());
  }

  #late(report: RegionReport): RegionReport {
    const minutes = Math.round(this.#input.timeoutMs / 60_000);
    const { what, why, todo } = problem('verdict-late', { minutes, said: report.reason });
    return { ...report, decision: 'INCONCLUSIVE', isFinal: false, reason: `${what} ${why}`, todo };
  }
}
