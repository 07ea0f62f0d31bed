import type { Block, MessageBody } from '../core/ports.ts';
import { findGate } from '../core/release/plan.ts';
import type { Notice, Release, Waiver } from '../core/release/state.ts';
import { truncate } from '../core/slack-payload/stored-length.ts';
import { strong } from './item-words.ts';
import { releaseButtons } from './release-ids.ts';
import { firstOf } from './release-lines.ts';
import { capital, handlingWords, titleOf, who } from './release-words.ts';
import { code, context, link, moment, plain, plainText, section } from './text.ts';

/** Of Slack's 3,000 for one text. */
const keptUnits = 1_500;
const againUnits = 2_700;
const listedGates = 60;

type Kind<K extends Notice['kind']> = Extract<Notice, { kind: K }>;

/** What the thread tells of one step of people, or of a change of the environment, in a reply of its own. */
export function noticeReply(release: Release, notice: Notice): MessageBody {
  const { head, blocks } = contentOf(release, notice);
  return {
    text: `${head.replace(/:[a-z_]+: |\*/g, '')}: ${titleOf(release)}`,
    blocks: [...blocks, context(`${who(notice.by)} · ${moment(notice.at)}`)],
  };
}

/** The first words, which the notification says too, and the blocks that begin with them. */
interface Content {
  head: string;
  blocks: Block[];
}

function contentOf(release: Release, notice: Notice): Content {
  switch (notice.kind) {
    case 'pass':
      return passBegan(release, notice);
    case 'stale':
      return changed(release, notice);
    case 'handled':
      return handled(release, notice);
    case 'waiver':
      return waiver(release, notice);
    case 'approval':
      return approval(release, notice);
    case 'approval-voided':
      return voided(release, notice);
  }
}

function gateTitle({ plan }: Release, gate: string): string {
  return findGate(plan, gate)?.gate.title ?? gate;
}

/** What holds from the pass before, and what is asked again and why (B8). */
function passBegan(release: Release, { pass, kept, again }: Kind<'pass'>): Content {
  const head = `:arrows_counterclockwise: *Pass ${pass} began*`;
  const rest = (count: number) => `…and ${count} more in the checklist`;
  const againLine = ({ gate, why }: (typeof again)[number]) =>
    `• ${plain(gateTitle(release, gate), 120)}: ${plain(why, 200)}`;
  const keptText = firstOf(
    kept,
    listedGates,
    keptUnits,
    (gate) => `• ${plain(gateTitle(release, gate), 120)}`,
    rest,
  );
  const againText = firstOf(again, listedGates, againUnits, againLine, rest);
  return {
    head,
    blocks: [
      section(`${head}\nEvery automated check runs anew.`),
      section(
        kept.length > 0
          ? `*Still holds from pass ${pass - 1}*\n${keptText.join('\n')}`
          : 'No answer of people holds on.',
      ),
      section(
        again.length > 0
          ? `*Must be checked again by people*\n${againText.join('\n')}`
          : 'Nothing that people answered must be checked again.',
      ),
    ],
  };
}

function changed({ environment }: Release, { project, deployment }: Kind<'stale'>): Content {
  const { sha, url, ref } = deployment;
  const head = `:warning: *${capital(plain(environment, 60))} has changed*`;
  const what = url === null ? 'was deployed again' : link(url, 'was deployed again');
  const text = `${strong(project, 120)} ${what}: ${code(sha.slice(0, 8))} of ${code(ref)}. What was validated is not what runs there now.`;
  return {
    head,
    blocks: [
      section(`${head}\n${text}`),
      section('*Next:* start the next pass with the button of the message above.'),
    ],
  };
}

