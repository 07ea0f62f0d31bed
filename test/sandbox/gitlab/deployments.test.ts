import { describe, expect, test, vi } from 'vitest';
import { receiver, started } from './started.ts';

const core = 'betterfleet/bf-manage-core';
const sim = 'betterfleet/bf-depot-sim';
const at = `/projects/${encodeURIComponent(core)}`;
const cutOff = [{ key: 'ORCHESTRATION_CUT_OFF', value: 'true' }];
const release = [{ key: 'ORCHESTRATION_RELEASE', value: 'true' }];

type Town = Awaited<ReturnType<typeof started>>;

const merged = (town: Town, title: string) => town.control.addMergeRequest({ project: core, title });

/** What a deployment shipped, once GitLab has looked. */
async function shipped(town: Town, deploymentId: number): Promise<number[]> {
  const response = await town.api(`${at}/deployments/${deploymentId}/merge_requests`);
  return ((await response.json()) as { iid: number }[]).map(({ iid }) => iid);
}

describe('a deployment ships exactly what it brought', () => {
  test('the given merge requests, and none of the others', async () => {
    const town = await started();
    for (const title of ['one', 'two', 'three']) await merged(town, title);
    const { id, sha } = await town.control.deploy({ project: core, mergeRequests: [1, 3] });
    await vi.waitFor(async () => expect(await shipped(town, id)).toEqual([3, 1]));
    expect(await town.client.Deployments.show(core, id)).toMatchObject({
      status: 'success',
      sha,
      ref: 'release',
      environment: { name: 'staging' },
    });
  });

  test('what came since the deployment before, so none when the same commit is deployed again', async () => {
    const town = await started();
    await merged(town, 'one');
    const first = await town.control.deploy({ project: core, mergeRequests: [1] });
    await vi.waitFor(async () => expect(await shipped(town, first.id)).toEqual([1]));
    await merged(town, 'two');
    const second = await town.control.deploy({ project: core, mergeRequests: [1, 2] });
    await vi.waitFor(async () => expect(await shipped(town, second.id)).toEqual([2]));
    const again = await town.control.deploy({ project: core });
    const other = await town.control.deploy({ project: core, environment: 'production' });
    await vi.waitFor(async () => expect(await shipped(town, other.id)).toEqual([2, 1]));
    expect(again.sha).toBe(second.sha);
    expect(await shipped(town, again.id)).toEqual([]);
  });

  test('what the one before brought is not shipped again, even while that is not known yet', async () => {
    const town = await started();
    await merged(town, 'one');
    await town.control.world({ linkMergeRequestsMs: 60_000_000 });
    await town.control.deploy({ project: core, mergeRequests: [1] });
    await town.control.world({ linkMergeRequestsMs: 0 });
    await merged(town, 'two');
    const { id } = await town.control.deploy({ project: core, mergeRequests: [2] });
    await vi.waitFor(async () => expect(await shipped(town, id)).toEqual([2]));
  });

  test('what was picked and then comes with a cut-off is shipped once', async () => {
    const town = await started();
    await merged(town, 'one');
    const picked = await town.control.deploy({ project: core, mergeRequests: [1] });
    await vi.waitFor(async () => expect(await shipped(town, picked.id)).toEqual([1]));
    await merged(town, 'two');
    const cut = await town.client.Pipelines.create(core, 'release', { variables: cutOff });
    await town.reaches(cut.id, 'success');
    const { id } = await town.control.deploy({ project: core });
    await vi.waitFor(async () => expect(await shipped(town, id)).toEqual([2]));
  });

  test('nothing when it fails', async () => {
    const town = await started();
    await merged(town, 'one');
    const failed = await town.control.deploy({ project: core, mergeRequests: [1], status: 'failed' });
    const passed = await town.control.deploy({ project: core });
    await vi.waitFor(async () => expect(await shipped(town, passed.id)).toEqual([1]));
    expect(await shipped(town, failed.id)).toEqual([]);
  });

  test('not yet in the moment in which it succeeds', async () => {
    const town = await started({
      timeScale: 1,
      world: { projects: [{ path: core }], linkMergeRequestsMs: 600_000 },
    });
    await merged(town, 'one');
    const { id } = await town.control.deploy({ project: core, mergeRequests: [1] });
    expect(await town.client.Deployments.show(core, id)).toMatchObject({ status: 'success' });
    expect(await shipped(town, id)).toEqual([]);
  });

  test('what the cut-off brought to the release branch, through real pipelines', async () => {
    const town = await started();
    await merged(town, 'one');
    const before = await town.client.Branches.show(core, 'release');
    const cut = await town.client.Pipelines.create(core, 'release', { variables: cutOff });
    await town.reaches(cut.id, 'success');
    const after = await town.client.Branches.show(core, 'release');
    expect(after.commit.id).not.toBe(before.commit.id);
    await merged(town, 'too late');
    const { id, sha } = await town.client.Pipelines.create(core, 'release', { variables: release });
    expect(sha).toBe(after.commit.id);
    await town.reaches(id, 'success');
    const [deployment] = await town.client.Deployments.all(core, { environment: 'staging' });
    await vi.waitFor(async () => expect(await shipped(town, deployment?.id ?? 0)).toEqual([1]));
  });
});

