import { decideRegion, type RegionStanding } from '../core/promotion/decide.ts';
import type { Hold } from '../core/promotion/events.ts';
import type { Promotion } from '../core/promotion/state.ts';
import type { RolloutVerdict } from '../core/rollout/verdict.ts';
import { strong } from './item-words.ts';
import { headOf } from './release-words.ts';
import { code, plain } from './text.ts';

/** Emoji and words of a deployment on its way through its regions: never colour or picture alone. Source: C5, C7. */

export interface Sign {
  emoji: string;
  word: string;
}

const signs: Record<RegionStanding['decision'], Sign> = {
  GO: { emoji: ':white_check_mark:', word: 'GO' },
  'NO-GO': { emoji: ':no_entry:', word: 'NO-GO' },
  INCONCLUSIVE: { emoji: ':grey_question:', word: 'INCONCLUSIVE' },
  watching: { emoji: ':mag:', word: 'watching' },
  none: { emoji: ':white_circle:', word: 'not deployed yet' },
};

export function signOf(decision: RegionStanding['decision']): Sign {
  return signs[decision];
}

/** First what somebody has to act on, then what is under way. */
const worstFirst = ['NO-GO', 'INCONCLUSIVE', 'watching'] as const;

/** The one verdict that a person reads first. */
export function verdictOf(promotion: Promotion, now: Date): Sign {
  const { regions } = promotion.plan;
  const decided = regions.map(({ region }) => ({ region, ...decideRegion(promotion, region, now) }));
  for (const decision of worstFirst) {
    const found = decided.filter((one) => one.decision === decision);
    const [first] = found;
    if (!first) continue;
    const { emoji, word } = signs[decision];
    const more = found.length > 1 ? ` and ${found.length - 1} more` : '';
    const shown = decision === 'watching' ? 'Watching' : `${word} in`;
    return { emoji, word: `${shown} ${plain(first.region, 40)}${more}` };
  }
  const count = decided.filter(({ decision }) => decision === 'GO').length;
  if (count === 0) return { emoji: signs.none.emoji, word: 'Not deployed yet' };
  const { emoji } = signs.GO;
  if (count < regions.length) return { emoji, word: `GO in ${count} of ${regions.length} regions` };
  return { emoji, word: regions.length === 1 ? 'GO' : 'GO in every region' };
}

/** "*Deployment of Manage core* `abcdef12`" as mrkdwn. */
export function titleOf({ plan, commit }: Pick<Promotion, 'plan' | 'commit'>): string {
  return `${strong(`Deployment of ${plan.name}`, 80)} ${code(shortCommit(commit))}`;
}

/** The same for a notification, which shows no marks. */
export function plainTitleOf({ plan, commit }: Pick<Promotion, 'plan' | 'commit'>): string {
  return `Deployment of ${plain(plan.name, 60)} ${plain(shortCommit(commit), 12)}`;
}

function shortCommit(commit: string): string {
  return commit.slice(0, 8);
}

/** Who takes over, as the catalogue names them. */
export function ownerOf({ plan }: Pick<Promotion, 'plan'>): string {
  return plain(plan.owner.name.replaceAll('*', '∗'), 60) || 'the owner';
}

/** "2 of 2 tasks run", where the reason does not say it already; empty when nothing was counted. */
export function tasksOf({ tasks, reason }: Pick<RolloutVerdict, 'tasks' | 'reason'>): string {
  if (!tasks || reason.includes(`${tasks.running} of ${tasks.wanted}`)) return '';
  return `${tasks.running} of ${tasks.wanted} tasks run`;
}

const verdictWords: Record<RolloutVerdict['outcome'], string> = {
  pass: 'PASS',
  fail: 'FAIL',
  inconclusive: 'INCONCLUSIVE',
  waiting: 'watching',
};

/** The verdict of a look in words; a pass is provisional until the deployment itself has completed. */
export function verdictWord({ outcome, isFinal }: Pick<RolloutVerdict, 'outcome' | 'isFinal'>): string {
  if (outcome !== 'pass') return verdictWords[outcome];
  return isFinal ? 'PASS final' : 'PASS provisional';
}

/** One thing that keeps a region from GO, on one line. */
export function holdLine({ title, signal }: Pick<Hold, 'title' | 'signal'>): string {
  const shown = plain(signal, 300);
  return `• ${strong(headOf(title), 120)}${shown ? `: ${shown}` : ''}`;
}

/** What there is to do about what stands against a GO, the first that says it. */
export function todoOf(holds: readonly Hold[]): string {
  return plain(holds.map(({ todo }) => todo.trim()).find(Boolean) ?? '', 400);
}

/** Whether nothing but an earlier region stands against a GO: then that one is what people look at. */
export function isOrderOnly(holds: readonly Hold[]): boolean {
  return holds.length > 0 && holds.every(({ blocker }) => blocker.startsWith('order/'));
}