function handled(release: Release, { gate, title, as, reason, link: url }: Kind<'handled'>): Content {
  const head = `:memo: *${handlingWords[as]}*`;
  const where = url === null ? '' : ` · ${link(url, 'followed here')}`;
  const isOut = as === 'excluded' || as === 'accepted';
  const effect = isOut ? 'It blocks no more.' : 'It still blocks a GO.';
  const text = `${head}: ${strong(title, 120)}\n${plain(reason, 1_000)}${where}\n${effect}`;
  return { head, blocks: [section(text), context(plain(gateTitle(release, gate), 200))] };
}

/** A waiver asked for, with the buttons of the second person until somebody answers or its pass is over (F7). */
function waiver(release: Release, notice: Kind<'waiver'>): Content {
  const found = release.waivers.find(({ id }) => id === notice.waiver);
  if (!found) throw new Error(`Release ${release.id} has no waiver ${notice.waiver}`);
  const { head, note, isOpen } = waiverState(release, found);
  const { title, reason, expiresAt, gate } = found;
  const text = [
    `${head}: ${strong(title, 120)}`,
    plain(reason, 1_000),
    `Until ${moment(expiresAt)} · ${plain(gateTitle(release, gate), 200)}`,
    note,
  ];
  return { head, blocks: [section(text.join('\n')), ...(isOpen ? [buttons(release, found)] : [])] };
}

function waiverState(release: Release, { confirmed, declined, pass, by }: Waiver) {
  if (declined) {
    const back = declined.by === by ? 'taken back' : 'declined';
    const note = `${capital(back)} by ${who(declined.by)} ${moment(declined.at)}. It still blocks.`;
    return { head: `:no_entry_sign: *Waiver ${back}*`, note, isOpen: false };
  }
  const isOver = pass !== release.pass;
  const ended = isOver ? ` It ended with pass ${pass}.` : '';
  if (confirmed)
    return {
      head: `:warning: *Waived*${isOver ? ', ended' : ''}`,
      note: `Asked for by ${who(by)}, confirmed by ${who(confirmed.by)} ${moment(confirmed.at)}.${ended}`,
      isOpen: false,
    };
  if (isOver) return { head: ':hourglass: *Waiver not answered*', note: ended.trim(), isOpen: false };
  return {
    head: ':raised_hand: *Waiver asked for*',
    note: `*Next:* a second person confirms or declines. ${who(by)} cannot confirm it alone.`,
    isOpen: true,
  };
}

function buttons({ id }: Release, { id: waiverId, title }: Waiver): Block {
  const value = `${id}/${waiverId}`;
  return {
    type: 'actions',
    block_id: 'release_waiver',
    elements: [
      {
        type: 'button',
        action_id: releaseButtons.confirmWaiver,
        text: plainText('Confirm'),
        style: 'primary',
        value,
        confirm: confirmDialog(title),
      },
      { type: 'button', action_id: releaseButtons.declineWaiver, text: plainText('Decline'), value },
    ],
  };
}

function confirmDialog(title: string) {
  return {
    title: plainText('Let it through?'),
    text: plainText(
      `With your yes this blocker counts no more: ${truncate(title.replace(/\s+/g, ' '), 120, 'plain_text')}`,
    ),
    confirm: plainText('Confirm'),
    deny: plainText('Not now'),
  };
}

function approvalName({ plan }: Release, approval: string): string {
  return plan.approvals.find(({ id }) => id === approval)?.name ?? approval;
}

function approval(release: Release, notice: Kind<'approval'>): Content {
  const head = `:white_check_mark: *${plain(approvalName(release, notice.approval), 60)} approved*`;
  return { head, blocks: [section(`${head}\n${who(notice.by)} approved exactly what was shown then.`)] };
}

function voided(release: Release, notice: Kind<'approval-voided'>): Content {
  const head = `:warning: *Approval of the ${plain(approvalName(release, notice.approval), 60)} is void*`;
  const text = `${who(notice.by)} approved something that has changed: ${plain(notice.why, 600)}`;
  return {
    head,
    blocks: [
      section(`${head}\n${text}`),
      section('*Next:* approve again when the message above asks for it.'),
    ],
  };
}
