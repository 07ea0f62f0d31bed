import { describe, expect, test, vi } from 'vitest';
import { receiver, started } from './started.ts';

const core = 'betterfleet/bf-manage-core';
const web = 'betterfleet/bf-manage-web';
const at = `/projects/${encodeURIComponent(core)}`;
const validated = 'Validated in Staging';

type Town = Awaited<ReturnType<typeof started>>;

/** Three merged (one labelled), one open, one closed; another one in another project. */
async function stocked(options: Parameters<typeof started>[0] = {}): Promise<Town> {
  const town = await started(options);
  const add = (title: string, more: object = {}) =>
    town.control.addMergeRequest({ project: core, title, author: 'mia', ...more });
  await add('Limit chargers', { labels: [validated, 'load-management'], paths: ['src/load/limit.ts'] });
  await add('Roaming tariffs', { author: 'noah', description: 'new Tariff path' });
  await add('Session index', { newPaths: ['db/migrations/0043.sql'], paths: ['README.md'] });
  await add('Half a thing', { state: 'opened', draft: true });
  await add('Thought better of it', { state: 'closed' });
  await town.control.addMergeRequest({ project: web, title: 'New login', labels: ['auth'] });
  return town;
}

describe('the list of a project is filtered as GitLab does', () => {
  test.each([
    ['no filter', '', [5, 4, 3, 2, 1]],
    ['merged', 'state=merged', [3, 2, 1]],
    ['opened', 'state=opened', [4]],
    ['a label', `labels=${validated}`, [1]],
    ['two labels: both', `labels=${validated},roaming`, []],
    ['labels as an array', `labels[]=${validated}&labels[]=load-management`, [1]],
    ['a label is named exactly', 'labels=validated in staging', []],
    ['Any label', 'labels=Any', [1]],
    ['None', 'state=merged&labels=none', [3, 2]],
    ['without a label', `state=merged&not[labels]=${validated}`, [3, 2]],
    ['without either of two labels', `state=merged&not[labels]=${validated},roaming`, [3, 2]],
    ['without a label, as an array', `state=merged&not[labels][]=${validated}`, [3, 2]],
    ['a target branch', 'target_branch=release', []],
    ['an author', 'author_username=noah', [2]],
    ['not an author', 'state=merged&not[author_username]=noah', [3, 1]],
    ['a word in the title', 'search=charg', [1]],
    ['a word in the description', 'search=tariff path', [2]],
    ['a word in the title only', 'search=tariff path&in=title', []],
    ['a draft', 'wip=yes', [4]],
    ['two numbers', 'iids[]=2&iids[]=3', [3, 2]],
    ['the bot’s own', 'scope=created_by_me', []],
    ['updated long ago', 'updated_before=2020-01-01', []],
    ['updated since', 'state=merged&updated_after=2020-01-01T00:00:00Z', [3, 2, 1]],
    [
      'merged_after does not exist and is ignored',
      'state=merged&merged_after=2099-01-01T00:00:00Z',
      [3, 2, 1],
    ],
    ['by title', 'state=merged&order_by=title&sort=asc', [1, 2, 3]],
    ['oldest first', 'sort=asc&per_page=2&page=2', [3, 4]],
    ['an environment to which nothing was deployed', 'environment=staging', []],
  ])('%s', async (_, query, expected) => {
    const { api } = await stocked();
    const response = await api(`${at}/merge_requests?${query}`);
    expect(response.status).toBe(200);
    const found = (await response.json()) as { iid: number }[];
    expect(found.map(({ iid }) => iid)).toEqual(expected);
  });

  test('the real client’s nested filter arrives', async () => {
    const { client } = await stocked();
    const found = await client.MergeRequests.all({
      projectId: core,
      state: 'merged',
      not: { labels: validated },
      scope: 'all',
    });
    expect(found.map(({ title }) => title)).toEqual(['Session index', 'Roaming tariffs']);
    expect(found[0]).toMatchObject({ author: { username: 'mia' }, labels: [], state: 'merged' });
    expect(found[0]?.['web_url']).toContain(`${core}/-/merge_requests/3`);
  });

  test('pages carry GitLab’s headers', async () => {
    const { api } = await stocked();
    const response = await api(`${at}/merge_requests?per_page=2`);
    expect(response.headers.get('x-total')).toBe('5');
    expect(response.headers.get('link')).toContain('page=2');
  });

  test('labels come with details when asked for', async () => {
    const { client } = await stocked();
    const [found] = await client.MergeRequests.all({
      projectId: core,
      labels: validated,
      withLabelsDetails: true,
    });
    expect(found?.labels).toMatchObject([{ name: 'load-management' }, { name: validated, color: '#428BCA' }]);
  });
});

