import { forRegion, rolloutCandidate } from '../checks/rollout/after-check.ts';
import type { Finding } from '../core/finding.ts';
import type { Handler } from '../core/ports.ts';
import { promotionKeys } from '../core/promotion/orders.ts';
import { regionState } from '../core/promotion/state.ts';
import { promotionStream } from '../core/promotion/stream.ts';
import { CheckLook, checkMemo, isRetry, saysTheSame } from './check-look.ts';
import { deploymentOfSource } from './gitlab-source.ts';
import { type RolloutDeps, recordPromotion } from './promotion-deps.ts';

/** Runs one check after a rollout, once that passes (C4). Key: `<promotion>/<region>/<id of the check in the plan>`. */
export function checkRollout(deps: RolloutDeps): Handler {
  return async ({ key, memo: note }, signal) => {
    const { id, region, rest } = promotionKeys.read(key);
    const { state } = await deps.store.read(promotionStream, id);
    const check = state?.plan.after.find((one) => one.id === rest);
    if (!state || !check) return { next: 'done' };
    const { run, verdict, checks, sources } = regionState(state, region);
    const deployment = sources.flatMap((source) => deploymentOfSource(source) ?? []).at(-1) ?? 0;
    // A pass that was taken back since: the next one orders this again.
    if (verdict?.outcome !== 'pass') return { next: 'done' };
    const memo = checkMemo(note, run, deps.now());
    // A worker that died right after it told people left the note of the look before.
    if ((checks[check.id]?.outcome ?? 'waiting') !== 'waiting' && !isRetry(memo)) return { next: 'done' };
    const look = new CheckLook(deps, {
      check: check.check,
      with: forRegion(check.with, region),
      candidate: rolloutCandidate(state, region, deployment),
      memo,
      about: { promotion: id, region, check: check.id },
      mend: 'deploy again.',
      record: (finding) => found(deps, id, { region, run, check: check.id }, finding),
    });
    return look.take(signal);
  };
}

async function found(
  deps: RolloutDeps,
  id: string,
  { region, run, check }: { region: string; run: number; check: string },
  finding: Finding,
): Promise<void> {
  await recordPromotion(deps, id, (state) => {
    const now = regionState(state, region);
    const was = now.checks[check];
    if (now.run !== run || (was && saysTheSame(was, finding))) return [];
    return [{ type: 'RolloutChecked', data: { region, run, check, finding } }];
  });
}
