import { describe, expect, test, vi } from 'vitest';
import { GitLabReviewHost } from '../../../src/adapters/gitlab/review-host.ts';
import { codeHostOf } from '../../../src/adapters/gitlab/whole-host.ts';
import { OutsideError } from '../../../src/core/ports.ts';
import { started } from '../../sandbox/gitlab/started.ts';
import { answering, nobody } from './stub.ts';

const path = 'betterfleet/bf-manage-core';
const sim = 'betterfleet/bf-depot-sim';
const never = new AbortController().signal;
const label = 'Validated in Staging';

async function gitlab(options: Parameters<typeof started>[0] = {}) {
  const it = await started(options);
  return { ...it, host: codeHostOf({ url: `${it.gitlab.url}/`, token: it.gitlab.token, timeoutMs: 5_000 }) };
}

const hostAt = (url: string) => new GitLabReviewHost({ url, token: 't', timeoutMs: 1_000 });

async function failure(reading: Promise<unknown>): Promise<OutsideError> {
  const error = await reading.then(
    () => new Error('it was read'),
    (reason: unknown) => reason,
  );
  if (error instanceof OutsideError) return error;
  throw error;
}

describe('the head of a branch', () => {
  test('is its commit, with its time', async () => {
    const { host, control } = await gitlab();
    const { sha } = await control.push({ project: path, ref: 'release', title: 'hotfix' });
    const head = await host.branchHead(path, 'release', never);
    expect(head).toEqual({ sha, at: expect.stringMatching(/^\d{4}-.*Z$/) });
  });

  test('is none where there is no such branch', async () => {
    const { host } = await gitlab();
    expect(await host.branchHead(path, 'nowhere', never)).toBeNull();
  });

  test('is not none where there is no such project', async () => {
    const { host } = await gitlab();
    const { kind, problem } = await failure(host.branchHead('group/nowhere', 'release', never));
    expect([kind, problem.code, problem.why]).toEqual([
      'refused',
      'gitlab-unread',
      'It answered 404: 404 Project Not Found',
    ]);
  });
});

describe('deployments', () => {
  test('come newest first, of one environment, with every status', async () => {
    const { host, control } = await gitlab();
    const first = await control.deploy({ project: path });
    await control.deploy({ project: path, environment: 'production' });
    const failed = await control.deploy({ project: path, status: 'failed' });
    const running = await control.deploy({ project: path, status: 'running' });
    const found = await host.deployments(path, 'staging', 10, never);
    expect(found.map(({ id, status }) => [id, status])).toEqual([
      [running.id, 'running'],
      [failed.id, 'failed'],
      [first.id, 'success'],
    ]);
    const base = { ref: 'release', sha: first.sha, pipelineId: first.pipelineId };
    expect(found[2]).toMatchObject({ ...base, url: expect.stringContaining(`/${path}/-/jobs/`) });
    for (const { at } of found) expect(new Date(at).toISOString()).toBe(at);
  });

  test('are as many as asked for, over more than one page too', async () => {
    const { host, control } = await gitlab();
    const ids: number[] = [];
    for (let i = 0; i < 103; i += 1) ids.unshift((await control.deploy({ project: path })).id);
    const latest = async (limit: number) =>
      (await host.deployments(path, 'staging', limit, never)).map(({ id }) => id);
    expect(await latest(2)).toEqual(ids.slice(0, 2));
    expect(await latest(102)).toEqual(ids.slice(0, 102));
  });

  test('are none in an environment that nothing was deployed to', async () => {
    const { host } = await gitlab();
    expect(await host.deployments(path, 'staging', 5, never)).toEqual([]);
  });
});

test('a deployment made by no job has no page and no pipeline, and an end without a time counts from its update', async () => {
  const { url } = await answering(
    200,
    JSON.stringify([
      {
        id: 1,
        sha: 'a',
        ref: 'release',
        status: 'success',
        created_at: '2026-11-16T10:00:00.000+01:00',
        updated_at: '2026-11-16T10:05:00.000+01:00',
        deployable: null,
      },
    ]),
  );
  expect(await hostAt(url).deployments(path, 'staging', 1, never)).toEqual([
    {
      id: 1,
      sha: 'a',
      ref: 'release',
      status: 'success',
      at: '2026-11-16T09:05:00.000Z',
      url: null,
      pipelineId: null,
    },
  ]);
});

