import type { Digest } from '../ids.ts';
import { decide, type Standing } from './decide.ts';
import type { ReleaseEvent } from './events.ts';
import { type Release, standing } from './state.ts';

/**
 * What follows by itself from where a release stands: approvals that no longer fit are voided, a GO that may not
 * stand is withdrawn, and a verdict that is new is recorded. Pure; the same state and time give the same events.
 */
export function conclusions(release: Release, now: Date, digest: Digest): ReleaseEvent[] {
  const now_ = decide(release, now, digest);
  return [...voided(release, now_), ...withdrawal(release, now_), ...verdict(release, now_)];
}

/** Any change of what was approved voids the approval, and the thread says so (D3). */
function voided({ approvals, plan }: Release, { digest, against, open }: Standing): ReleaseEvent[] {
  // The record follows what changed; it is never the cause.
  const why = [...against, ...open].find(
    ({ blocker }) => blocker !== 'record' && !blocker.startsWith('approval/'),
  );
  return approvals
    .filter((approval) => approval.digest !== digest)
    .map(({ approval, by }) => ({
      type: 'ApprovalVoided',
      data: {
        approval,
        by,
        why: why
          ? `${why.title}: ${why.why}`.replace(/: $/, '')
          : `What ${plan.approvals.find(({ id }) => id === approval)?.name ?? approval} approved has changed.`,
      },
    }));
}

function withdrawal(release: Release, { mayStand, against, open }: Standing): ReleaseEvent[] {
  const last = standing(release);
  if (last?.verdict !== 'GO' || mayStand) return [];
  const [first] = [...against, ...open];
  const why = first ? [first.title, first.why].filter(Boolean).join(': ') : 'What it rested on has changed.';
  return [{ type: 'DecisionWithdrawn', data: { number: last.number, why } }];
}

/** A verdict is recorded when it is another than the one that stands, is of another pass, or rests on other reasons. */
function verdict(release: Release, { verdict: now, against, digest }: Standing): ReleaseEvent[] {
  if (now === 'undecided') return [];
  const last = standing(release);
  const isSame = last?.verdict === now && last.pass === release.pass;
  if (isSame && (now === 'GO' || sameReasons(last.reasons, against))) return [];
  const data = {
    number: release.decisions.length + 1,
    pass: release.pass,
    verdict: now,
    reasons: against,
    digest,
  };
  return [{ type: 'DecisionMade', data }];
}

function sameReasons(
  one: { gate: string | null; blocker: string; why: string }[],
  other: typeof one,
): boolean {
  const key = (reasons: typeof one) =>
    JSON.stringify(reasons.map(({ gate, blocker, why }) => [gate, blocker, why]).sort());
  return key(one) === key(other);
}
