import type { Effect } from '../core/effect.ts';
import type { CommitStatus, Delivery, Handler, Next } from '../core/ports.ts';
import { decideRegion, type RegionStanding } from '../core/promotion/decide.ts';
import { promotionKeys } from '../core/promotion/orders.ts';
import { type Promotion, regionState } from '../core/promotion/state.ts';
import { promotionStream } from '../core/promotion/stream.ts';
import { later } from './invocation-deps.ts';
import type { RolloutDeps } from './promotion-deps.ts';

/** The longest description that GitLab takes, in characters. */
const longestDescription = 255;
/** How long to wait for a GitLab that cannot be reached, or did not answer, in ms. */
const unsentMs = 5_000;
/** A refusal is tried again too, for people mend its cause; at most so long after the last news, in ms. */
const refusedMs = 60_000;
const giveUpMs = 3_600_000;

/**
 * Says beside the promotion's commit how it stands in one region (C7): running while it is watched, success for GO,
 * failed for everything else, because what is not known is never green (F6). Key: `<promotion>/<region>`.
 *
 * The same request twice does no harm, so one whose end nobody saw is made again without looking: GitLab keeps a
 * state that is open as it is, and of two ended records of one name the newer stands.
 */
export function writeCommitStatus(deps: RolloutDeps): Handler {
  return async ({ key }, signal) => {
    const begunAt = deps.now().getTime();
    const { id, region } = promotionKeys.read(key);
    const { state } = await deps.store.read(promotionStream, id);
    if (!state || regionState(state, region).run === 0) return { next: 'done' };
    const status = {
      name: `gonogo/${region}`,
      ...stateAndWords(state, region, deps.now()),
      url: await addressOf(deps, state, region, signal),
    };
    const written = await deps.deliveries.get(deliveryKey(key));
    const digest = deps.digest(whatGitLabShows(status));
    if (written?.digest === digest) return { next: 'done' };
    signal.throwIfAborted();
    // A process that stood still may have lost this work to one that has written something newer.
    if (deps.now().getTime() - begunAt > deps.settleMs / 2) return { next: 'again', at: deps.now() };
    const effect = await deps.sources.codeHost.setCommitStatus(state.plan.path, state.commit, status, signal);
    if (effect.outcome !== 'done') return notDone(deps, state, region, effect);
    const noted: Delivery = {
      channel: state.plan.path,
      ts: null,
      digest,
      intendedAt: null,
      writtenAt: deps.now(),
    };
    // Lost, or noted by another meanwhile: then it is written once more at worst.
    await deps.deliveries.put(deliveryKey(key), noted, written);
    return { next: 'done' };
  };
}

/** What was written last is kept where our messages are: the note of a piece of work goes when it is done. */
function deliveryKey(key: string): string {
  return `commit-status/${key}`;
}

/** A running status keeps its first words in GitLab, so that other words for it are no news. */
function whatGitLabShows(status: CommitStatus): string {
  return status.state === 'running' ? status.state : JSON.stringify(status);
}

function stateAndWords(
  promotion: Promotion,
  region: string,
  now: Date,
): Pick<CommitStatus, 'state' | 'description'> {
  const standing = decideRegion(promotion, region, now);
  if (standing.decision === 'watching' || standing.decision === 'none')
    return { state: 'running', description: 'Watching the rollout.' };
  const state = standing.decision === 'GO' ? 'success' : 'failed';
  return { state, description: words(promotion, region, standing) };
}

function words(promotion: Promotion, region: string, { decision, holds, waived }: RegionStanding): string {
  const reason = regionState(promotion, region).verdict?.reason ?? '';
  const waivers = waived.map(({ hold }) => `Waived: ${hold.signal}`);
  const said = decision === 'GO' ? [...waivers, reason] : holds.map(({ signal }) => signal);
  const text = `${decision}: ${said.join(' ')}`.trim();
  if (text.length <= longestDescription) return text;
  return `${text.slice(0, longestDescription - 1).toWellFormed()}…`;
}

/** The promotion's message in Slack once it stands there, otherwise the pipeline. */
async function addressOf(
  { deliveries, permalink }: RolloutDeps,
  promotion: Promotion,
  region: string,
  signal: AbortSignal,
): Promise<string | null> {
  const place = await deliveries.get(promotionKeys.parent(promotion.id));
  const url = place?.ts ? await permalink({ channel: place.channel, ts: place.ts }, signal) : null;
  return url ?? regionState(promotion, region).pipeline?.url ?? null;
}

function notDone(
  { now, log, settleMs }: RolloutDeps,
  { id, changedAt }: Promotion,
  region: string,
  effect: Exclude<Effect<null>, { outcome: 'done' }>,
): Next {
  log.warn({ promotion: id, region, ...effect }, 'A commit status was not written at once');
  switch (effect.outcome) {
    case 'busy':
      return { next: 'again', at: later(now, effect.retryAfterMs) };
    case 'unsent':
    case 'unclear':
      return { next: 'again', at: later(now, Math.min(unsentMs, settleMs)) };
    case 'refused': {
      const isOld = now().getTime() - Date.parse(changedAt) > giveUpMs;
      return isOld ? { next: 'done' } : { next: 'again', at: later(now, Math.min(refusedMs, settleMs)) };
    }
  }
}