test('merge requests are exactly those that a deployment shipped, with their labels as they stand now', async () => {
  const { host, control } = await gitlab();
  for (const title of ['one', 'two', 'three'])
    await control.addMergeRequest({ project: path, title, author: 'mia' });
  const { id } = await control.deploy({ project: path, mergeRequests: [1, 3] });
  await vi.waitFor(async () =>
    expect((await host.mergeRequestsOf(path, id, never)).map(({ iid }) => iid)).toEqual([3, 1]),
  );
  await control.label({ project: path, iid: 3, add: [label] });
  const [third] = await host.mergeRequestsOf(path, id, never);
  expect(third).toEqual({
    iid: 3,
    title: 'three',
    author: 'mia',
    labels: [label],
    url: expect.stringMatching(/-\/merge_requests\/3$/),
    mergedAt: expect.any(String),
  });
});

test('the query for people shows the same merge requests', async () => {
  const { host, control } = await gitlab();
  for (const title of ['labelled', 'bare', 'not deployed'])
    await control.addMergeRequest({ project: path, title });
  await control.label({ project: path, iid: 1, add: [label] });
  const { id } = await control.deploy({ project: path, mergeRequests: [1, 2] });
  await vi.waitFor(async () => expect(await host.mergeRequestsOf(path, id, never)).toHaveLength(2));
  const page = await (await fetch(host.mergeRequestQuery(path, { environment: 'staging', label }))).text();
  expect([...page.matchAll(/!(\d)</g)].map(([, iid]) => iid)).toEqual(['2']);
});

describe('changed paths', () => {
  test('are those that differ, each once', async () => {
    const { host, control } = await gitlab();
    await control.addMergeRequest({ project: path, title: 'one', newPaths: ['db/1.sql'], paths: ['a.ts'] });
    await control.addMergeRequest({ project: path, title: 'two', paths: ['a.ts'] });
    expect(await host.changedPaths(path, 'release', 'main', never)).toEqual(['a.ts', 'db/1.sql']);
    expect(await host.changedPaths(path, 'main', 'main', never)).toEqual([]);
  });

  test('are both names of what was renamed, and not known when GitLab cut the list', async () => {
    const diffs = [{ old_path: 'old.ts', new_path: 'new.ts' }];
    const whole = await answering(200, JSON.stringify({ compare_timeout: false, diffs }));
    expect(await hostAt(whole.url).changedPaths(path, 'a', 'b', never)).toEqual(['new.ts', 'old.ts']);
    expect(whole.seen[0]).toContain('straight=true');
    const cut = await answering(200, JSON.stringify({ compare_timeout: true, diffs }));
    expect(await hostAt(cut.url).changedPaths(path, 'a', 'b', never)).toBeNull();
  });

  test('of a commit that is not there are refused', async () => {
    const { host } = await gitlab();
    expect((await failure(host.changedPaths(path, 'main', 'nope', never))).kind).toBe('refused');
  });
});

test('feature flags show strategies, scopes and user lists', async () => {
  const { host, control, gitlab: server } = await gitlab();
  const strategies = [
    { name: 'userWithId' as const, parameters: { userIds: 'mia,noah' }, scopes: ['staging'] },
    { name: 'gitlabUserList' as const, userList: { name: 'pilots', users: ['mia'] } },
  ];
  await control.world({
    projects: [{ path, featureFlags: [{ name: 'smart-charging', active: true, strategies }] }],
  });
  expect(await host.featureFlags(path, never)).toEqual([
    {
      name: 'smart-charging',
      active: true,
      strategies: [
        { name: 'userWithId', parameters: { userIds: 'mia,noah' }, scopes: ['staging'], userList: null },
        { name: 'gitlabUserList', parameters: {}, scopes: ['*'], userList: 'pilots' },
      ],
      url: `${server.url}/${path}/-/feature_flags`,
    },
  ]);
});

