import type { Block, MessageBody } from '../core/ports.ts';
import { findGate } from '../core/release/plan.ts';
import type { Decision, Release, Waiver } from '../core/release/state.ts';
import { firstOf } from './release-lines.ts';
import { blockerLine, waiverLine } from './release-message.ts';
import { titleOf, who } from './release-words.ts';
import { code, context, firstLines, moment, plain, section } from './text.ts';

/** Of Slack's 3,000 for one text. */
const listUnits = 2_600;
const listedReasons = 20;
const listedTodos = 6;
const listedWaivers = 12;

/** The reply of one decision: GO or NO-GO, each reason with its link, what to do (B7); marked once it is withdrawn. */
export function decisionReply(release: Release, decision: Decision): MessageBody {
  const { verdict, withdrawn, number, pass, at, digest } = decision;
  const sign = verdict === 'GO' ? ':white_check_mark:' : ':no_entry:';
  const head = withdrawn ? `:warning: ~${verdict}~ *withdrawn*` : `${sign} *${verdict}*`;
  const why = withdrawn ? `\nWithdrawn ${moment(withdrawn.at)}: ${plain(withdrawn.why, 400)}` : '';
  const blocks = [
    section(`${head} · *${titleOf(release)}* · pass ${pass}${why}`),
    ...before(release, decision),
    ...(verdict === 'NO-GO' ? against(decision) : inFavour(release, decision)),
    ...(withdrawn ? [] : [section(`*Next:* ${next(release, decision)}`)]),
    context(`Decision ${number} · ${moment(at)} · on evidence ${code(digest.slice(0, 12))}`),
  ];
  const word = withdrawn ? `${verdict} withdrawn` : verdict;
  return { text: `${word}: ${titleOf(release)}`, blocks };
}

/** The reply that tells of a GO that is withdrawn, in a message of its own: an edit of the old one pings nobody. */
export function withdrawalReply(release: Release, decision: Decision): MessageBody {
  const { verdict, number, withdrawn } = decision;
  const why = withdrawn ? plain(withdrawn.why, 600) : 'What it rested on has changed.';
  const when = withdrawn ? ` · ${moment(withdrawn.at)}` : '';
  return {
    text: `${verdict} withdrawn: ${titleOf(release)}`,
    blocks: [
      section(`:warning: *${verdict} withdrawn* · *${titleOf(release)}*\n${why}`),
      section('*Next:* do not promote it. The message above says what there is to do.'),
      context(`Decision ${number}${when}`),
    ],
  };
}

/**
 * Whether a reply is shown in the channel too: where the channel learns something new. That is a verdict other than
 * the one that stood before, and a GO that is withdrawn, unless the NO-GO of the same moment tells it.
 */
export function isBroadcast(part: 'decision' | 'withdrawal', release: Release, number: number): boolean {
  const decision = release.decisions.find((one) => one.number === number);
  if (!decision) return false;
  if (part === 'withdrawal') return decision.withdrawn !== null && !replacedAtOnce(release, decision);
  const previous = release.decisions.find((one) => one.number === number - 1);
  if (!previous) return true;
  return previous.verdict !== decision.verdict || wasWithdrawn(previous, decision);
}

function wasWithdrawn({ withdrawn }: Decision, { seq }: Decision): boolean {
  return withdrawn !== null && withdrawn.seq < seq;
}

/** Whether the next decision was recorded together with the withdrawal of this one. */
function replacedAtOnce({ decisions }: Release, { number, withdrawn }: Decision): boolean {
  const following = decisions.find((one) => one.number === number + 1);
  return withdrawn !== null && following?.seq === withdrawn.seq + 1;
}

function before(release: Release, { number, seq }: Decision): Block[] {
  const previous = release.decisions.find((one) => one.number === number - 1);
  if (!previous?.withdrawn || previous.withdrawn.seq > seq) return [];
  return [
    section(
      `The ${previous.verdict} of ${moment(previous.at)} is withdrawn: ${plain(previous.withdrawn.why, 400)}`,
    ),
  ];
}

function against({ reasons }: Decision): Block[] {
  const rest = (count: number) => `…and ${count} more in *What blocks*`;
  const lines = firstOf(reasons, listedReasons, listUnits, (reason) => blockerLine(reason), rest);
  return lines.length > 0 ? [section(lines.join('\n'))] : [];
}

/** What a GO rests on besides green gates: waivers that counted then (F7), and approvals (D3). */
function inFavour(release: Release, decision: Decision): Block[] {
  const waived = waiversAt(release, decision).map((waiver) => `:warning: Waived: ${waiverLine(waiver)}`);
  const approved = approvalsAt(release, decision);
  const lines = [
    'Every gate is passed, waived or not applicable.',
    ...firstLines(waived, listedWaivers, listUnits - 700, (count) => `…and ${count} more waivers`),
    ...(approved.length > 0 ? [`Approved by ${approved.join(', ')}`] : []),
  ];
  return [section(lines.join('\n'))];
}

/** Confirmed before the decision and not at their end then. */
function waiversAt({ waivers }: Release, { pass, at, seq }: Decision): Waiver[] {
  return waivers.filter(
    (waiver) =>
      waiver.pass === pass &&
      waiver.confirmed !== null &&
      waiver.confirmed.seq < seq &&
      Date.parse(waiver.expiresAt) > Date.parse(at),
  );
}

/** Read from the history: the next pass forgets approvals, the decision keeps what it rested on. */
function approvalsAt({ plan, notices, passes }: Release, { pass, seq }: Decision): string[] {
  const began = passes[pass - 1]?.seq ?? 0;
  const told = notices.filter((notice) => notice.seq > began && notice.seq < seq);
  return plan.approvals.flatMap(({ id, name }) => {
    const last = told
      .filter((notice) => notice.kind === 'approval' || notice.kind === 'approval-voided')
      .findLast(({ approval }) => approval === id);
    return last?.kind === 'approval' ? [`${who(last.by)} as ${plain(name, 60)}`] : [];
  });
}

function next({ plan }: Release, { verdict, reasons }: Decision): string {
  if (verdict === 'GO') return 'the release may be promoted. A new deployment here withdraws this GO.';
  const todos = [...new Set(reasons.map(({ todo }) => todo.trim()))].filter((todo) => todo !== '');
  const isAutomated = reasons.some(({ gate }) => gate !== null && findGate(plan, gate)?.gate.check);
  const then = isAutomated ? 'press *Re-check failed* in the message above' : 'see the message above';
  if (todos.length === 0) return `mend what blocks. Then ${then}.`;
  if (todos.length === 1) return `${plain(todos[0] ?? '', 300)} Then ${then}.`;
  const rest = (count: number) => `…and ${count} more in *What blocks*`;
  return `\n${firstOf(todos, listedTodos, listUnits, (todo) => `• ${plain(todo, 300)}`, rest).join('\n')}\nThen ${then}.`;
}
