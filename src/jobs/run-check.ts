import type { Finding } from '../core/finding.ts';
import type { Handler } from '../core/ports.ts';
import type { Candidate } from '../core/release/candidate.ts';
import { releaseKeys } from '../core/release/orders.ts';
import { findGate } from '../core/release/plan.ts';
import { gateState } from '../core/release/state.ts';
import { releaseStream } from '../core/release/stream.ts';
import { CheckLook, checkMemo, isRetry, saysTheSame } from './check-look.ts';
import { type ReleaseDeps, recordRelease } from './release-deps.ts';

/** Runs one gate's check, and records what it finds. Key: `<release>/<gate>`. */
export function runCheck(deps: ReleaseDeps): Handler {
  return async ({ key, memo: note }, signal) => {
    const { id, gate } = releaseKeys.readGate(key);
    const { state } = await deps.store.read(releaseStream, id);
    const plan = state && findGate(state.plan, gate)?.gate;
    if (!state?.candidate || !plan?.check) return { next: 'done' };
    const { run, phase } = gateState(state, gate);
    const memo = checkMemo(note, run, deps.now());
    // A worker that died right after it told people left the note of the look before.
    if (phase !== 'queued' && phase !== 'running' && !isRetry(memo)) return { next: 'done' };
    if (phase === 'queued') await started(deps, id, gate, run);
    const { candidate } = state;
    const look = new CheckLook(deps, {
      check: plan.check,
      with: plan.with,
      candidate,
      memo,
      about: { release: id, gate },
      mend: 'open the release anew.',
      record: (finding) => found(deps, id, { gate, run, candidate }, finding),
    });
    return look.take(signal);
  };
}

async function started(deps: ReleaseDeps, id: string, gate: string, run: number): Promise<void> {
  await recordRelease(deps, id, (state) => {
    const now = gateState(state, gate);
    return now.run === run && now.phase === 'queued' ? [{ type: 'CheckStarted', data: { gate, run } }] : [];
  });
}

async function found(
  deps: ReleaseDeps,
  id: string,
  { gate, run, candidate }: { gate: string; run: number; candidate: Candidate },
  finding: Finding,
): Promise<void> {
  await recordRelease(deps, id, (state) => {
    const now = gateState(state, gate);
    if (now.run !== run || state.pass !== candidate.pass) return [];
    if (now.finding?.run === run && saysTheSame(now.finding, finding)) return [];
    return [{ type: 'CheckFound', data: { gate, run, finding } }];
  });
}
