import { describe, expect, test } from 'vitest';
import type { ProjectSpec } from '../../../sandbox/gitlab/server.ts';
import { started } from './started.ts';

const core = 'betterfleet/bf-manage-core';
const at = `/projects/${encodeURIComponent(core)}`;
const cutOff = [{ key: 'ORCHESTRATION_CUT_OFF', value: 'true' }];

describe('creating a pipeline is refused in GitLab’s own words', () => {
  const release = { ref: 'release', variables: cutOff };
  const cases: [string, Partial<ProjectSpec>, object, number, object][] = [
    [
      'when variables may not be set',
      { variablesMinimumRole: 'no_one_allowed' },
      release,
      400,
      { message: { base: ['Insufficient permissions to set pipeline variables'] } },
    ],
    [
      'when variables need an owner',
      { variablesMinimumRole: 'owner' },
      release,
      400,
      { message: { base: ['Insufficient permissions to set pipeline variables'] } },
    ],
    [
      'when the branch is missing',
      { branches: ['main'] },
      release,
      400,
      { message: { base: ['Reference not found'] } },
    ],
    [
      'when the branch is protected against the token',
      { tokenAccessLevel: 30 },
      release,
      400,
      { message: { base: [expect.stringContaining("permission to run a pipeline on 'release'")] } },
    ],
    [
      'when nobody may push or merge',
      { protectedBranches: [{ name: 'rel*', pushLevel: 0, mergeLevel: 0 }] },
      release,
      400,
      { message: { base: [expect.stringContaining('You do not have sufficient permission')] } },
    ],
    ['when the token is a reporter', { tokenAccessLevel: 20 }, release, 403, { message: '403 Forbidden' }],
    ['when the project is archived', { archived: true }, release, 403, { message: '403 Forbidden' }],
    ['when CI is off', { buildsAccess: 'disabled' }, release, 403, { message: '403 Forbidden' }],
    [
      'when the project is invisible',
      { tokenAccessLevel: 0 },
      release,
      404,
      { message: '404 Project Not Found' },
    ],
    ['when ref is missing', {}, { variables: cutOff }, 400, { error: 'ref is missing' }],
    [
      'when a variable lacks its key',
      {},
      { ref: 'release', variables: [{ value: 'x' }] },
      400,
      { error: 'variables[0][key] is missing' },
    ],
    [
      'when variables are no list',
      {},
      { ref: 'release', variables: 'x' },
      400,
      { error: 'variables is invalid' },
    ],
    [
      'when a variable comes twice',
      {},
      { ref: 'release', variables: [...cutOff, ...cutOff] },
      400,
      { message: { base: ['Duplicate variable name: ORCHESTRATION_CUT_OFF'] } },
    ],
    [
      'when the key has a dash',
      {},
      { ref: 'release', variables: [{ key: 'A-B', value: 'x' }] },
      400,
      { message: { 'variables.key': ["can contain only letters, digits and '_'."] } },
    ],
    [
      'when the project has no inputs',
      {},
      { ref: 'release', inputs: { action: 'x' } },
      400,
      { message: { base: [expect.stringContaining('Given inputs not defined')] } },
    ],
  ];

  test.each(cases)('%s', async (_, change, body, status, answer) => {
    const { api, control } = await started();
    await control.world({ projects: [{ path: core, ...change }] });
    const response = await api(`${at}/pipeline`, { method: 'POST', body: JSON.stringify(body) });
    expect({ status: response.status, body: await response.json() }).toEqual({ status, body: answer });
    expect(await control.pipelines(core)).toEqual([]);
  });
});

describe('reading is refused as GitLab does', () => {
  test.each([
    [
      'an unknown token',
      '/version',
      { headers: { 'private-token': 'wrong' } },
      401,
      { message: '401 Unauthorized' },
    ],
    ['an unknown route', '/nonsense', {}, 404, { error: '404 Not Found' }],
    ['an unknown project', '/projects/9', {}, 404, { message: '404 Project Not Found' }],
    ['an unknown branch', `${at}/repository/branches/nope`, {}, 404, { message: '404 Branch Not Found' }],
    ['an unprotected branch', `${at}/protected_branches/main`, {}, 404, { message: '404 Not found' }],
    ['an unknown commit', `${at}/repository/commits/abcdef`, {}, 404, { message: '404 Commit Not Found' }],
    ['an unknown pipeline', `${at}/pipelines/1`, {}, 404, { message: '404 Not found' }],
    ['a pipeline number that is none', `${at}/pipelines/x`, {}, 400, { error: 'pipeline_id is invalid' }],
    [
      'the latest pipeline where there is none',
      `${at}/pipelines/latest`,
      {},
      403,
      { message: '403 Forbidden' },
    ],
    [
      'a status that is none',
      `${at}/pipelines?status=green`,
      {},
      400,
      { error: 'status does not have a valid value' },
    ],
    [
      'a source that is none',
      `${at}/pipelines?source=slack`,
      {},
      400,
      { error: 'source does not have a valid value' },
    ],
    [
      'a date that is none',
      `${at}/pipelines?updated_after=soon`,
      {},
      400,
      { error: 'updated_after is invalid' },
    ],
    [
      'two wrong parameters at once',
      `${at}/pipelines?page=x&sort=up`,
      {},
      400,
      { error: 'sort does not have a valid value, page is invalid' },
    ],
  ])('%s', async (_, path, init, status, body) => {
    const { api } = await started();
    const response = await api(path, init);
    expect({ status: response.status, body: await response.json() }).toEqual({ status, body });
  });
});

test('an unknown query parameter is ignored', async () => {
  const { api } = await started();
  expect((await api(`${at}/pipelines?colour=red`)).status).toBe(200);
});

test('a bearer token is as good as a private one', async () => {
  const { api, gitlab } = await started();
  const response = await api('/user', {
    headers: { 'private-token': '', authorization: `Bearer ${gitlab.token}` },
  });
  expect(response.status).toBe(401);
  const bare = await fetch(`${gitlab.url}/api/v4/user`, {
    headers: { authorization: `Bearer ${gitlab.token}` },
  });
  expect(await bare.json()).toMatchObject({ username: 'gonogo-bot' });
});

test('a developer token reads the variables of its own pipelines only', async () => {
  const { api, control } = await started();
  await control.world({ projects: [{ path: core, tokenAccessLevel: 30, protectedBranches: [] }] });
  const own = await api(`${at}/pipeline`, {
    method: 'POST',
    body: JSON.stringify({ ref: 'main', variables: cutOff }),
  });
  const { id } = (await own.json()) as { id: number };
  const other = await control.runPipeline({ project: core, ref: 'main', variables: cutOff });
  expect((await api(`${at}/pipelines/${id}/variables`)).status).toBe(200);
  expect((await api(`${at}/pipelines/${other.id}/variables`)).status).toBe(403);
});
