import type { MessageBody } from '../core/ports.ts';
import type { Standing } from '../core/release/decide.ts';
import type { ReasonAgainst } from '../core/release/events.ts';
import { type GateStatus, hasEnded, isGreen } from '../core/release/gate-status.ts';
import type { GroupPlan } from '../core/release/plan.ts';
import type { Release } from '../core/release/state.ts';
import { storedLength, truncate } from '../core/slack-payload/stored-length.ts';
import { dotted, wrapped } from './release-columns.ts';
import { nextAction } from './release-next.ts';
import { goNow, handlingWords, reasonText, signOf, titleOf, verdictOf } from './release-words.ts';
import { section } from './text.ts';

/** Of Slack's 10,000 for one message, and of its 3,000 for one text. */
const summaryUnits = 8_500;
const elementUnits = 2_900;

/**
 * The summary of `/release decide` in the shape of the release-go-no-go document (D7): each group with its result
 * and its lines, exceptions, approvals, decision. Plain text of at most 60 columns. Only a recorded GO that stands
 * reads GO; what is not complete reads NO-GO.
 */
export function decideSummary(release: Release, standing: Standing): string {
  return linesOf(release, standing).flat().join('\n');
}

/** The lines in three parts, so that a summary that is too long loses some of the middle one only. */
function linesOf(release: Release, standing: Standing): [head: string[], groups: string[], end: string[]] {
  const verdict = goNow(release, standing) ? 'GO' : 'NO-GO';
  const { name, plan, pass } = release;
  const head = [
    `GO/NO-GO decision: ${verdict}`,
    ...wrapped(`Release ${name}, ${truncate(plan.phase, 200, 'plain_text')}, pass ${pass}`, '', ''),
    '',
  ];
  const groups = plan.groups.flatMap((group) => {
    const statuses = standing.statuses.filter((status) => status.group.id === group.id);
    return [
      dotted(group.name, resultOf(statuses)),
      ...statuses.flatMap((status) => gateLines(status, group)),
      '',
    ];
  });
  const end = [
    ...exceptions(standing),
    'Unresolved SEV-1/SEV-2: not checked here',
    ...approvals(release),
    ...general(standing),
    '',
    ...wrapped(`DECISION: ${verdict}${unfinished(release, standing)}`, '', '  '),
  ];
  return [head, groups, end];
}

function resultOf(statuses: readonly GateStatus[]): 'PASS' | 'FAIL' | 'OPEN' {
  if (statuses.some((status) => hasEnded(status) && !isGreen(status))) return 'FAIL';
  return statuses.every(isGreen) ? 'PASS' : 'OPEN';
}

function gateLines(status: GateStatus, group: GroupPlan): string[] {
  const { gate, word, reason, blockers } = status;
  const mark = isGreen(status) ? '✓' : hasEnded(status) ? '✗' : '…';
  const said = word === 'pass' || word === 'fail' ? '' : ` (${signOf(word, group).word})`;
  const named = blockers.filter(({ title }) => title !== gate.title);
  const details = hasEnded(status) && !isGreen(status) ? [...(reason ? [reason] : [])] : [];
  return [
    ...wrapped(`${gate.title}${said}`, `  ${mark} `, '    '),
    ...details.flatMap((line) => wrapped(line, '      ', '      ')),
    ...named.flatMap(({ title, signal }) => wrapped(`${title}: ${signal}`, '    - ', '      ')),
  ];
}

/** Waivers and what people took out of the decision or follow elsewhere; each stays visible (F7). */
function exceptions({ statuses }: Standing): string[] {
  const lines = statuses.flatMap(({ waivers, handled }) => [
    ...waivers.map(
      ({ title, reason, expiresAt }) => `Waived until ${expiresAt.slice(0, 10)}: ${title} (${reason})`,
    ),
    ...handled.map(({ as, title, reason }) => `${handlingWords[as]}: ${title} (${reason})`),
  ]);
  if (lines.length === 0) return ['Waivers and exceptions: none'];
  return ['Waivers and exceptions:', ...lines.flatMap((line) => wrapped(line, '  ! ', '    '))];
}

function approvals({ plan, approvals: given }: Release): string[] {
  if (plan.approvals.length === 0) return ['Approvals: none asked for'];
  const lines = plan.approvals.flatMap(({ id, name }) => {
    const isGiven = given.some(({ approval }) => approval === id);
    return wrapped(isGiven ? name : `${name} (open)`, `  ${isGiven ? '✓' : '…'} `, '    ');
  });
  return ['Approvals:', ...lines];
}

/** What stands against it or is open and is no gate: the record, staging itself; approvals are told above. */
function general({ against, open }: Standing): string[] {
  const isTold = ({ gate, blocker }: ReasonAgainst) => gate !== null || blocker.startsWith('approval/');
  const worded = (mark: string) => (reason: ReasonAgainst) =>
    isTold(reason) ? [] : wrapped(reasonText(reason), `${mark} `, '  ');
  return [...against.flatMap(worded('✗')), ...open.flatMap(worded('…'))];
}

/** Behind the verdict: what keeps it from being a decision. */
function unfinished(release: Release, standing: Standing): string {
  const { verdict, open, rechecking } = standing;
  if (goNow(release, standing)) return rechecking ? ' (re-checking)' : '';
  if (verdict === 'NO-GO') return '';
  if (open.length > 0) return ` (not complete: ${open.length} open)`;
  return rechecking ? ' (not complete: re-checking)' : ' (not complete: not recorded yet)';
}

/** What `/release decide` answers: the verdict, the summary as it stands in the document, and the next action. */
export function summaryAnswer(release: Release, standing: Standing): MessageBody {
  const { emoji, word } = verdictOf(release, standing);
  const title = titleOf(release);
  const elements = chunks(fitting(linesOf(release, standing))).map((text) => ({ type: 'text', text }));
  return {
    text: `${word}: ${title}`,
    blocks: [
      section(`${emoji} *${word}* · *${title}*`),
      { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements }] },
      section(`*Next:* ${nextAction(release, standing).words}`),
    ],
  };
}

function unitsOf(lines: readonly string[]): number {
  return lines.reduce((units, line) => units + storedLength(line, 'plain_text') + 1, 0);
}

/** The lines that fit; what is left out is counted where it is missing, and the decision is always told. */
function fitting([head, groups, end]: [string[], string[], string[]]): string[] {
  const tail = kept(end.toReversed(), summaryUnits / 2, 'above').toReversed();
  const left = summaryUnits - unitsOf(head) - unitsOf(tail);
  return [...head, ...kept(groups, left, 'in the thread'), ...tail];
}

function kept(lines: readonly string[], units: number, where: string): string[] {
  if (unitsOf(lines) <= units) return [...lines];
  let left = units - 40;
  const cut = lines.findIndex((line) => {
    left -= storedLength(line, 'plain_text') + 1;
    return left < 0;
  });
  return [...lines.slice(0, cut), `  (${lines.length - cut} more lines ${where})`];
}

/** Slack takes 3,000 in one text; lines stay whole. */
function chunks(lines: readonly string[]): string[] {
  const texts: string[] = [];
  let units = Number.POSITIVE_INFINITY;
  for (const [index, line] of lines.entries()) {
    const ended = index < lines.length - 1 ? `${line}\n` : line;
    const length = storedLength(ended, 'plain_text');
    if (units + length > elementUnits) {
      texts.push(ended);
      units = length;
    } else {
      texts.push(`${texts.pop() ?? ''}${ended}`);
      units += length;
    }
  }
  return texts;
}
