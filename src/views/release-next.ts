import type { Block } from '../core/ports.ts';
import type { Standing } from '../core/release/decide.ts';
import { type GateStatus, hasEnded, isGreen } from '../core/release/gate-status.ts';
import { gateState, type Release } from '../core/release/state.ts';
import { truncate } from '../core/slack-payload/stored-length.ts';
import { releaseButtons } from './release-ids.ts';
import { goNow, onlyApprovalsOpen } from './release-words.ts';
import { plain, plainText } from './text.ts';

/**
 * The one next action of a release in words, and the buttons of its message: the primary one is that action, the
 * others have no style. Which button opens what is checked again on the server.
 */
export interface NextAction {
  /** mrkdwn, without the "Next:". */
  words: string;
  /** Name of the button that does it; null when there is nothing to press. */
  button: ButtonName | null;
}

type ButtonName = 'nextPass' | 'tryAgain' | 'checklist' | 'blockers' | 'recheckFailed' | 'approve';

const nothing = (words: string): NextAction => ({ words, button: null });

/** What the release waits for, the most urgent first (F2). Pure. */
export function nextAction(release: Release, standing: Standing): NextAction {
  const { newer, candidate, candidateProblem } = release;
  if (newer.length > 0)
    return {
      words: `press *${passLabel(release)}*. It keeps what still holds and says what must be checked again.`,
      button: 'nextPass',
    };
  // It comes by itself, and pressing anything changes nothing.
  if (!candidate && candidateProblem?.code === 'deployment-running')
    return nothing(lowered(plain(candidateProblem.todo, 400)));
  if (!candidate && candidateProblem)
    return {
      words: `${lowered(plain(candidateProblem.todo, 400))} Then press *Try again*.`,
      button: 'tryAgain',
    };
  if (!candidate) return nothing('nothing to do. GitLab is asked what should be running.');
  if (goNow(release, standing)) return nothing('nothing left to do here. The release may be promoted.');
  return ofGates(release, standing);
}

function ofGates(release: Release, standing: Standing): NextAction {
  const { statuses, against, open, rechecking } = standing;
  const [first] = open;
  const unanswered = statuses.filter(({ word }) => word === 'open');
  if (unanswered.length > 0) return answering(release, unanswered, against.length);
  if (rechecking) return nothing('nothing to do. It is being looked at again.');
  if (against.length > 0) return mending(release, standing);
  if (!statuses.every(hasEnded)) return nothing('nothing to do. The checks report here and in the thread.');
  if (first && onlyApprovalsOpen(standing))
    return { words: lowered(plain(first.todo, 300)), button: 'approve' };
  if (first) return nothing('nothing to do. The Linear issue is being brought up to date.');
  return nothing('nothing to do. The decision is being recorded.');
}

/** A sentence that goes on behind "Next:". */
function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function answering(release: Release, unanswered: readonly GateStatus[], against: number): NextAction {
  const count = unanswered.length === 1 ? 'the one check' : `the ${unanswered.length} checks`;
  const place =
    release.workspace === null && unanswered.some(({ group }) => group.workspace)
      ? ' Set workspace and depot there first.'
      : '';
  const blocks = against > 0 ? ` ${against} already ${against === 1 ? 'blocks' : 'block'} it.` : '';
  return {
    words: `press *Checklist* and answer ${count} still open.${place}${blocks}`,
    button: 'checklist',
  };
}

/** Everything has ended and something blocks: a machine looks again, a person answers anew. */
function mending(release: Release, { statuses, against }: Standing): NextAction {
  if (recheckable(release, statuses).length > 0)
    return {
      words: 'mend what blocks, then press *Re-check failed*. Or handle it with its reason in *What blocks*.',
      button: 'recheckFailed',
    };
  if (against.some(({ gate }) => gate !== null))
    return {
      words:
        'look at each in *What blocks*: mend it and answer it anew in the checklist, or handle it there.',
      button: 'blockers',
    };
  return nothing(
    `${lowered(plain(against[0]?.todo || 'mend what blocks.', 400))} It is tried again by itself.`,
  );
}

/** Automated gates that are not green and whose run has ended. */
function recheckable(release: Release, statuses: readonly GateStatus[]): GateStatus[] {
  return statuses.filter(
    ({ gate, word }) =>
      gate.check !== null && !isGreen({ word }) && gateState(release, gate.id).phase === 'done',
  );
}

function passLabel({ pass }: Release): string {
  return `Start pass ${pass + 1}`;
}

interface Button extends Record<string, unknown> {
  type: 'button';
}

function button(actionId: string, text: string, value: string, isPrimary: boolean): Button {
  return {
    type: 'button',
    action_id: actionId,
    text: plainText(truncate(text, 75, 'plain_text')),
    value,
    ...(isPrimary && { style: 'primary' }),
  };
}

/** The buttons that make sense now, the primary one first; none while the candidate is being identified. */
export function releaseActions(release: Release, standing: Standing): Block[] {
  const { button: primary } = nextAction(release, standing);
  const elements = [
    ...passButtons(release, primary),
    ...approvalButtons(release, standing, primary),
    ...gateButtons(release, standing, primary),
  ].sort((one, other) => Number('style' in other) - Number('style' in one));
  return elements.length > 0 ? [{ type: 'actions', block_id: 'release_actions', elements }] : [];
}

function passButtons(release: Release, primary: ButtonName | null): Button[] {
  const { id, pass } = release;
  if (primary === 'nextPass')
    return [button(releaseButtons.nextPass, passLabel(release), `${id}/${pass}`, true)];
  return primary === 'tryAgain' ? [button(releaseButtons.recheckFailed, 'Try again', id, true)] : [];
}

function gateButtons(release: Release, standing: Standing, primary: ButtonName | null): Button[] {
  const { id, candidate, newer } = release;
  const { statuses, against, open } = standing;
  if (!candidate) return [];
  const isFresh = newer.length === 0;
  const offered: [isOffered: boolean, name: ButtonName | null, actionId: string, text: string][] = [
    [statuses.some(({ gate }) => gate.check === null), 'checklist', releaseButtons.checklist, 'Checklist'],
    [against.length + open.length > 0, 'blockers', releaseButtons.blockers, 'What blocks'],
    [
      isFresh && recheckable(release, statuses).length > 0,
      'recheckFailed',
      releaseButtons.recheckFailed,
      'Re-check failed',
    ],
    [
      isFresh && statuses.some(({ gate }) => gateState(release, gate.id).phase === 'done'),
      null,
      releaseButtons.recheckAll,
      'Re-check all',
    ],
  ];
  return offered
    .filter(([isOffered]) => isOffered)
    .map(([, name, actionId, text]) => button(actionId, text, id, name !== null && name === primary));
}

/** One for each approval that is missing, once they are all that is; the first is the primary one. */
function approvalButtons({ id, plan }: Release, { open, digest }: Standing, primary: ButtonName | null) {
  if (primary !== 'approve') return [];
  return plan.approvals
    .filter((approval) => open.some(({ blocker }) => blocker === `approval/${approval.id}`))
    .map((approval, index) =>
      button(
        `${releaseButtons.approve}:${approval.id}`,
        `Approve as ${approval.name}`,
        `${id}/${approval.id}/${digest}`,
        index === 0,
      ),
    );
}
