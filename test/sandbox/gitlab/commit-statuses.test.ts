import { describe, expect, test } from 'vitest';
import { started } from './started.ts';

const core = 'betterfleet/bf-manage-core';
const at = `/projects/${encodeURIComponent(core)}`;
const name = 'gonogo/eu-west-1';

async function committed() {
  const town = await started();
  const { sha } = await town.control.push({ project: core, ref: 'release', title: 'a change' });
  const set = async (body: object, commit = sha) => {
    const response = await town.api(`${at}/statuses/${commit}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const all = (options = {}) => town.client.Commits.allStatuses(core, sha, options);
  return { ...town, sha, set, all };
}

describe('a commit status', () => {
  test('stands beside its commit, with its words and where it leads', async () => {
    const { client, sha, all, control } = await committed();
    const url = 'https://slack.example/p1';
    await client.Commits.editStatus(core, sha, 'running', {
      name,
      description: 'It is watched.',
      targetUrl: url,
    });
    const stands = { sha, name, status: 'running', description: 'It is watched.', target_url: url };
    expect(await all()).toMatchObject([{ ...stands, finished_at: null, started_at: expect.any(String) }]);
    const { projects } = await control.state();
    expect(projects.find(({ path }) => path === core)?.commitStatuses).toEqual([
      { sha, name, state: 'running', description: 'It is watched.', targetUrl: url },
    ]);
  });

  test('moves on from running to its end, as one record', async () => {
    const { set, all } = await committed();
    await set({ name, state: 'running' });
    expect((await set({ name, state: 'success', description: 'GO' })).status).toBe(201);
    expect(await all({ all: true })).toMatchObject([{ status: 'success', description: 'GO' }]);
  });

  test('that has ended stays, and the next of its name takes its place', async () => {
    const { set, all } = await committed();
    await set({ name, state: 'success' });
    expect((await set({ name, state: 'success' })).status).toBe(201);
    await set({ name, state: 'failed', description: 'NO-GO' });
    expect(await all()).toMatchObject([{ status: 'failed', description: 'NO-GO' }]);
    expect(await all({ all: true })).toHaveLength(3);
  });

  test.each(['pending', 'running'])('that is %s is not set to the same again', async (state) => {
    const { set } = await committed();
    await set({ name, state, description: 'first' });
    const way = state === 'running' ? 'run' : 'enqueue';
    expect(await set({ name, state, description: 'second' })).toEqual({
      status: 400,
      body: {
        message: `Cannot transition status via :${way} from :${state} (Reason(s): Status cannot transition via "${way}")`,
      },
    });
  });

  test.each([
    ['an unknown commit', { state: 'running' }, 'f'.repeat(40), 404, { message: '404 Commit Not Found' }],
    ['no state', {}, null, 400, { error: 'state is missing' }],
    ['a state that is none', { state: 'green' }, null, 400, { error: 'state does not have a valid value' }],
    [
      'a description that is too long',
      { state: 'running', description: 'x'.repeat(256) },
      null,
      400,
      { message: { description: ['is too long (maximum is 255 characters)'] } },
    ],
    [
      'an address that is too long',
      { state: 'running', target_url: `https://a/${'x'.repeat(256)}` },
      null,
      400,
      { message: { target_url: ['is too long (maximum is 255 characters)'] } },
    ],
  ])('is refused for %s', async (_, body, commit, status, said) => {
    const { set, all } = await committed();
    expect(await set(body, commit ?? undefined)).toEqual({ status, body: said });
    expect(await all()).toEqual([]);
  });

  test('is refused for a part of a hash, and for who may not', async () => {
    const { set, sha, control } = await committed();
    expect((await set({ state: 'running' }, sha.slice(0, 8))).status).toBe(404);
    await control.world({ projects: [{ path: core, tokenAccessLevel: 20 }] });
    expect((await set({ state: 'running' })).status).toBe(403);
  });
});