test('the list over all projects holds the bot’s own only, unless all are asked for', async () => {
  const { client } = await stocked();
  expect(await client.MergeRequests.all()).toEqual([]);
  const all = await client.MergeRequests.all({ scope: 'all', state: 'merged' });
  expect(all.map(({ title }) => title)).toContain('New login');
  const group = await client.MergeRequests.all({ groupId: 'betterfleet', state: 'merged' });
  expect(group).toHaveLength(4);
});

describe('a single merge request', () => {
  test('has its changed files, as diffs and as changes', async () => {
    const { client, api } = await stocked();
    const one = await client.MergeRequests.show(core, 3);
    expect(one).toMatchObject({ iid: 3, changes_count: '2', merged_by: { username: 'mia' } });
    expect(one.merge_commit_sha).toMatch(/^[0-9a-f]{40}$/);
    const diffs = await client.MergeRequests.allDiffs(core, 3);
    expect(diffs).toMatchObject([
      { new_path: 'db/migrations/0043.sql', new_file: true },
      { new_path: 'README.md', new_file: false },
    ]);
    const changes = await api(`${at}/merge_requests/3/changes`);
    expect(await changes.json()).toMatchObject({ iid: 3, changes: diffs, overflow: false });
  });

  test('gets and loses labels through the real client, and its time moves', async () => {
    const { client } = await stocked();
    const before = await client.MergeRequests.show(core, 1);
    const after = await client.MergeRequests.edit(core, 1, {
      addLabels: 'checked,another',
      removeLabels: validated,
    });
    expect(after.labels).toEqual(['another', 'checked', 'load-management']);
    expect(Date.parse(after.updated_at)).toBeGreaterThanOrEqual(Date.parse(before.updated_at));
    expect((await client.MergeRequests.edit(core, 1, { labels: '' })).labels).toEqual([]);
    const names = (await client.ProjectLabels.all(core)).map(({ name }) => name);
    expect(names).toEqual([]);
  });

  test('can be closed and opened again while it is not merged', async () => {
    const { client } = await stocked();
    expect(await client.MergeRequests.edit(core, 4, { stateEvent: 'close' })).toMatchObject({
      state: 'closed',
    });
    expect(await client.MergeRequests.edit(core, 4, { stateEvent: 'reopen' })).toMatchObject({
      state: 'opened',
    });
    expect(await client.MergeRequests.edit(core, 1, { stateEvent: 'close' })).toMatchObject({
      state: 'merged',
    });
  });

  test('is found by its merge commit', async () => {
    const { client, api } = await stocked();
    const { merge_commit_sha: sha } = await client.MergeRequests.show(core, 2);
    const response = await api(`${at}/repository/commits/${sha}/merge_requests`);
    expect(await response.json()).toMatchObject([{ iid: 2 }]);
  });
});

