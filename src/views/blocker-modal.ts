import type { Block } from '../core/ports.ts';
import type { Handling, ReasonAgainst } from '../core/release/events.ts';
import { type GateStatus, wholeGate } from '../core/release/gate-status.ts';
import type { Release } from '../core/release/state.ts';
import { blockerMetadata, blockerWords, pendingWaivers } from './blockers-modal.ts';
import { linkInput, type Option, radioInput, textInput } from './form-inputs.ts';
import { handlingWords, who } from './release-words.ts';
import { context, link, moment, plain, plainText, section } from './text.ts';

/** Names of the form and its inputs. */
export const blockerIds = {
  callback: 'release_blocker',
  as: { block: 'handling', element: 'handling' },
  reason: { block: 'reason', element: 'reason' },
  link: { block: 'link', element: 'link' },
  /** Turns the form into that of a waiver. Value as the form's metadata. */
  waiver: 'blocker_waiver',
} as const;

/** What the gate's check lets people do with a single blocker. */
export type MayHandle = 'exclude' | 'accept' | 'none';

const options: Record<Handling, Option> = {
  excluded: {
    value: 'excluded',
    label: 'Exclude it',
    description: 'It does not count for this release; the reason is recorded.',
  },
  accepted: {
    value: 'accepted',
    label: 'Accept it',
    description: 'Exactly this signal is accepted; the reason is recorded.',
  },
  tracked: {
    value: 'tracked',
    label: 'Blocked and tracked',
    description: 'It goes on blocking; the link says where it is followed.',
  },
  escalated: {
    value: 'escalated',
    label: 'Escalated',
    description: 'It goes on blocking; the link says who has it now.',
  },
};

/** What a person may choose for a blocker; the core decides the same again at the submit. */
export function handlingsFor(blocker: string, may: MayHandle): Handling[] {
  const one = blocker !== wholeGate;
  return [
    ...(one && may === 'exclude' ? (['excluded'] as const) : []),
    ...(one && may === 'accept' ? (['accepted'] as const) : []),
    'tracked',
    'escalated',
  ];
}

/** One blocker: taken out of the decision with a reason, or followed elsewhere, or waived (B2, B6, F7). */
export function blockerModal(release: Release, status: GateStatus, reason: ReasonAgainst, may: MayHandle) {
  const { gate } = status;
  const { blocker } = reason;
  const metadata = blockerMetadata(release.id, gate.id, blocker);
  const before = status.handled.find((one) => one.blocker === blocker);
  return {
    type: 'modal' as const,
    callback_id: blockerIds.callback,
    private_metadata: metadata,
    title: plainText('Handle a blocker'),
    submit: plainText('Save'),
    close: plainText('Back'),
    blocks: [
      ...blockerWords(status, reason),
      ...(before ? [handledBefore(before)] : []),
      ...pendingWaivers(release, { gate: gate.id, blocker }).map(context),
      radioInput(
        blockerIds.as,
        'What is to happen with it?',
        handlingsFor(blocker, may).map((as) => options[as]),
        null,
      ),
      textInput(blockerIds.reason, { label: 'Reason', multiline: true }),
      linkInput(blockerIds.link, 'Link (needed for tracked and escalated)', before?.link ?? null),
      {
        ...section('*Or let it through once:* a waiver takes a reason, an end and a second person.'),
        accessory: {
          type: 'button',
          action_id: blockerIds.waiver,
          text: plainText('Ask for a waiver'),
          value: metadata,
        },
      },
    ],
  };
}

function handledBefore({ as, by, at, reason, link: url }: GateStatus['handled'][number]): Block {
  const parts = [`*${handlingWords[as]}*`, `${who(by)} · ${moment(at)}`, plain(reason, 1_200)];
  return context([...parts, ...(url === null ? [] : [link(url, 'link')])].filter(Boolean).join(' · '));
}
