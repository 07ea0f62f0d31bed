import { findGate, gatesOf } from '../core/release/plan.ts';
import { type Decision, gateState, type Notice, type Release, type Waiver } from '../core/release/state.ts';
import { linked, type Names, person, prose, when, worded } from './linear-markdown.ts';
import { answerText, handledText, waiverText } from './linear-record.ts';
import { headOf } from './release-words.ts';

/** One comment of the record. The key never changes, so that it is written once. */
export interface RecordComment {
  key: string;
  body: string;
}

/**
 * The history of a release as comments in the order in which it happened: passes, decisions and withdrawals, what
 * people handled, waived and approved, and what they saw fail (B1, F4).
 */
export function recordComments(release: Release, names: Names): RecordComment[] {
  const comments: (RecordComment & { seq: number })[] = [
    ...opened(release, names),
    ...release.decisions.flatMap((decision) => decided(decision)),
    ...release.notices.flatMap((notice) => noticed(release, notice, names)),
    ...release.waivers.flatMap((waiver) => answeredWaiver(waiver, names)),
    ...failures(release, names),
  ];
  return comments.sort((one, other) => one.seq - other.seq).map(({ key, body }) => ({ key, body }));
}

function opened({ passes, name }: Release, names: Names) {
  return passes.slice(0, 1).map(({ by, at, seq }) => ({
    key: 'pass/1',
    seq,
    body: `Validation of release ${prose(name, 60)} opened by ${person(by, names)}, ${when(at)}.`,
  }));
}

function decided({ number, pass, verdict, reasons, at, seq, withdrawn }: Decision) {
  const lines = reasons.map(
    ({ title, why, url }) =>
      `* ${linked(url, why ? headOf(title) : title)}${why ? `: ${prose(why, 500)}` : ''}`,
  );
  const head = `**${verdict}** in pass ${pass}, ${when(at)}.`;
  const made = {
    key: `decision/${number}`,
    seq,
    body: lines.length > 0 ? [head, '', ...lines].join('\n') : head,
  };
  if (!withdrawn) return [made];
  const body = `**${verdict} withdrawn**, ${when(withdrawn.at)}: ${prose(withdrawn.why)}`;
  return [made, { key: `withdrawal/${number}`, seq: withdrawn.seq, body }];
}

function noticed(release: Release, notice: Notice, names: Names) {
  const { seq } = notice;
  return [{ key: `notice/${seq}`, seq, body: noticeText(release, notice, names) }];
}

function noticeText(release: Release, notice: Notice, names: Names): string {
  const by = `${person(notice.by, names)}, ${when(notice.at)}`;
  switch (notice.kind) {
    case 'pass':
      return passText(release, notice);
    case 'stale': {
      const { project, deployment } = notice;
      const what = linked(deployment.url, `${project} was deployed again`);
      return `${prose(release.environment, 60)} has changed, ${when(notice.at)}: ${what} (${prose(deployment.sha.slice(0, 8))}).`;
    }
    case 'handled':
      return `${handledText(notice, names)} (${titleOf(release, notice.gate)})`;
    case 'waiver': {
      const waiver = release.waivers.find(({ id }) => id === notice.waiver);
      const about = waiver
        ? `: ${prose(waiver.title, 300)}, until ${when(waiver.expiresAt)}: ${prose(waiver.reason)}`
        : '';
      return `Waiver asked for by ${by}${about}`;
    }
    case 'approval':
      return `Approved as ${approvalName(release, notice.approval)} by ${by}.`;
    case 'approval-voided':
      return `Approval as ${approvalName(release, notice.approval)} is void, ${when(notice.at)}: ${prose(notice.why)}`;
  }
}

function passText(release: Release, { pass, kept, again, at }: Extract<Notice, { kind: 'pass' }>): string {
  return [
    `Pass ${pass} began, ${when(at)}. Every automated check runs anew.`,
    '',
    ...kept.map((gate) => `* Still holds: ${titleOf(release, gate)}`),
    ...again.map(({ gate, why }) => `* To be checked again: ${titleOf(release, gate)}: ${prose(why, 500)}`),
  ]
    .join('\n')
    .trim();
}

function answeredWaiver(waiver: Waiver, names: Names) {
  const { id, confirmed, declined, title } = waiver;
  if (confirmed)
    return [
      {
        key: `waiver/${id}/confirmed`,
        seq: confirmed.seq,
        body: `${waiverText(waiver, names)} (${when(confirmed.at)})`,
      },
    ];
  if (!declined) return [];
  const body = `Waiver declined by ${person(declined.by, names)}, ${when(declined.at)}: ${prose(title, 300)}`;
  return [{ key: `waiver/${id}/declined`, seq: declined.seq, body }];
}

/** What people saw fail, of the answers that stand; the block holds the others. */
function failures(release: Release, names: Names) {
  return gatesOf(release.plan).flatMap(({ gate, group }) =>
    gateState(release, gate.id)
      .answers.filter(({ outcome }) => outcome === 'fail')
      .map((answer) => ({
        key: `answer/${answer.seq}`,
        seq: answer.seq,
        body: `${worded(gate.title)}: ${answerText(answer, group, names)}`,
      })),
  );
}

function titleOf({ plan }: Release, gate: string): string {
  return worded(findGate(plan, gate)?.gate.title ?? gate);
}

function approvalName({ plan }: Release, approval: string): string {
  return prose(plan.approvals.find(({ id }) => id === approval)?.name ?? approval, 60);
}
