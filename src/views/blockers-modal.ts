import type { Block } from '../core/ports.ts';
import type { Standing } from '../core/release/decide.ts';
import type { ReasonAgainst } from '../core/release/events.ts';
import { type GateStatus, wholeGate } from '../core/release/gate-status.ts';
import type { Release } from '../core/release/state.ts';
import { truncate } from '../core/slack-payload/stored-length.ts';
import { gateSign, strong } from './item-words.ts';
import { releaseButtons } from './release-ids.ts';
import { who } from './release-words.ts';
import { context, firstLines, link, plain, plainText, section } from './text.ts';

/** Names of the list and its buttons; re-check is that of the messages. */
export const blockersIds = {
  callback: 'release_blockers',
  /** Opens the form of one blocker. Value: `<release>/<gate>/<blocker>`. */
  handle: 'blocker_handle',
  /** Two buttons that turn the page. Value: `<release>/<page>`. */
  earlier: 'blockers_earlier',
  further: 'blockers_further',
} as const;

/** Each takes a block, and at most one more for its gate: 80 of Slack's 100. */
const blockersOnPage = 40;
const listedOpen = 30;
const openUnits = 2_600;

/** On which page of the list a blocker stands; the last known one when it is gone. */
export function pageOf({ against }: Pick<Standing, 'against'>, gate: string, blocker: string): number {
  const index = against.findIndex((one) => one.gate === gate && one.blocker === blocker);
  return index === -1 ? 0 : Math.floor(index / blockersOnPage);
}

/** What stands against a GO, each to be mended, handled or waived, and what is still open (B2, B6, F7). */
export function blockersModal(release: Release, standing: Standing, wanted = 0) {
  const { against } = standing;
  const pages = Math.max(1, Math.ceil(against.length / blockersOnPage));
  const page = Math.min(Math.max(0, wanted), pages - 1);
  const shown = against.slice(page * blockersOnPage, (page + 1) * blockersOnPage);
  return {
    type: 'modal' as const,
    callback_id: blockersIds.callback,
    private_metadata: release.id,
    title: plainText('What blocks'),
    close: plainText('Close'),
    blocks: [
      headOf(release, standing),
      ...shown.flatMap((reason, index) => [
        ...(reason.gate === shown[index - 1]?.gate ? [] : gateHead(release, standing, reason.gate)),
        blockerBlock(release, reason),
      ]),
      ...turning(release.id, page, pages),
      ...openBlock(standing.open),
    ],
  };
}

function headOf({ name }: Release, { against, open }: Standing): Block {
  const count = against.length;
  const blocks = count === 0 ? 'Nothing stands' : count === 1 ? '1 thing stands' : `${count} things stand`;
  const left = open.length > 0 ? ` ${open.length} still open.` : '';
  return section(`${strong(`Release ${name}`, 150)}: ${blocks} against a GO.${left}`);
}

/** The gate above its blockers, with its re-check when it is automated. */
function gateHead({ id }: Release, { statuses }: Standing, gate: string | null): Block[] {
  const status = statuses.find((one) => one.gate.id === gate);
  if (!status) return [];
  const head = section(
    `${gateSign(status)} · ${strong(status.gate.title, 400)}${status.rechecking ? ' · being re-checked' : ''}`,
  );
  if (status.gate.check === null || status.rechecking) return [head];
  const accessory = {
    type: 'button',
    action_id: releaseButtons.recheckGate,
    text: plainText('Re-check'),
    value: `${id}/${status.gate.id}`,
    accessibility_label: truncate(`Re-check: ${status.gate.title}`, 75, 'plain_text'),
  };
  return [{ ...head, accessory }];
}

function blockerBlock(release: Release, reason: ReasonAgainst): Block {
  const { gate, blocker, title, why, todo, url } = reason;
  const lines = [
    ...(blocker === wholeGate ? [] : [plain(title, 300)]),
    [plain(why, 500), ...(url === null ? [] : [link(url, 'look at it')])].filter(Boolean).join(' · '),
    plain(todo, 400),
    ...pendingWaivers(release, reason),
  ].filter(Boolean);
  const shown = section(lines.join('\n') || plain(title, 300) || '…');
  if (gate === null) return shown;
  const accessory = {
    type: 'button',
    action_id: blockersIds.handle,
    text: plainText('Handle'),
    value: `${release.id}/${gate}/${blocker}`,
    accessibility_label: truncate(`Handle: ${title}`, 75, 'plain_text'),
  };
  return { ...shown, accessory };
}

/** Waivers that were asked for and that nobody has answered yet. */
export function pendingWaivers(
  { waivers, pass }: Release,
  { gate, blocker }: { gate: string | null; blocker: string },
): string[] {
  return waivers
    .filter(
      (one) =>
        one.gate === gate && one.blocker === blocker && one.pass === pass && !one.confirmed && !one.declined,
    )
    .slice(-3)
    .map(({ by }) => `:hourglass_flowing_sand: ${who(by)} asks for a waiver; a second person confirms it.`);
}

function turning(id: string, page: number, pages: number): Block[] {
  if (pages === 1) return [];
  const button = (actionId: string, text: string, to: number) => ({
    type: 'button',
    action_id: actionId,
    text: plainText(text),
    value: `${id}/${to}`,
  });
  return [
    context(`Page ${page + 1} of ${pages}`),
    {
      type: 'actions',
      elements: [
        ...(page > 0 ? [button(blockersIds.earlier, 'Page before', page - 1)] : []),
        ...(page < pages - 1 ? [button(blockersIds.further, 'Next page', page + 1)] : []),
      ],
    },
  ];
}

function openBlock(open: readonly ReasonAgainst[]): Block[] {
  if (open.length === 0) return [];
  const lines = open.map(({ title, why }) => {
    const because = plain(why, 200);
    return `• ${plain(title, 250)}${because ? `: ${because}` : ''}`;
  });
  const shown = firstLines(lines, listedOpen, openUnits, (count) => `…and ${count} more`);
  return [section(`*Still open*\n${shown.join('\n')}`)];
}

/** The gate and the blocker that a form is about, in its metadata: ids only. */
export function blockerMetadata(release: string, gate: string, blocker: string): string {
  return `${release}/${gate}/${blocker}`;
}

/** Reads back {@link blockerMetadata}, and the value of a button; a blocker's id may hold slashes itself. */
export function readBlocker(text: string): { release: string; gate: string; blocker: string } {
  const [release = '', gate = '', ...rest] = text.split('/');
  return { release, gate, blocker: rest.join('/') };
}

/** What both forms of a blocker say about it. */
export function blockerWords(status: GateStatus, { title, why, url }: ReasonAgainst): Block[] {
  const seen = [plain(why, 700), ...(url === null ? [] : [link(url, 'look at it')])].filter(Boolean);
  return [
    section(`${strong(title, 500)}\n${seen.join(' · ')}`.trim()),
    context(`${gateSign(status)} · ${plain(status.gate.title, 400)} · ${plain(status.group.name, 200)}`),
  ];
}
