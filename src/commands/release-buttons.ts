import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { type Problem, problem } from '../core/problem.ts';
import { type Acted, answerWaiver, approve, nextPass, recheck } from '../core/release/acts.ts';
import { decide } from '../core/release/decide.ts';
import type { Release } from '../core/release/state.ts';
import { lacksMembership } from '../core/roles.ts';
import { releaseButtons } from '../views/release-ids.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { tellRefusal } from './refusal.ts';
import { actOnRelease, lacks, phaseOf, readRelease } from './release-acts.ts';

interface Press {
  /** Parts of the button's value; the first is the release's id. */
  parts: readonly string[];
  user: string;
}

interface Button {
  actionId: string | RegExp;
  /** Null when the person may. */
  refuse(deps: EdgeDeps, press: Press): Promise<Problem | null>;
  act(deps: EdgeDeps, press: Press, state: Release, now: Date): Acted;
}

const testers: Button['refuse'] = (deps, { user }) => lacks(deps, 'tester', user);
const engineers: Button['refuse'] = (deps, { user }) => lacks(deps, 'release-engineer', user);

/** The buttons of a release's messages that record something at once. */
const buttons: readonly Button[] = [
  {
    actionId: releaseButtons.recheckFailed,
    refuse: testers,
    act: (_deps, _press, state, now) => recheck(state, 'failed', now),
  },
  {
    actionId: releaseButtons.recheckAll,
    refuse: testers,
    act: (_deps, _press, state, now) => recheck(state, 'all', now),
  },
  {
    actionId: releaseButtons.nextPass,
    refuse: engineers,
    act: (_deps, { parts }, state) => nextPass(state, Number(parts[1])),
  },
  {
    actionId: new RegExp(`^${releaseButtons.approve}:`),
    refuse: lacksApproval,
    act: ({ digest }, { parts, user }, state, now) => {
      const [, approval = '', shown = ''] = parts;
      return approve(state, { approval, user, shown }, decide(state, now, digest));
    },
  },
  {
    actionId: releaseButtons.confirmWaiver,
    refuse: lacksSecondVoice,
    act: (_deps, { parts, user }, state, now) =>
      answerWaiverOnce(state, parts[1] ?? '', { yes: true, user, now }),
  },
  {
    actionId: releaseButtons.declineWaiver,
    refuse: lacksSecondVoice,
    act: (_deps, { parts, user }, state, now) =>
      answerWaiverOnce(state, parts[1] ?? '', { yes: false, user, now }),
  },
];

/** Authorised again, decided on the state as it is then, told in private when refused. */
export function registerReleaseButtons(app: App, deps: EdgeDeps): void {
  for (const { actionId, refuse, act } of buttons)
    app.action<BlockAction<ButtonAction>>(
      { action_id: actionId, type: 'block_actions' },
      async ({ ack, action, ...pressed }) => {
        await ack();
        const parts = (action.value ?? '').split('/');
        const press = { parts, user: pressed.body.user.id };
        const refused = await refuse(deps, press);
        if (refused) return tellRefusal(deps.log, pressed, refused);
        const done = await actOnRelease(deps, parts[0] ?? '', press.user, (state, now) =>
          act(deps, press, state, now),
        );
        if ('problem' in done) await tellRefusal(deps.log, pressed, done.problem);
      },
    );
}

/** The second click of a double click finds the waiver answered by the same person, the same way. */
function answerWaiverOnce(
  state: Release,
  waiver: string,
  { yes, user, now }: { yes: boolean; user: string; now: Date },
): Acted {
  const found = state.waivers.find(({ id }) => id === waiver);
  const before = yes ? found?.confirmed : found?.declined;
  return before?.by === user ? { events: [] } : answerWaiver(state, waiver, yes, user, now);
}

/** An approval is given by those whom the catalogue names for it, and by nobody else (D3). */
async function lacksApproval(deps: EdgeDeps, { parts, user }: Press): Promise<Problem | null> {
  const [id = '', approval = ''] = parts;
  const found = await readRelease(deps, id);
  if ('problem' in found) return found.problem;
  const role = phaseOf(deps, found.done)?.approvals.find((one) => one.id === approval);
  if (!role) return problem('approval-unknown');
  return recorded(await lacksMembership([role], role.name, user, deps.membersOf));
}

/** A waiver is answered by release engineers and by those who approve (F7). */
async function lacksSecondVoice(deps: EdgeDeps, { parts, user }: Press): Promise<Problem | null> {
  const found = await readRelease(deps, parts[0] ?? '');
  if ('problem' in found) return found.problem;
  const { releaseEngineer, admin } = deps.catalogue.roles;
  const approvals = phaseOf(deps, found.done)?.approvals ?? [];
  const voices = [releaseEngineer, admin, ...approvals];
  return recorded(await lacksMembership(voices, 'release engineer or approver', user, deps.membersOf));
}

function recorded(refused: Problem | null): Problem | null {
  return refused && { ...refused, what: 'That was not done.' };
}
