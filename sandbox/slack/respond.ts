import { type Exchange, readBody } from '../shared/http.ts';
import { isObject, type JsonObject, parseJson } from '../shared/json.ts';
import { summarise } from './log.ts';
import type { ResponseTarget } from './response-urls.ts';
import type { Block } from './screen.ts';
import type { SlackState } from './state.ts';
import { type Refusal, refuseBlocks } from './validate.ts';
import { slackLength } from './validate-text.ts';
import { fillIds } from './views.ts';
import { strikeAfter, strikeBefore } from './web-api/dispatch.ts';

const fields = [
  'text',
  'blocks',
  'response_type',
  'replace_original',
  'delete_original',
  'thread_ts',
  'mrkdwn',
  'unfurl_links',
  'unfurl_media',
  'metadata',
];

/** Why Slack would refuse a message sent as a command's answer or to a response_url; null when it is fine. */
export function refuseResponse(payload: JsonObject): Refusal | null {
  const unknown = Object.keys(payload).filter((key) => !fields.includes(key));
  if (unknown.length > 0)
    return {
      error: 'invalid_payload',
      messages: unknown.map((key) => `[ERROR] invalid additional property: ${key}`),
    };
  if (payload['delete_original'] === true) return null;
  const type = payload['response_type'] ?? 'ephemeral';
  if (type !== 'ephemeral' && type !== 'in_channel')
    return {
      error: 'invalid_payload',
      messages: ['[ERROR] must be a valid enum value [json-pointer:/response_type]'],
    };
  const blocks = payload['blocks'];
  const refusal = blocks === undefined ? null : refuseBlocks(blocks);
  if (refusal) return refusal;
  const text = payload['text'] ?? '';
  if (typeof text !== 'string')
    return { error: 'invalid_payload', messages: ['[ERROR] must provide a string [json-pointer:/text]'] };
  if (text === '' && (!Array.isArray(blocks) || blocks.length === 0))
    return { error: 'no_text', messages: [] };
  return slackLength(text) > 40_000 ? { error: 'msg_too_long', messages: [] } : null;
}

/** Shows a checked response where the interaction happened. */
export function applyResponse(payload: JsonObject, target: ResponseTarget, state: SlackState): void {
  const original =
    target.messageTs === null
      ? undefined
      : state.messages.seenBy(target.user, target.channel, target.messageTs);
  if (payload['delete_original'] === true) {
    if (original) state.messages.remove(original);
    return;
  }
  const text = typeof payload['text'] === 'string' ? payload['text'] : '';
  const blocks: Block[] = Array.isArray(payload['blocks']) ? fillIds(payload['blocks']) : [];
  if (payload['replace_original'] === true && original) {
    state.messages.update(original, { text, blocks });
    return;
  }
  const thread = payload['thread_ts'];
  state.messages.add({
    channel: target.channel,
    user: state.workspace.botUserId,
    text,
    blocks,
    threadTs: typeof thread === 'string' ? thread : null,
    ephemeralFor: payload['response_type'] === 'in_channel' ? null : target.user,
  });
}

/** `POST /actions/KEY`: a response_url. */
export async function handleResponseUrl(exchange: Exchange, state: SlackState): Promise<void> {
  const { request, response, params } = exchange;
  const key = params['key'] ?? '';
  const body = parseJson(await readBody(request));
  const payload = isObject(body) ? body : {};
  const note = (error: string | null, messages: string[] = [], injected = false) =>
    state.log.add({
      method: 'response_url',
      arguments: summarise(payload),
      ok: error === null,
      error,
      messages,
      injected,
      tookMs: 0,
    });
  const fault = state.faults.strikeCall('response_url');
  if (fault && (await strikeBefore(fault, response))) return note(fault.kind, [], true);
  const target = state.responseUrls.look(key);
  const refusal =
    typeof target === 'string'
      ? { error: target, messages: [] }
      : (refuseBody(body) ?? refuseResponse(payload));
  note(refusal?.error ?? null, refusal?.messages);
  if (refusal || typeof target === 'string') {
    const status = typeof target === 'string' ? 404 : 400;
    return void response.writeHead(status, { 'content-type': 'text/plain' }).end(refusal?.error);
  }
  state.responseUrls.use(key);
  applyResponse(payload, target, state);
  if (fault && (await strikeAfter(fault, response))) return;
  response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
}

function refuseBody(body: unknown): Refusal | null {
  return isObject(body)
    ? null
    : { error: 'invalid_payload', messages: ['[ERROR] must provide a JSON object'] };
}
