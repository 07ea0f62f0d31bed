import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { type Exchange, readBody, sendJson } from '../../shared/http.ts';
import { isObject, type JsonObject, parseJson } from '../../shared/json.ts';
import type { Fault } from '../faults.ts';
import { summarise } from '../log.ts';
import { postMessageBurst } from '../rate.ts';
import type { SlackState } from '../state.ts';
import { chatMethods } from './chat.ts';
import { connectionMethods } from './connection.ts';
import { conversationMethods } from './conversations.ts';
import { ApiError, type ApiMethod, Args, type MethodTable } from './method.ts';
import { peopleMethods } from './people.ts';
import { viewMethods } from './views.ts';

const methods: MethodTable = {
  ...connectionMethods,
  ...chatMethods,
  ...conversationMethods,
  ...viewMethods,
  ...peopleMethods,
};

interface Answer {
  status: number;
  body: JsonObject;
  headers: Record<string, string>;
}

/** Answers one call of `/api/METHOD`, with whatever fault is in force. */
export async function handleApiCall(exchange: Exchange, state: SlackState): Promise<void> {
  const started = performance.now();
  const method = exchange.params['method'] ?? '';
  const args = new Args(await readArguments(exchange));
  const fault = state.faults.strikeCall(method);
  const note = (answer: Answer | null) =>
    state.log.add({
      method,
      arguments: summarise(args.values),
      ok: answer?.body['ok'] === true,
      error: fault && !answer ? fault.kind : ((answer?.body['error'] as string | undefined) ?? null),
      messages: messagesOf(answer),
      injected: fault !== undefined && answer === null,
      tookMs: Math.round(performance.now() - started),
    });
  if (fault && (await strikeBefore(fault, exchange.response))) return note(null);
  const answer = call(method, args, exchange, state);
  note(answer);
  if (fault && (await strikeAfter(fault, exchange.response))) return;
  sendJson(exchange.response, answer.status, answer.body, answer.headers);
}

function messagesOf(answer: Answer | null): string[] {
  const metadata = answer?.body['response_metadata'];
  return isObject(metadata) && Array.isArray(metadata['messages']) ? metadata['messages'].map(String) : [];
}

/** Form or JSON body, and the query; a token in the body counts as well. */
async function readArguments({ request, url }: Exchange): Promise<JsonObject> {
  const query = Object.fromEntries(url.searchParams);
  const text = await readBody(request, 2_000_000);
  if (!(request.headers['content-type'] ?? '').includes('json'))
    return { ...query, ...Object.fromEntries(new URLSearchParams(text)) };
  const body = parseJson(text);
  return { ...query, ...(isObject(body) ? body : {}) };
}

/** Faults that strike before anything happens. Gives whether the call is over. */
export async function strikeBefore(fault: Fault, response: ServerResponse): Promise<boolean> {
  if (fault.kind === 'slow') await wait(fault.delayMs ?? 1000, undefined, { ref: false });
  else if (fault.kind === 'reset') response.socket?.resetAndDestroy();
  else if (fault.kind === 'http500') response.writeHead(500).end('Internal Server Error');
  else if (fault.kind === 'http502') response.writeHead(502).end('Bad Gateway');
  else if (fault.kind === 'outage') response.writeHead(503).end('Service Unavailable');
  else if (fault.kind === 'ratelimited')
    sendJson(
      response,
      429,
      { ok: false, error: 'ratelimited' },
      { 'retry-after': String(fault.retryAfter ?? 1) },
    );
  else return false;
  return fault.kind !== 'slow';
}

/** Faults that lose the answer of a call that took effect. Gives whether the call is over. */
export async function strikeAfter(fault: Fault, response: ServerResponse): Promise<boolean> {
  if (fault.kind === 'acceptThenReset') response.socket?.resetAndDestroy();
  else if (fault.kind === 'acceptThen502') response.writeHead(502).end('Bad Gateway');
  else if (fault.kind === 'acceptThenTimeout') {
    await wait(fault.delayMs ?? 60_000, undefined, { ref: false });
    response.socket?.resetAndDestroy();
  } else return false;
  return true;
}

function call(name: string, args: Args, exchange: Exchange, state: SlackState): Answer {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  try {
    if (!method) throw new ApiError('unknown_method');
    const token = tokenOf(args, exchange);
    checkToken(token, method, args, state);
    const retryAfter = takeFromLimits(name, method, token, args, state);
    if (retryAfter > 0) return rateLimited(retryAfter);
    return { status: 200, body: { ok: true, ...method.run(args, state) }, headers: scopeHeaders(state) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: 200, body: errorBody(error, state, method, args), headers: scopeHeaders(state) };
  }
}

function tokenOf(args: Args, { request }: Exchange): string {
  const header = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return header ?? args.text('token') ?? '';
}

function checkToken(token: string, method: ApiMethod, args: Args, state: SlackState): void {
  const { workspace } = state;
  if (token === '') throw new ApiError('not_authed');
  const kind = token === workspace.botToken ? 'bot' : token === workspace.appToken ? 'app' : null;
  if (kind === null) throw new ApiError('invalid_auth');
  if (kind !== method.token) throw new ApiError('not_allowed_token_type');
  const needed = method.scopes(args, state);
  const granted = kind === 'app' ? ['connections:write'] : workspace.world.scopes;
  if (needed.length > 0 && !needed.some((scope) => granted.includes(scope)))
    throw new ApiError('missing_scope');
}

function errorBody(
  error: ApiError,
  state: SlackState,
  method: ApiMethod | undefined,
  args: Args,
): JsonObject {
  return {
    ok: false,
    error: error.code,
    ...(error.code === 'missing_scope' && {
      needed: method?.scopes(args, state).join(','),
      provided: state.workspace.world.scopes.join(','),
    }),
    ...(error.messages.length > 0 && {
      errors: error.messages.map((message) => message.replace(/^\[ERROR\] /, '')),
      response_metadata: { messages: error.messages },
    }),
  };
}

function takeFromLimits(
  name: string,
  method: ApiMethod,
  token: string,
  args: Args,
  state: SlackState,
): number {
  const general = state.rate.takeFromWindow(`${token} ${name}`, method.limit);
  if (general > 0 || name !== 'chat.postMessage') return general;
  const channel = state.workspace.channel(args.text('channel') ?? '', true);
  return channel ? state.rate.takeFromBucket(channel.id, postMessageBurst) : 0;
}

function rateLimited(seconds: number): Answer {
  return {
    status: 429,
    body: { ok: false, error: 'ratelimited' },
    headers: { 'retry-after': String(seconds) },
  };
}

function scopeHeaders(state: SlackState): Record<string, string> {
  return { 'x-oauth-scopes': state.workspace.world.scopes.join(',') };
}
