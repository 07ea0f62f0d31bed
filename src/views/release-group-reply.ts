import type { Blocker, Evidence } from '../core/finding.ts';
import type { MessageBody } from '../core/ports.ts';
import type { GateStatus } from '../core/release/gate-status.ts';
import type { GroupPlan } from '../core/release/plan.ts';
import type { Answer, Handled, Release, Waiver } from '../core/release/state.ts';
import { strong } from './item-words.ts';
import { firstOf, sections, unitsOf } from './release-lines.ts';
import { waiverLine } from './release-message.ts';
import { groupSign, handlingWords, signOf, who } from './release-words.ts';
import { firstLines, link, moment, plain, section } from './text.ts';

/** All lines of one reply together; Slack's budget for a message is 10,000 with 125 for each block. */
const replyUnits = 8_500;
const headUnits = 8_000;
/** Of one gate's details of one kind. */
const detailUnits = 2_900;
const listedEvidence = 12;
const listedBlockers = 25;

/**
 * The thread reply of one group: where each gate stands, why, and what proves it (B2–B6, F2). Gates that need
 * attention get their details first where not all of it fits; each gate keeps its own line.
 */
export function groupReply(release: Release, group: GroupPlan, statuses: readonly GateStatus[]): MessageBody {
  const { emoji, counts } = groupSign(group, statuses);
  const rest = (count: number) => `…and ${count} more gates`;
  const all = statuses.map(headLine);
  const heads = firstLines(all, all.length, headUnits, rest);
  const isCut = heads.at(-1) !== all.at(-1);
  const shown = statuses.slice(0, isCut ? -(all.length - heads.length + 1) : all.length);
  const details = fitting(release, shown, replyUnits - unitsOf(heads));
  const lines = heads.flatMap((head, index) => [head, ...(details.get(index) ?? [])]);
  return {
    text: `${plain(group.name, 75)}: ${counts}`,
    blocks: [
      section(`${emoji} ${strong(group.name, 75)} ${counts}${place(release, group)}`),
      ...sections(lines),
    ],
  };
}

/** Against what the checks of the group were made (B4). */
function place({ workspace: set }: Release, { workspace: isNeeded }: GroupPlan): string {
  if (!isNeeded || !set) return '';
  const approved = set.approval ? ` · approved: ${plain(set.approval, 300)}` : '';
  return `\nWorkspace ${plain(set.workspace, 150)}, depot ${plain(set.depot, 150)} · ${who(set.by)} ${moment(set.at)}${approved}`;
}

function headLine({ gate, group, word, rechecking }: GateStatus): string {
  const sign = signOf(word, group);
  return `${sign.emoji} ${strong(gate.title, 120)} ${sign.word}${rechecking ? ', re-checking' : ''}`;
}

/** The details that fit, by the index of their gate; what needs attention is served first. */
function fitting(release: Release, statuses: readonly GateStatus[], units: number): Map<number, string[]> {
  const attention = (status: GateStatus) =>
    ['fail', 'inconclusive', 'waived'].includes(status.word) ? 0 : 1;
  const order = statuses
    .map((status, index) => ({ status, index }))
    .sort((one, other) => attention(one.status) - attention(other.status));
  let left = units;
  const fits = new Map<number, string[]>();
  for (const { status, index } of order) {
    if (left < 120) break;
    const lines = detailLines(release, status);
    // Room for the line that counts what is left out.
    const shown = firstLines(lines, lines.length, left - 60, (count) => `      …and ${count} more lines`);
    fits.set(index, shown);
    left -= unitsOf(shown);
  }
  return fits;
}

function detailLines(release: Release, status: GateStatus): string[] {
  const { remedy, evidence, blockers, handled, waivers, answers, gate } = status;
  const isAutomated = gate.check !== null;
  return [
    ...whyLine(status),
    ...(remedy && status.word !== 'open' ? [`→ ${plain(remedy, 300)}`] : []),
    ...first(blockers, listedBlockers, blockerLine, 'blockers'),
    ...handled.map(handledLine),
    ...waivers.map((waiver) => `:warning: waived: ${waiverLine(waiver)}`),
    ...lapsed(release, status).map((waiver) => `Waived before, counts no more: ${waiverLine(waiver)}`),
    ...answers.map((answer) => answerLine(answer, status)),
    // A person's evidence stands in the line of the answer.
    ...(isAutomated ? first(evidence, listedEvidence, (one) => evidenceLine(one, status.at), 'values') : []),
  ].map((line) => `      ${line}`);
}

/** The reason, who has it and since when; an answer of people tells its own below. */
function whyLine({ reason, assignee, at, word, answers }: GateStatus): string[] {
  const isTold = answers.length > 0 && word !== 'inconclusive';
  const parts = [
    ...(reason && !isTold ? [plain(reason, 200)] : []),
    ...(assignee !== null && word === 'open' ? [`assigned to ${who(assignee)}`] : []),
    ...(at !== null && answers.length === 0 ? [moment(at)] : []),
  ];
  return parts.length > 0 ? [parts.join(' · ')] : [];
}

function first<T>(items: readonly T[], most: number, toLine: (item: T) => string, what: string): string[] {
  return firstOf(items, most, detailUnits, toLine, (count) => `…and ${count} more ${what}`);
}

function blockerLine({ title, url, signal }: Blocker): string {
  const named = url === null ? plain(title, 120) : link(url, title);
  return `• ${named}${signal && signal !== title ? `: ${plain(signal, 200)}` : ''}`;
}

function handledLine({ as, title, reason, link: url, by, at }: Handled): string {
  const where = url === null ? '' : ` · ${link(url, 'followed here')}`;
  return `${handlingWords[as]}: ${plain(title, 120)}, by ${who(by)} ${moment(at)}: ${plain(reason, 200)}${where}`;
}

/** Confirmed in this pass and not counted any more, while the blocker is there: it ended, or it reads differently. */
function lapsed({ waivers, pass }: Release, { gate, blockers, waivers: counted }: GateStatus): Waiver[] {
  return waivers.filter(
    (waiver) =>
      waiver.gate === gate.id &&
      waiver.pass === pass &&
      waiver.confirmed !== null &&
      !counted.some(({ id }) => id === waiver.id) &&
      blockers.some(({ id }) => id === waiver.blocker),
  );
}

function answerLine({ by, at, outcome, note, link: url, pass }: Answer, { group }: GateStatus): string {
  const parts = [
    `${who(by)} ${signOf(outcome, group).word} ${moment(at)}, pass ${pass}`,
    ...(note ? [plain(note, 300)] : []),
    ...(url === null ? [] : [link(url, 'evidence')]),
  ];
  return parts.join(' · ');
}

/** When it was seen is told where it was not at the minute that the gate's own line names. */
function evidenceLine({ label, value, url, at }: Evidence, found: string | null): string {
  const named = url === null ? plain(label, 80) : link(url, label);
  const when = found?.slice(0, 16) === at.slice(0, 16) ? '' : ` · ${moment(at)}`;
  return `${named}: ${plain(value, 200)}${when}`;
}