describe('jobs', () => {
  const release = [{ key: 'ORCHESTRATION_RELEASE', value: 'true' }];

  test('are the latest run of each', async () => {
    const { host, control, client, reaches } = await gitlab();
    const jobs = [{ name: 'migrate', stage: 'migrate', result: 'failed' as const, failingAttempts: 1 }];
    await control.world({
      projects: [{ path: sim, pipeline: { steps: [{ status: 'running', afterMs: 10 }], jobs } }],
    });
    const { id } = await client.Pipelines.create(sim, 'release', { variables: release });
    await reaches(id, 'failed');
    const [before] = await host.jobsOf(sim, id, never);
    expect(before).toMatchObject({ name: 'migrate', status: 'failed', allowFailure: false });
    await control.retryJob({ project: sim, jobId: before?.id ?? 0 });
    await reaches(id, 'success');
    const after = await host.jobsOf(sim, id, never);
    expect(after.map(({ name, status }) => [name, status])).toEqual([['migrate', 'success']]);
    expect(after[0]?.id).not.toBe(before?.id);
  });

  test('have a log of plain lines, with the runner’s stamps or without', async () => {
    const { host, control, client, reaches } = await gitlab();
    const { id } = await client.Pipelines.create(sim, 'release', { variables: release });
    await reaches(id, 'success');
    const migrate = (await host.jobsOf(sim, id, never)).find(({ name }) => name === 'migrate');
    const bare = await host.jobLog(sim, migrate?.id ?? 0, never);
    expect(bare.split('\n')).toContain('Migrations completed: 2 applied, 0 pending');
    expect(bare).not.toMatch(/\p{Cc}(?<!\n)|section_/u);
    await control.world({ jobLogTimestamps: true });
    expect(await host.jobLog(sim, migrate?.id ?? 0, never)).toBe(bare);
  });

  test('have the end of a log that is too long, from a whole line on', async () => {
    const text = `${'first line\n'.repeat(150_000)}the last line\n`;
    const { url } = await answering(200, text, { 'content-type': 'text/plain' });
    const log = await hostAt(url).jobLog(path, 1, never);
    expect(log.length).toBeLessThanOrEqual(1_000_000);
    expect(log.length).toBeGreaterThan(990_000);
    expect(log).toMatch(/^first line\n/);
    expect(log).toMatch(/\nthe last line\n$/);
  });

  test('that are not there have no log', async () => {
    const { host } = await gitlab();
    expect((await failure(host.jobLog(path, 1, never))).kind).toBe('refused');
  });
});

describe('a read for a release', () => {
  test('is repeated after passing faults', async () => {
    const { host, control } = await gitlab();
    await control.addFault({ kind: 'http502', times: 2 });
    expect(await host.deployments(path, 'staging', 1, never)).toEqual([]);
    const requests = await control.requests('GET /projects/:id/deployments');
    expect(requests).toHaveLength(3);
  });

  test.each([
    [500, {}, 'unreachable', 'gitlab-unread'],
    [429, { 'retry-after': '60' }, 'busy', 'gitlab-unread'],
    [401, {}, 'refused', 'gitlab-token-refused'],
    [403, {}, 'refused', 'gitlab-unread'],
  ])('that GitLab answers with %i throws', async (status, headers, kind, code) => {
    const { url } = await answering(status, '{"message":"no"}', headers as Record<string, string>);
    const error = await failure(hostAt(url).featureFlags(path, never));
    expect([error.kind, error.problem.code]).toEqual([kind, code]);
  });

  test('that nobody answers throws', async () => {
    const error = await failure(hostAt(await nobody()).featureFlags(path, never));
    expect([error.kind, error.problem.why]).toEqual(['unreachable', 'the connection failed (ECONNREFUSED)']);
  });

  test('whose answer is not understood throws', async () => {
    const { url } = await answering(200, '[{"colour":"red"}]');
    const error = await failure(hostAt(url).featureFlags(path, never));
    expect(error.problem.why).toBe('Its answer could not be understood.');
  });

  test('ends when its caller ends it, with the caller’s reason', async () => {
    const { host, control } = await gitlab();
    await control.addFault({ kind: 'slow', delayMs: 60_000 });
    const stop = new AbortController();
    const reading = host.featureFlags(path, stop.signal);
    const reason = new Error('enough');
    await vi.waitFor(async () => expect((await control.faults())[0]?.struck).toBe(1));
    stop.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });
});
