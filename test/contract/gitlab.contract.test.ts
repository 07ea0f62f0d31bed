import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Gitlab } from '@gitbeaker/rest';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { gitlabControl } from '../../sandbox/gitlab/control-client.ts';
import { type SimulatedGitLab, startGitLab } from '../../sandbox/gitlab/server.ts';
import { isObject, parseJson } from '../../sandbox/shared/json.ts';
import { amended, deviations } from './openapi.ts';
import { type Prism, startPrism } from './prism.ts';

const file = join(import.meta.dirname, '../../../shared/contracts/gitlab-openapi.json');
const here = existsSync(file);
const title = here
  ? 'against GitLab’s OpenAPI'
  : `SKIPPED, for ${file} is not there: against GitLab’s OpenAPI`;

test.runIf(process.env['CI'] === 'true')('in CI GitLab’s OpenAPI file is there', () => {
  expect(here, `${file} is missing: the contract suite can't run`).toBe(true);
});

function contract() {
  const document = parseJson(readFileSync(file, 'utf8'));
  if (!isObject(document)) throw new Error(`${file} holds no JSON object`);
  return amended(document);
}

const core = 'betterfleet/bf-manage-core';
const at = `projects/${encodeURIComponent(core)}`;
const variables = [
  { key: 'ORCHESTRATION_RELEASE', value: 'true' },
  { key: 'ORCHESTRATION_RUN_ID', value: '5b0c7a52-6e5b-4c39-9d43-0f4b8e7a1c11' },
];
const rootInputs = { action: 'deploy-release-branch-to-staging', project: 'bf-depot-sim', confirm: true };

