import type { Catalogue } from '../core/catalogue/catalogue.ts';
import type { Digest } from '../core/ids.ts';
import { hasReply, keys } from '../core/invocation/orders.ts';
import { findTarget } from '../core/invocation/state.ts';
import { invocationStream } from '../core/invocation/stream.ts';
import type { Clock, MessageBody, Store } from '../core/ports.ts';
import { nextGate } from '../core/promotion/next-gate.ts';
import { promotionKeys } from '../core/promotion/orders.ts';
import { gateView } from '../core/promotion/read.ts';
import type { Promotion } from '../core/promotion/state.ts';
import { promotionStream } from '../core/promotion/stream.ts';
import { decide } from '../core/release/decide.ts';
import { releaseKeys } from '../core/release/orders.ts';
import type { Release } from '../core/release/state.ts';
import { releaseStream } from '../core/release/stream.ts';
import { invocationMessage } from '../views/invocation-message.ts';
import { promotionMessage } from '../views/promotion-message.ts';
import { isBroadcast as isNoticeBroadcast, promotionNotice } from '../views/promotion-notice-reply.ts';
import { decisionReply, isBroadcast, withdrawalReply } from '../views/release-decision-reply.ts';
import { groupReply } from '../views/release-group-reply.ts';
import { releaseMessage } from '../views/release-message.ts';
import { noticeReply } from '../views/release-notice-reply.ts';
import { rolloutReply } from '../views/rollout-reply.ts';
import { targetReply } from '../views/target-reply.ts';

export interface RenderDeps {
  store: Store;
  catalogue: Catalogue;
  digest: Digest;
  now: Clock;
}

/** What a message of ours is to say now. */
export interface Wanted {
  body: MessageBody;
  /** Key of the parent message when this is a reply. */
  parent: string | null;
  /** Whether a reply is shown in the channel too. */
  broadcast: boolean;
}

/** Makes a message from the state of what it is about; null when there is nothing to say. `key` names both. */
export function renderMessage(deps: RenderDeps, key: string): Promise<Wanted | null> {
  if (key.startsWith(`${promotionStream.name}/`)) return ofPromotion(deps, key);
  return key.startsWith(`${releaseStream.name}/`) ? ofRelease(deps, key) : ofInvocation(deps, key);
}

async function ofInvocation(deps: RenderDeps, key: string): Promise<Wanted | null> {
  const { id, project } = keys.readMessage(key);
  const { state } = await deps.store.read(invocationStream, id);
  if (!state) return null;
  if (project === null)
    return { body: invocationMessage(state, deps.catalogue.limits), parent: null, broadcast: false };
  const target = findTarget(state, project);
  if (!target || !hasReply(target)) return null;
  return { body: targetReply(state, target), parent: keys.parentMessage(id), broadcast: false };
}

async function ofRelease(deps: RenderDeps, key: string): Promise<Wanted | null> {
  const { id, part, name } = releaseKeys.readMessage(key);
  const { state } = await deps.store.read(releaseStream, id);
  if (!state) return null;
  if (part === 'parent') {
    const now = deps.now();
    const body = releaseMessage(state, decide(state, now, deps.digest), now);
    return { body, parent: null, broadcast: false };
  }
  const body = reply(deps, state, part, name);
  if (!body) return null;
  const isLoud = (part === 'decision' || part === 'withdrawal') && isBroadcast(part, state, Number(name));
  return { body, parent: releaseKeys.parent(id), broadcast: isLoud };
}

async function ofPromotion(deps: RenderDeps, key: string): Promise<Wanted | null> {
  const { id, part, name, run } = promotionKeys.readMessage(key);
  const { state } = await deps.store.read(promotionStream, id);
  if (!state) return null;
  const now = deps.now();
  if (part === 'parent') return { body: await promotionParent(deps, state), parent: null, broadcast: false };
  const parent = promotionKeys.parent(id);
  if (part === 'rollout') {
    const body = rolloutReply(state, { region: name, run }, now);
    return body && { body, parent, broadcast: false };
  }
  const notice = state.notices.find(({ seq }) => seq === Number(name));
  const body = notice ? promotionNotice(state, notice, now) : null;
  return body && notice ? { body, parent, broadcast: isNoticeBroadcast(state, notice) } : null;
}

async function promotionParent(deps: RenderDeps, state: Promotion): Promise<MessageBody> {
  const view = await gateView(deps, { service: state.plan.service, commit: state.commit });
  const at = deps.now();
  return promotionMessage(state, nextGate(view, state, at), at);
}

function reply(deps: RenderDeps, state: Release, part: string, name: string): MessageBody | null {
  if (part === 'group') return ofGroup(deps, state, name);
  if (part === 'notice') {
    const notice = state.notices.find(({ seq }) => seq === Number(name));
    return notice ? noticeReply(state, notice) : null;
  }
  const decision = state.decisions.find(({ number }) => number === Number(name));
  if (!decision) return null;
  if (part === 'decision') return decisionReply(state, decision);
  return decision.withdrawn ? withdrawalReply(state, decision) : null;
}

function ofGroup(deps: RenderDeps, state: Release, id: string): MessageBody | null {
  const group = state.plan.groups.find((one) => one.id === id);
  const { statuses } = decide(state, deps.now(), deps.digest);
  return group
    ? groupReply(
        state,
        group,
        statuses.filter((status) => status.group.id === id),
      )
    : null;
}
