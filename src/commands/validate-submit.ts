import type { App, ViewOutput, ViewResponseAction } from '@slack/bolt';
import { planOf } from '../core/catalogue/phase.ts';
import { problem } from '../core/problem.ts';
import { open, releaseId, releaseName } from '../core/release/acts.ts';
import type { Release } from '../core/release/state.ts';
import { releaseStream } from '../core/release/stream.ts';
import { validateIds, validationElsewhere } from '../views/validate-modal.ts';
import { checkedModal } from './checked.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { typedIn } from './form-values.ts';
import { refusalAnswer } from './refusal.ts';
import {
  changeRelease,
  checklistOf,
  lacks,
  type Outcome,
  unlessUnread,
  withoutSecrets,
} from './release-acts.ts';

type Opened = { release: Release; isNew: boolean };

/** The form of `/release validate`: opens a release, or goes on with the one that is there (B1). */
export function registerValidateSubmit(app: App, deps: EdgeDeps): void {
  app.view({ callback_id: validateIds.callback, type: 'view_submission' }, async ({ ack, view, body }) => {
    const opened = await openNamed(deps, view, body.user.id);
    if ('problem' in opened)
      return ack(refusalAnswer({ block: validateIds.name.block, problem: opened.problem }));
    const answer = answerTo(deps, opened.done, view.private_metadata);
    return answer ? ack(answer) : ack();
  });
}

async function openNamed(deps: EdgeDeps, view: ViewOutput, user: string): Promise<Outcome<Opened>> {
  const name = typedIn(view, validateIds.name);
  const [phase] = deps.catalogue.phases;
  if (!phase) return { problem: problem('validation-off') };
  const refused = await lacks(deps, 'tester', user);
  if (refused) return { problem: refused };
  if (!releaseName.test(name) || (await withoutSecrets(deps, name)) !== name)
    return { problem: problem('release-name-wrong', { name }) };
  const id = releaseId(name);
  const known = await unlessUnread(deps, id, async () => ({
    done: (await deps.store.read(releaseStream, id)).state,
  }));
  if ('problem' in known) return known;
  if (known.done) return { done: { release: known.done, isNew: false } };
  const mayNot = await lacks(deps, 'release-engineer', user);
  if (mayNot) return { problem: mayNot };
  const { environment, url } = phase;
  const details = { name, plan: planOf(phase), environment, url, channel: view.private_metadata };
  const opened = await changeRelease(deps, id, user, (state) => open(state, details));
  return 'problem' in opened ? opened : { done: { release: opened.done, isNew: true } };
}

/** A new release shows itself by its message, which may stand in another channel; one that was there by its checklist. */
function answerTo(deps: EdgeDeps, { release, isNew }: Opened, typedAt: string): ViewResponseAction | null {
  const { releases } = deps.catalogue.channels;
  if (!isNew) return { response_action: 'update', view: checkedModal(checklistOf(deps, release)) };
  if (typedAt === releases) return null;
  return { response_action: 'update', view: checkedModal(validationElsewhere(release.name, releases)) };
}
