import type { Judgement } from '../checks/define-check.ts';
import { findCheck } from '../checks/index.ts';
import { forRegion, rolloutCandidate } from '../checks/rollout/after-check.ts';
import { cleaner } from '../checks/rollout/clean-verdict.ts';
import type { Finding } from '../core/finding.ts';
import { OutsideError } from '../core/ports.ts';
import type { AfterCheck } from '../core/promotion/plan.ts';
import type { Promotion } from '../core/promotion/state.ts';
import type { SecretFinder, Sources } from '../core/sources.ts';
import type { JobDeps } from './pipeline-job.ts';

/** How long one look of a check may take, in ms. */
const lookMs = 60_000;
/** How long of a text is kept, in characters. */
const mostOfText = 600;

/**
 * Runs one check after the rollout once, as the bot would (C4). What breaks or does not answer is inconclusive (F6);
 * `isPassing`: it may answer at the next try.
 */
export async function runAfterCheck(
  check: AfterCheck,
  promotion: Promotion,
  region: string,
  sources: Sources,
  secrets: SecretFinder,
  { now, log }: Pick<JobDeps, 'now' | 'log'>,
): Promise<{ finding: Finding; isPassing: boolean }> {
  const code = findCheck(check.check);
  if (!code) return { finding: unknown(`This gonogo has no check "${check.check}".`), isPassing: false };
  const deadline = AbortSignal.timeout(lookMs);
  try {
    const candidate = rolloutCandidate(promotion, region, 0);
    const judged = await code.run(candidate, forRegion(check.with, region), sources, deadline, now);
    return { finding: await cleaned(judged, secrets), isPassing: false };
  } catch (error) {
    log.warn({ err: error, check: check.id }, 'A check after the rollout gave no answer');
    const { what, why, todo } =
      error instanceof OutsideError
        ? error.problem
        : {
            what: 'The check broke.',
            why: deadline.aborted ? 'It took too long.' : '',
            todo: 'Run it again.',
          };
    const finding = await cleaned(unknown(`${what} ${why}`.trim(), todo), secrets);
    return { finding, isPassing: error instanceof OutsideError && error.kind !== 'refused' };
  }
}

function unknown(reason: string, remedy = 'Whoever keeps the catalogue (release.yml) corrects it.'): Finding {
  return { outcome: 'inconclusive', reason, remedy, evidence: [], blockers: [] };
}

async function cleaned(judged: Judgement, secrets: SecretFinder): Promise<Finding> {
  const clean = cleaner(secrets);
  const evidence = judged.evidence.map(async ({ label, value, url, at }) => ({
    label: await clean(label, mostOfText),
    value: await clean(value, mostOfText),
    url: url === null ? null : await clean(url, Number.POSITIVE_INFINITY),
    at,
  }));
  return {
    outcome: judged.outcome,
    reason: await clean(judged.reason, mostOfText),
    remedy: await clean(judged.remedy, mostOfText),
    evidence: await Promise.all(evidence),
    // Blockers are for people who triage them in Slack.
    blockers: [],
  };
}
