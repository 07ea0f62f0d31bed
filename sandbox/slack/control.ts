import type { z } from 'zod';
import {
  type Exchange,
  HttpError,
  openEventStream,
  type Router,
  readJson,
  sendJson,
} from '../shared/http.ts';
import { ActError } from './act.ts';
import { choose, press, suggest, type } from './act-block.ts';
import { openHome, say, typeCommand } from './act-command.ts';
import type { Pointer } from './act-find.ts';
import { close, submit } from './act-view.ts';
import * as inputs from './control-input.ts';
import { changeWorld } from './control-world.ts';
import { HttpTransport } from './delivery-http.ts';
import type { FaultRequest } from './faults.ts';
import { screenOf } from './screen-of.ts';
import type { SlackState } from './state.ts';

/** Reads and checks a body. Throws HttpError 400 with every fault. */
async function read<T extends z.ZodType>(exchange: Exchange, schema: T): Promise<z.output<T>> {
  const parsed = schema.safeParse(await readJson(exchange.request));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new HttpError(400, faults.join('; '));
}

interface Place {
  user: string;
  channel?: string | undefined;
  ts?: string | undefined;
  viewId?: string | undefined;
  blockId?: string | undefined;
  actionId: string;
}

function pointer(input: Place): Pointer & { user: string } {
  return {
    user: input.user,
    channel: input.channel ?? null,
    ts: input.ts ?? null,
    viewId: input.viewId ?? null,
    blockId: input.blockId ?? null,
    actionId: input.actionId,
  };
}

/** Adds `/_control/…`: eyes and hands of people, faults, the log and changes to the world. */
export function addControl(router: Router, state: SlackState): void {
  addEyes(router, state);
  addActs(router, state);
  addFaults(router, state);
  router.add('POST', '/_control/world', async (exchange) => {
    changeWorld(await read(exchange, inputs.worldInput), state);
    sendJson(exchange.response, 200, { ok: true });
  });
  router.add('POST', '/_control/request-url', async (exchange) => {
    const { url } = await read(exchange, inputs.requestUrlInput);
    const { signingSecret, verificationToken } = state.workspace;
    if (url !== null && !(await new HttpTransport(url, signingSecret).verifyUrl(verificationToken)))
      throw new HttpError(409, 'the URL did not answer the challenge');
    state.requestUrl = url;
    state.workspace.changed();
    sendJson(exchange.response, 200, { ok: true });
  });
  router.add('POST', '/_control/redeliver', async (exchange) => {
    const { kind, n } = await read(exchange, inputs.redeliverInput);
    const outcomes = await state.deliveries.again(kind, n);
    if (!outcomes) throw new HttpError(409, `no ${kind} was delivered yet`);
    sendJson(exchange.response, 200, { ok: true, outcomes });
  });
}

function addEyes(router: Router, state: SlackState): void {
  router.add('GET', '/_control/screen', ({ url, response }) => {
    const user = url.searchParams.get('user') ?? state.workspace.world.people[0]?.id ?? '';
    const screen = screenOf(user, url.searchParams.get('fresh') === '1', state);
    if (!screen) throw new HttpError(404, `nobody here has the id ${user}`);
    sendJson(response, 200, screen);
  });
  router.add('GET', '/_control/changes', async ({ response }) => {
    const { send, closed } = openEventStream(response);
    const stop = state.workspace.onChange((revision) => send({ revision }));
    send({ revision: state.workspace.revision });
    await closed;
    stop();
  });
  router.add('GET', '/_control/requests', ({ url, response }) =>
    sendJson(response, 200, state.log.list(url.searchParams.get('method'))),
  );
  router.add('GET', '/_control/refusals', ({ response }) => sendJson(response, 200, state.log.refusals()));
  router.add('DELETE', '/_control/requests', ({ response }) => {
    state.log.clear();
    sendJson(response, 200, { ok: true });
  });
}

function addActs(router: Router, state: SlackState): void {
  const act = <T extends z.ZodType>(
    name: string,
    schema: T,
    run: (input: z.output<T>) => Promise<unknown>,
  ) => {
    router.add('POST', `/_control/act/${name}`, async (exchange) => {
      const input = await read(exchange, schema);
      try {
        sendJson(exchange.response, 200, await run(input));
      } catch (error) {
        if (error instanceof ActError) throw new HttpError(409, error.message);
        throw error;
      }
    });
  };
  act('command', inputs.commandInput, (input) => typeCommand(input, state));
  act('press', inputs.pressInput, async (input) =>
    press({ ...pointer(input), value: input.value, times: input.times }, state),
  );
  act('choose', inputs.chooseInput, (input) => {
    const values = input.values ?? (input.value === undefined ? [] : [input.value]);
    return choose({ ...pointer(input), values }, state);
  });
  act('type', inputs.typeInput, (input) => type({ ...pointer(input), value: input.value }, state));
  act('suggest', inputs.suggestInput, (input) => suggest({ ...pointer(input), query: input.query }, state));
  act('submit', inputs.submitInput, ({ user, viewId, times }) =>
    submit({ user, viewId: viewId ?? null, times }, state),
  );
  act('close', inputs.closeInput, ({ user, viewId, all }) =>
    close({ user, viewId: viewId ?? null, all }, state),
  );
  act('home', inputs.homeInput, (input) => openHome(input, state));
  act('say', inputs.sayInput, ({ threadTs, ...input }) =>
    say({ ...input, threadTs: threadTs ?? null }, state),
  );
}

function addFaults(router: Router, state: SlackState): void {
  router.add('GET', '/_control/faults', ({ response }) => sendJson(response, 200, state.faults.list()));
  router.add('POST', '/_control/faults', async (exchange) => {
    const input = await read(exchange, inputs.faultInput);
    const given = Object.entries(input).filter(([, value]) => value !== undefined);
    const fault = state.faults.add(Object.fromEntries(given) as unknown as FaultRequest);
    sendJson(exchange.response, 200, { ok: true, id: fault.id });
  });
  router.add('DELETE', '/_control/faults', ({ response }) => {
    state.faults.remove();
    sendJson(response, 200, { ok: true });
  });
  router.add('DELETE', '/_control/faults/:id', ({ params, response }) => {
    if (!state.faults.remove(params['id'] ?? '')) throw new HttpError(404, `no fault ${params['id']}`);
    sendJson(response, 200, { ok: true });
  });
}
