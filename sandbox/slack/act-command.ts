import { isObject, type JsonObject } from '../shared/json.ts';
import { type ActResult, channelOf, noteUnusableAnswer, personOf, repeated } from './act.ts';
import type { Acknowledgement } from './delivery.ts';
import { commandPayload, eventPayload } from './payloads.ts';
import { applyResponse, refuseResponse } from './respond.ts';
import type { SlackState } from './state.ts';
import type { WorldChannel, WorldPerson } from './workspace.ts';

/** A person types a slash command into a channel's box. */
export function typeCommand(
  input: { user: string; channel: string; command: string; text: string; times: number },
  state: SlackState,
): Promise<ActResult> {
  const person = personOf(input.user, state);
  const channel = channelOf(input.channel, person, state);
  if (!state.workspace.world.commands.some((each) => each.command === input.command)) {
    const trouble = `${input.command} is not a valid command. In Slack, all messages that start with the “/” character are interpreted as commands.`;
    slackbotSays(trouble, person, channel, state);
    return Promise.resolve({ ok: true, acknowledged: false, trouble });
  }
  return repeated(input.times, async () => {
    const payload = commandPayload(input.command, input.text.trim(), person, channel, state);
    const outcome = await state.deliveries.deliver({ kind: 'command', payload, answerable: true });
    return showAnswer(input.command, outcome, person, channel, state);
  });
}

function showAnswer(
  command: string,
  outcome: Acknowledgement,
  person: WorldPerson,
  channel: WorldChannel,
  state: SlackState,
): ActResult {
  const fail = (error: string): ActResult => {
    const trouble = `${command} failed with the error "${error}"`;
    slackbotSays(trouble, person, channel, state);
    return { ok: true, acknowledged: false, trouble, response: outcome.payload };
  };
  if (outcome.error !== null) return fail(outcome.error);
  const answer = answerOf(outcome.payload);
  if (answer === null) return { ok: true, acknowledged: true };
  const refusal = refuseResponse(answer);
  if (refusal) {
    noteUnusableAnswer(command, refusal.error, refusal.messages, state);
    return fail('dispatch_unknown_error');
  }
  const target = { user: person.id, channel: channel.id, messageTs: null, threadTs: null };
  applyResponse(answer, target, state);
  return { ok: true, acknowledged: true, response: outcome.payload };
}

/** A command may be answered with nothing, with text or with a message. */
function answerOf(payload: unknown): JsonObject | null {
  if (typeof payload === 'string') return payload.trim() === '' ? null : { text: payload };
  return isObject(payload) && Object.keys(payload).length > 0 ? payload : null;
}

function slackbotSays(text: string, person: WorldPerson, channel: WorldChannel, state: SlackState): void {
  state.messages.add({ channel: channel.id, user: 'USLACKBOT', text, ephemeralFor: person.id });
}

/** A person writes a message; events go to the app when it subscribed to them and is in the channel. */
export async function say(
  input: { user: string; channel: string; text: string; threadTs: string | null },
  state: SlackState,
): Promise<ActResult & { ts: string }> {
  const person = personOf(input.user, state);
  const channel = channelOf(input.channel, person, state);
  const parent =
    input.threadTs === null ? undefined : state.messages.threadParent(channel.id, input.threadTs);
  const threadTs = parent?.ts ?? null;
  const message = state.messages.add({ channel: channel.id, user: person.id, text: input.text, threadTs });
  const event = {
    user: person.id,
    ts: message.ts,
    text: input.text,
    team: state.workspace.teamId,
    channel: channel.id,
    event_ts: message.ts,
    ...(threadTs && { thread_ts: threadTs, parent_user_id: parent?.user }),
  };
  const subscribed = state.workspace.world.events;
  const mentioned = input.text.includes(`<@${state.workspace.botUserId}>`);
  const types = [
    ...(mentioned && subscribed.includes('app_mention') ? [{ type: 'app_mention' }] : []),
    ...(subscribed.includes('message.channels') ? [{ type: 'message', channel_type: 'channel' }] : []),
  ];
  for (const type of channel.botIsMember ? types : []) {
    const payload = eventPayload({ ...type, ...event }, state);
    await state.deliveries.deliverEvent({ kind: 'event', payload, answerable: false });
  }
  return { ok: true, acknowledged: true, ts: message.ts };
}

/** A person opens the app's Home. */
export async function openHome(input: { user: string }, state: SlackState): Promise<ActResult> {
  const person = personOf(input.user, state);
  if (!state.workspace.world.events.includes('app_home_opened')) return { ok: true, acknowledged: true };
  const home = state.views.home(person.id);
  const event = {
    type: 'app_home_opened',
    user: person.id,
    channel: `D${person.id.slice(1)}`,
    tab: 'home',
    ...(home && { view: state.views.json(home, true) }),
    event_ts: state.workspace.nextTs(),
  };
  const payload = eventPayload(event, state);
  const outcome = await state.deliveries.deliverEvent({ kind: 'event', payload, answerable: false });
  return { ok: true, acknowledged: outcome.acknowledged };
}