describe.skipIf(!here)(title, () => {
  let gitlab: SimulatedGitLab;
  let prism: Prism;
  let client: InstanceType<typeof Gitlab>;
  let started: number;
  /** A deployment that shipped a merge request. */
  let deployed: number;
  /** What Prism objected to since the test began. */
  const objections: string[] = [];

  beforeAll(async () => {
    gitlab = await startGitLab({ timeScale: 60 });
    prism = await startPrism(contract(), gitlab.url);
    client = new Gitlab({ host: prism.url, token: gitlab.token });
    const direct = new Gitlab({ host: gitlab.url, token: gitlab.token });
    const { id } = await direct.Pipelines.create(core, 'release', { variables });
    started = id;
    const settled = async () => expect((await direct.Pipelines.show(core, id)).status).toBe('success');
    await vi.waitFor(settled, { timeout: 10_000, interval: 30 });
    await direct.Pipelines.create('betterfleet/bf-manage-web', 'release', { variables });
    await gitlabControl(gitlab.url).world({
      projects: [{ path: 'betterfleet/bf-manage-connect', pipeline: 'fails' }],
    });
    deployed = await stockShelves(gitlab.url);
    listenForObjections(objections);
  }, 60_000);

  afterAll(async () => {
    vi.restoreAllMocks();
    await prism?.close();
    await gitlab?.close();
  });

  beforeEach(() => void objections.splice(0));

  const calls: [string, () => Promise<unknown>][] = [
    ['the project by path', () => client.Projects.show(core)],
    ['the project by number', () => client.Projects.show(102)],
    ['a branch', () => client.Branches.show(core, 'release')],
    ['all branches', () => client.Branches.all(core)],
    ['a protected branch', () => client.ProtectedBranches.show(core, 'release')],
    ['all protected branches', () => client.ProtectedBranches.all(core)],
    ['a commit', () => client.Commits.show(core, 'release')],
    ['a new pipeline with variables', () => client.Pipelines.create(core, 'release', { variables })],
    [
      'a new root pipeline with inputs',
      // Inputs are not in the client's types, but are sent (facts: Pipelines).
      () => client.Pipelines.create('betterfleet/bf-dev', 'main', { inputs: rootInputs } as object),
    ],
    [
      'the pipelines of a branch',
      () => client.Pipelines.all(core, { ref: 'release', source: 'api', perPage: 20, maxPages: 2 }),
    ],
    [
      'the pipelines since a moment',
      () =>
        client.Pipelines.all(core, {
          createdAfter: '2026-01-01T00:00:00Z',
          orderBy: 'id',
          sort: 'asc',
        } as object),
    ],
    ['a finished pipeline', () => client.Pipelines.show(core, started)],
    ['the variables of a pipeline', () => client.Pipelines.allVariables(core, started)],
    ['the bridges of a finished pipeline', () => client.Jobs.allPipelineBridges(core, started)],
    ['the jobs of a finished pipeline', () => client.Jobs.all(core, { pipelineId: started })],
    [
      'the jobs of a pipeline with retried ones',
      () => client.Jobs.all(core, { pipelineId: started, includeRetried: true }),
    ],
    ['the deployments', () => client.Deployments.all(core)],
    [
      'the deployments to staging, newest first',
      () => client.Deployments.all(core, { environment: 'staging', orderBy: 'id', sort: 'desc' }),
    ],
    ['a deployment', () => client.Deployments.show(core, deployed)],
    ['what a deployment shipped', () => client.Deployments.allMergeRequests(core, deployed)],
    ['the environments', () => client.Environments.all(core)],
    [
      'an environment with its last deployment',
      async () => client.Environments.show(core, (await client.Environments.all(core))[0]?.id ?? 0),
    ],
    [
      'merged merge requests without a label',
      () =>
        client.MergeRequests.all({
          projectId: core,
          state: 'merged',
          not: { labels: 'Validated in Staging' },
          environment: 'staging',
          perPage: 20,
        }),
    ],
    [
      'open merge requests by label and branch',
      () =>
        client.MergeRequests.all({
          projectId: core,
          state: 'opened',
          labels: 'auth',
          targetBranch: 'main',
          updatedAfter: '2026-01-01T00:00:00Z',
        }),
    ],
    ['a merge request', () => client.MergeRequests.show(core, 1)],
    ['an open merge request', () => client.MergeRequests.show(core, 2)],
    [
      'labelling a merge request',
      () => client.MergeRequests.edit(core, 2, { addLabels: 'x,y', removeLabels: 'z' }),
    ],
    ['the changed files of a merge request', () => client.MergeRequests.allDiffs(core, 1)],
    ['the changes of a merge request', () => client.MergeRequests.showChanges(core, 1)],
    [
      'the merge requests of a commit',
      async () => {
        const { merge_commit_sha: sha } = await client.MergeRequests.show(core, 1);
        return client.Commits.allMergeRequests(core, String(sha));
      },
    ],
    ['what one branch has and the other has not', () => client.Repositories.compare(core, 'release', 'main')],
    ['two branches that are level', () => client.Repositories.compare(core, 'main', 'main')],
    ['the feature flags', () => client.FeatureFlags.all(core)],
    ['a feature flag', () => client.FeatureFlags.show(core, 'smart-charging')],
    [
      'cancelling',
      async () => client.Pipelines.cancel(core, (await client.Pipelines.create(core, 'release')).id),
    ],
    ['retrying', () => client.Pipelines.retry(core, started)],
    [
      'a job’s log',
      async () => {
        const [job] = await client.Jobs.all(core, { pipelineId: started });
        // The file knows this route by the project's number only.
        return client.Jobs.showLog(102, job?.id ?? 0);
      },
    ],
  ];

  test.each(calls)('%s: request and answer keep the contract', async (_, call) => {
    const answer = await call().catch((error: unknown) => error);
    expect(objections).toEqual([]);
    expect(answer).not.toBeInstanceOf(Error);
    expect(answer).not.toEqual([]);
  });

  test('each status of a fresh pipeline, its jobs and its bridges keep the contract', async () => {
    const path = 'betterfleet/bf-manage-web';
    const { id } = await client.Pipelines.create(path, 'release', { variables });
    const seen = new Set<string>();
    const look = async () => {
      const pipeline = await client.Pipelines.show(path, id);
      await client.Jobs.all(path, { pipelineId: id });
      await client.Jobs.allPipelineBridges(path, id);
      seen.add(pipeline.status);
      expect(pipeline.status).toBe('success');
    };
    await vi.waitFor(look, { timeout: 10_000, interval: 5 });
    expect(objections).toEqual([]);
    expect(seen).toContain('success');
  });

  test('a failed pipeline with skipped jobs keeps the contract', async () => {
    const path = 'betterfleet/bf-manage-connect';
    const { id } = await client.Pipelines.create(path, 'release', { variables });
    const failed = async () => expect((await client.Pipelines.show(path, id)).status).toBe('failed');
    await vi.waitFor(failed, { timeout: 10_000, interval: 30 });
    const jobs = await client.Jobs.all(path, { pipelineId: id });
    expect(jobs.map((job) => job.status)).toContain('failed');
    expect(objections).toEqual([]);
  });

  test.each([
    ['an unknown project', 'projects/betterfleet%2Fnope', 404],
    ['an unknown branch', `${at}/repository/branches/nope`, 404],
    ['an unknown pipeline', `${at}/pipelines/1`, 404],
    ['an unknown merge request', `${at}/merge_requests/99`, 404],
    ['the files of an unknown merge request', `${at}/merge_requests/99/diffs`, 404],
    ['an unknown deployment', `${at}/deployments/1`, 404],
    ['what an unknown deployment shipped', `${at}/deployments/1/merge_requests`, 404],
    ['an unknown environment', `${at}/environments/1`, 404],
    ['an unknown feature flag', `${at}/feature_flags/nope`, 404],
    ['deployments by update without the order', `${at}/deployments?updated_after=2026-01-01T00:00:00Z`, 400],
  ])('%s is refused as the contract says', async (_, path, status) => {
    const response = await fetch(`${prism.url}/api/v4/${path}`, {
      headers: { 'private-token': gitlab.token },
    });
    expect(response.status).toBe(status);
    expect(objections).toEqual([]);
  });

  test('a refused pipeline keeps the contract', async () => {
    await expect(client.Pipelines.create(core, 'nope')).rejects.toThrow('Reference not found');
    expect(objections).toEqual([]);
  });

  describe('the suite bites', () => {
    const post = (body: unknown) =>
      fetch(`${prism.url}/api/v4/${at}/pipeline`, {
        method: 'POST',
        headers: { 'private-token': gitlab.token, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });

    test.each([
      ['ref is missing', { variables }, "required property 'ref'"],
      ['a variable has no value', { ref: 'release', variables: [{ key: 'A' }] }, "required property 'value'"],
      ['variables are an object', { ref: 'release', variables: { A: '1' } }, 'variables must be array'],
    ])('a request in which %s gets 422 and never reaches GitLab', async (_, body, words) => {
      const control = gitlabControl(gitlab.url);
      const before = (await control.requests('POST /pipeline')).length;
      const response = await post(body);
      expect(response.status).toBe(422);
      expect(await response.text()).toContain(words);
      expect(await control.requests('POST /pipeline')).toHaveLength(before);
    });

    test('an answer with a wrong type, a missing field or an unknown field is reported by name', async () => {
      const wrong = await wrongGitLab();
      onTestFinished(() => void wrong.server.close());
      const proxy = await startPrism(contract(), wrong.url);
      onTestFinished(() => proxy.close());
      const read = async (path: string) => {
        const response = await fetch(`${proxy.url}/api/v4/${path}`, { headers: { 'private-token': 'x' } });
        expect(response.status).toBe(500);
        return await response.text();
      };
      expect(await read(`${at}/pipelines/1`)).toContain('property id must be integer');
      expect(await read(`${at}/repository/branches/main`)).toContain("required property 'commit'");
      expect(await read(`${at}/pipelines/1/bridges`)).toContain('downstream_pipeline.status must be string');
    }, 60_000);
  });
});

test('each deviation has a name of its own and a reason', () => {
  const names = deviations.map((deviation) => deviation.name);
  expect(new Set(names).size).toBe(names.length);
  expect(deviations.every((deviation) => deviation.reason.length > 20)).toBe(true);
});

/** Merge requests, a deployment that shipped one of them, an environment and a feature flag. */
async function stockShelves(url: string): Promise<number> {
  const control = gitlabControl(url);
  const flag = {
    name: 'smart-charging',
    active: true,
    strategies: [
      { name: 'userWithId' as const, parameters: { userIds: 'mia' }, scopes: ['staging'] },
      { name: 'gitlabUserList' as const, userList: { name: 'testers', users: ['noah'] } },
    ],
  };
  const environments = [{ name: 'staging', externalUrl: 'https://staging.example.com' }];
  await control.world({ projects: [{ path: core, environments, featureFlags: [flag] }] });
  await control.addMergeRequest({ project: core, title: 'Limits', labels: ['load'], newPaths: ['db/1.sql'] });
  await control.addMergeRequest({
    project: core,
    title: 'Login',
    labels: ['auth'],
    state: 'opened',
    paths: ['a.ts'],
  });
  const { id } = await control.deploy({ project: core, mergeRequests: [1] });
  await vi.waitFor(async () => {
    const deployments = (await control.state()).projects.flatMap((project) => project.deployments);
    expect(deployments.find((deployment) => deployment.id === id)?.mergeRequests).toEqual([1]);
  });
  return id;
}

/** Notes what Prism objects to, for the client drops the body of such an answer. */
function listenForObjections(objections: string[]): void {
  const real = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (...request) => {
    const response = await real(...request);
    const type = response.headers.get('content-type') ?? '';
    if (type.startsWith('application/problem+json')) objections.push(await response.clone().text());
    return response;
  });
}

/** A GitLab that gets its fields wrong. */
async function wrongGitLab(): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    response.writeHead(200, { 'content-type': 'application/json' });
    if (path.endsWith('/bridges')) response.end('[{"downstream_pipeline":{"status":7}}]');
    else if (path.includes('/branches/')) response.end('{"name":"main","default":true,"merged":false}');
    else response.end('{"id":"twelve"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