describe('refusals', () => {
  const put = (body: object) => ({ method: 'PUT', body: JSON.stringify(body) });
  test.each([
    ['an unknown merge request', `${at}/merge_requests/99`, {}, 404, '404 Not found'],
    ['a number that is none', `${at}/merge_requests/x`, {}, 400, 'merge_request_iid is invalid'],
    ['an unknown state', `${at}/merge_requests?state=done`, {}, 400, 'state does not have a valid value'],
    ['an unknown order', `${at}/merge_requests?order_by=id`, {}, 400, 'order_by does not have a valid value'],
    ['an unknown scope', '/merge_requests?scope=mine', {}, 400, 'scope does not have a valid value'],
    ['a time that is none', `${at}/merge_requests?updated_after=soon`, {}, 400, 'updated_after is invalid'],
    ['an unknown group', '/groups/nobody/merge_requests', {}, 404, '404 Group Not Found'],
    [
      'the commits’ merge requests of an unknown commit',
      `${at}/repository/commits/fff0/merge_requests`,
      {},
      404,
      '404 Commit Not Found',
    ],
    ['diffs of an unknown one', `${at}/merge_requests/99/diffs`, {}, 404, '404 Not found'],
    ['changes of an unknown one', `${at}/merge_requests/99/changes`, {}, 404, '404 Not found'],
    [
      'a change of nothing',
      `${at}/merge_requests/1`,
      put({}),
      400,
      'at least one parameter must be provided',
    ],
    ['an empty title', `${at}/merge_requests/1`, put({ title: '' }), 400, "can't be blank"],
    ['labels that are numbers', `${at}/merge_requests/1`, put({ labels: [7] }), 400, 'labels is invalid'],
    ['labels of an unknown project', '/projects/9/labels', {}, 404, '404 Project Not Found'],
  ])('%s', async (_, path, init, status, words) => {
    const { api } = await stocked();
    const response = await api(path, init);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(words);
  });

  test('who may read may not label, and a guest may not read', async () => {
    const { control, client, api } = await stocked();
    await control.world({ projects: [{ path: core, tokenAccessLevel: 20 }] });
    expect((await client.MergeRequests.show(core, 1)).iid).toBe(1);
    await expect(client.MergeRequests.edit(core, 1, { addLabels: 'x' })).rejects.toThrow('403 Forbidden');
    await control.world({ projects: [{ path: core, tokenAccessLevel: 10 }] });
    expect((await api(`${at}/merge_requests`)).status).toBe(403);
    const all = await client.MergeRequests.all({ scope: 'all' });
    expect(all.map(({ title }) => title)).toEqual(['New login']);
  });
});

test('labelling in GitLab’s own screen is told by a webhook, with the labels of before', async () => {
  const hook = await receiver();
  const { control } = await stocked({ webhook: { url: hook.url } });
  await control.label({ project: core, iid: 2, add: [validated], user: 'mia' });
  await control.label({ project: core, iid: 2, add: [validated] });
  await vi.waitFor(() => {
    const bodies = hook.received.map(({ body }) => JSON.parse(body));
    const updates = bodies.filter((body) => body.object_attributes?.action === 'update');
    expect(updates).toMatchObject([
      {
        object_kind: 'merge_request',
        user: { username: 'mia' },
        object_attributes: { iid: 2, state: 'merged', labels: [{ title: validated }] },
        changes: { labels: { previous: [], current: [{ title: validated }] } },
      },
    ]);
    expect(bodies.filter((body) => body.object_attributes?.action === 'merge')).toHaveLength(4);
  });
  const { deliveries } = await control.webhooks();
  expect(deliveries.at(-1)).toMatchObject({ event: 'Merge Request Hook', about: '!2 update' });
});

test('the web addresses lead to pages, the list with GitLab’s own query', async () => {
  const { client, control, gitlab } = await stocked();
  await control.addMergeRequest({ project: core, title: '<script>alert(1)</script>' });
  const { web_url } = await client.MergeRequests.show(core, 3);
  expect(await (await fetch(web_url)).text()).toContain('db/migrations/0043.sql');
  const query = new URLSearchParams({ state: 'merged', 'not[label_name][]': validated });
  const list = await (await fetch(`${gitlab.url}/${core}/-/merge_requests?${query}`)).text();
  expect(list).toContain('Roaming tariffs');
  expect(list).toContain('&lt;script&gt;');
  expect(list).not.toContain('Limit chargers');
  expect((await fetch(`${gitlab.url}/${core}/-/merge_requests/99`)).status).toBe(404);
  expect((await fetch(`${gitlab.url}/${core}/-/commit/fff0`)).status).toBe(404);
});

test.each([
  ['act/merge-request', { project: 'nope', title: 'x' }, 404, 'no project nope'],
  ['act/merge-request', { project: core }, 400, 'title'],
  ['act/merge', { project: core, iid: 1 }, 409, '!1 is merged'],
  ['act/label', { project: core, iid: 77, add: ['x'] }, 404, 'no merge request !77'],
  ['act/push', { project: core, ref: 'nope', title: 'x' }, 404, 'no branch nope'],
  ['act/deploy', { project: core, mergeRequests: [4] }, 409, 'there is no merged !4'],
  ['act/deploy', { project: core, colour: 'red' }, 400, 'colour'],
])('%s refuses %j', async (path, body, status, words) => {
  const { gitlab } = await stocked();
  const response = await fetch(`${gitlab.url}/_control/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(status);
  expect(await response.text()).toContain(words);
});