test('the list of merge requests knows where and when they were deployed', async () => {
  const town = await started();
  await merged(town, 'one');
  await merged(town, 'two');
  const before = new Date(Date.now() - 1).toISOString();
  const { id } = await town.control.deploy({ project: core, mergeRequests: [2] });
  await vi.waitFor(async () => expect(await shipped(town, id)).toEqual([2]));
  const list = async (query: string) => {
    const response = await town.api(`${at}/merge_requests?${query}`);
    return ((await response.json()) as { iid: number }[]).map(({ iid }) => iid);
  };
  expect(await list('environment=staging')).toEqual([2]);
  expect(await list('environment=production')).toEqual([]);
  expect(await list(`environment=staging&deployed_after=${before}`)).toEqual([2]);
  expect(await list(`environment=staging&deployed_before=${before}`)).toEqual([]);
});

describe('deployments are listed', () => {
  async function three(): Promise<Town> {
    const town = await started();
    await town.control.deploy({ project: core });
    await town.control.deploy({ project: core, status: 'failed' });
    await town.control.deploy({ project: core, environment: 'production' });
    return town;
  }

  test.each([
    ['oldest first, by id', '', [70001, 70002, 70003]],
    ['newest first when asked', 'order_by=id&sort=desc', [70003, 70002, 70001]],
    ['of one environment', 'environment=staging', [70001, 70002]],
    ['that succeeded in one', 'environment=staging&status=success', [70001]],
    [
      'by update, with its filter',
      'order_by=updated_at&sort=desc&updated_after=2020-01-01',
      [70003, 70002, 70001],
    ],
    ['by end, with status', 'order_by=finished_at&sort=desc&status=success', [70003, 70001]],
    ['a page', 'per_page=1&page=2', [70002]],
  ])('%s', async (_, query, ids) => {
    const { api } = await three();
    const response = await api(`${at}/deployments?${query}`);
    expect(((await response.json()) as { id: number }[]).map(({ id }) => id)).toEqual(ids);
  });

  const refused = '400 Bad request - ';
  test.each([
    ['an unknown status', 'deployments?status=green', 400, 'status does not have a valid value'],
    ['an unknown order', 'deployments?order_by=ref', 400, 'order_by does not have a valid value'],
    [
      'updated_after without its order',
      'deployments?updated_after=2026-01-01',
      400,
      `${refused}\`updated_at\` filter requires \`updated_at\` sort`,
    ],
    [
      'finished_after without success',
      'deployments?order_by=finished_at&finished_after=2026-01-01',
      400,
      'must be combined with `success`',
    ],
    ['order by end without status', 'deployments?order_by=finished_at', 400, '`finished_at` sort requires'],
    ['an unknown deployment', 'deployments/1', 404, '404 Not found'],
    ['a number that is none', 'deployments/x', 400, 'deployment_id is invalid'],
    ['what an unknown one shipped', 'deployments/1/merge_requests', 404, '404 Not found'],
  ])('%s is refused', async (_, path, status, words) => {
    const { api } = await three();
    const response = await api(`${at}/${path}`);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(words);
  });

  test('not to whoever may not see builds', async () => {
    const { api, control } = await three();
    await control.world({ projects: [{ path: core, tokenAccessLevel: 10 }] });
    for (const path of ['deployments', 'deployments/70001', 'environments', 'environments/301'])
      expect((await api(`${at}/${path}`)).status).toBe(403);
  });
});

