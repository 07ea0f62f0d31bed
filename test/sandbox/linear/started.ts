import { randomUUID } from 'node:crypto';
import { LinearClient } from '@linear/sdk';
import { onTestFinished } from 'vitest';
import { linearControl } from '../../../sandbox/linear/control-client.ts';
import { type LinearOptions, startLinear } from '../../../sandbox/linear/server.ts';

/** A simulated Linear for one test, with the real SDK, its controls and the ids of its default world. */
export async function started(options: LinearOptions = {}) {
  const linear = await startLinear(options);
  onTestFinished(() => linear.close());
  const client = new LinearClient({ apiKey: linear.apiKey, apiUrl: linear.url });
  const control = linearControl(linear.url);
  const state = await control.state();
  const team = known(
    state.teams.find(({ key }) => key === 'MAN'),
    'team MAN',
  );
  const labelId = (name: string) =>
    known(
      state.labels.find((label) => label.name === name),
      name,
    ).id;
  const stateId = (name: string) =>
    known(
      team.states.find((one) => one.name === name),
      name,
    ).id;
  const userId = (name: string) =>
    known(
      state.users.find((user) => user.name === name),
      name,
    ).id;
  /** An issue through the SDK, with an id of our own. */
  const create = async (input: Partial<Parameters<typeof client.createIssue>[0]> = {}) => {
    const id = randomUUID();
    await client.createIssue({ id, teamId: team.id, title: 'Validate 2026.47', ...input });
    return id;
  };
  /** A bare request, for what the SDK does not send. */
  const ask = (query: string, variables: object = {}, headers: Record<string, string> = {}) =>
    fetch(linear.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: linear.apiKey, ...headers },
      body: JSON.stringify({ query, variables }),
    });
  return { linear, client, control, team, labelId, stateId, userId, create, ask };
}

export function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the world has no ${what}`);
  return value;
}

/** What a call rejects with; fails when it does not. */
export async function rejection(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('the call was expected to be refused');
}