test('a deployment is told when it runs and when it is done, with the short hash only', async () => {
  const hook = await receiver();
  const { control, gitlab } = await started({ webhook: { url: hook.url } });
  const seen: string[] = [];
  gitlab.onDeployment(({ status, sha }) => seen.push(`${status} ${sha}`));
  const { sha, id } = await control.deploy({ project: core });
  await vi.waitFor(() => {
    const bodies = hook.received.map(({ body }) => JSON.parse(body));
    const told = bodies.filter((body) => body.object_kind === 'deployment' && body.status === 'success');
    expect(told).toMatchObject([{ deployment_id: id, short_sha: sha.slice(0, 8), environment: 'staging' }]);
    expect(told[0]).not.toHaveProperty('sha');
  });
  expect(seen).toEqual([`running ${sha}`, `success ${sha}`]);
});

test('a deployment under way stays so until its pipeline ends', async () => {
  const { control, client } = await started();
  const { id, pipelineId } = await control.deploy({ project: core, status: 'running' });
  expect(await client.Deployments.show(core, id)).toMatchObject({ status: 'running' });
  await control.finish({ project: core, pipelineId, status: 'canceled' });
  expect(await client.Deployments.show(core, id)).toMatchObject({ status: 'canceled' });
});

describe('environments', () => {
  test('are those of the project and those that were deployed to', async () => {
    const { control, client, api } = await started();
    await control.world({
      projects: [
        { path: core, environments: [{ name: 'staging', externalUrl: 'https://staging.example.com' }] },
      ],
    });
    const { id } = await control.deploy({ project: core, environment: 'production' });
    const found = await client.Environments.all(core);
    expect(found).toMatchObject([
      { name: 'production', external_url: null, tier: 'production', state: 'available' },
      { name: 'staging', external_url: 'https://staging.example.com', tier: 'staging' },
    ]);
    const [production, staging] = found;
    expect(await client.Environments.show(core, production?.id ?? 0)).toMatchObject({
      last_deployment: { id },
    });
    expect(await client.Environments.show(core, staging?.id ?? 0)).toMatchObject({ last_deployment: null });
    const named = await api(`${at}/environments?name=staging`);
    expect(await named.json()).toHaveLength(1);
  });

  test.each([
    ['an unknown one', 'environments/1', 404, '404 Environment Not Found'],
    [
      'name and search together',
      'environments?name=a&search=abc',
      400,
      'name, search are mutually exclusive',
    ],
    ['a short search', 'environments?search=ab', 400, 'less than 3 characters'],
    ['an unknown state', 'environments?states=asleep', 400, 'states does not have a valid value'],
  ])('refuse %s', async (_, path, status, words) => {
    const { api } = await started();
    const response = await api(`${at}/${path}`);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(words);
  });
});

describe('feature flags', () => {
  const flags = [
    {
      name: 'smart-charging',
      active: true,
      strategies: [{ name: 'userWithId' as const, parameters: { userIds: 'mia,noah' }, scopes: ['staging'] }],
    },
    { name: 'old-reports', active: false, strategies: [] },
  ];

  test('show their stage and audience', async () => {
    const { control, client, api } = await started();
    await control.world({ projects: [{ path: core, featureFlags: flags }] });
    expect(await client.FeatureFlags.show(core, 'smart-charging')).toMatchObject({
      active: true,
      version: 'new_version_flag',
      strategies: [
        {
          name: 'userWithId',
          parameters: { userIds: 'mia,noah' },
          scopes: [{ environment_scope: 'staging' }],
        },
      ],
    });
    expect((await client.FeatureFlags.all(core)).map(({ name }) => name)).toEqual([
      'old-reports',
      'smart-charging',
    ]);
    const enabled = await api(`${at}/feature_flags?scope=enabled`);
    expect(await enabled.json()).toMatchObject([{ name: 'smart-charging' }]);
  });

  test('refuse an unknown one, an unknown scope and a reporter', async () => {
    const { api, control } = await started();
    expect((await api(`${at}/feature_flags/nope`)).status).toBe(404);
    const wrong = await api(`${at}/feature_flags?scope=half`);
    expect(await wrong.json()).toEqual({ error: 'scope does not have a valid value' });
    await control.world({ projects: [{ path: core, tokenAccessLevel: 20 }] });
    expect((await api(`${at}/feature_flags`)).status).toBe(403);
  });
});

describe('comparing', () => {
  test('gives what one branch has and the other has not', async () => {
    const town = await started();
    await town.control.addMergeRequest({ project: core, title: 'one', newPaths: ['db/1.sql'] });
    const ahead = await town.client.Repositories.compare(core, 'release', 'main');
    expect(ahead.commits?.map(({ title }) => title)).toEqual(['one', "Merge branch 'change-1' into 'main'"]);
    expect(ahead.diffs).toMatchObject([{ new_path: 'db/1.sql', new_file: true }]);
    expect((await town.client.Repositories.compare(core, 'main', 'release')).commits).toEqual([]);
    const { sha } = await town.control.push({ project: core, ref: 'release', title: 'hotfix' });
    const stray = await town.client.Repositories.compare(core, 'main', 'release');
    expect(stray.commits?.map(({ id }) => id)).toEqual([sha]);
    expect(await town.client.Commits.show(core, sha.slice(0, 8))).toMatchObject({ id: sha, title: 'hotfix' });
  });

  test.each([
    ['compare?from=main&to=nope', 404, '404 Ref Not Found'],
    ['compare?from=main', 400, 'to is missing'],
  ])('refuses %s', async (path, status, words) => {
    const { api } = await started();
    const response = await api(`${at}/repository/${path}`);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(words);
  });
});

describe('a job’s log', () => {
  async function logOf(town: Town, name: string): Promise<string> {
    const { id } = await town.client.Pipelines.create(sim, 'release', { variables: release });
    await vi.waitFor(
      async () => expect(['success', 'failed']).toContain((await town.client.Pipelines.show(sim, id)).status),
      { timeout: 10_000 },
    );
    const jobs = await town.client.Jobs.all(sim, { pipelineId: id });
    return await town.client.Jobs.showLog(sim, jobs.find((job) => job.name === name)?.id ?? 0);
  }

  test('of a migration says what was applied, between a runner’s marks and colours', async () => {
    const log = await logOf(await started(), 'migrate');
    expect(log).toContain('Migrations completed: 2 applied, 0 pending\n');
    expect(log).toContain(':step_script\r\u001b[0K');
    expect(log).toContain('\u001b[32;1mJob succeeded');
  });

  test('says what it was told to, with times when they are on', async () => {
    const town = await started();
    await town.control.world({
      projects: [{ path: sim, jobLogs: { migrate: ['ERROR: relation "charger" does not exist'] } }],
      jobLogTimestamps: true,
    });
    const log = await logOf(town, 'migrate');
    expect(log).toMatch(/\d{4}-\d\d-\d\dT[\d:]+\.\d{6}Z 00O ERROR: relation "charger" does not exist/);
    expect(log).not.toContain('Migrations completed');
  });

  test('of a failed migration lacks the success line', async () => {
    const town = await started();
    const jobs = [{ name: 'migrate', stage: 'migrate', result: 'failed' as const }];
    await town.control.world({
      projects: [{ path: sim, pipeline: { steps: [{ status: 'running', afterMs: 10 }], jobs } }],
    });
    const log = await logOf(town, 'migrate');
    expect(log).toContain('ERROR: Job failed: script_failure');
    expect(log).not.toContain('Migrations completed');
  });

  test('of an unknown job is refused', async () => {
    const { api } = await started();
    expect((await api(`${at}/jobs/1/trace`)).status).toBe(404);
  });
});
