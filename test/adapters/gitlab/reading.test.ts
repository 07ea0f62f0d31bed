import { describe, expect, test } from 'vitest';
import type { ProjectSpec } from '../../../sandbox/gitlab/world.ts';
import { mayMerge } from '../../../src/adapters/gitlab/answers.ts';
import { GitLabCodeHost } from '../../../src/adapters/gitlab/code-host.ts';
import { evaluate } from '../../../src/checks/target-can-start.ts';
import { judgePipeline } from '../../../src/core/pipeline.ts';
import { OutsideError } from '../../../src/core/ports.ts';
import { started } from '../../sandbox/gitlab/started.ts';
import { answering, nobody } from './stub.ts';

const path = 'group/web';
const never = new AbortController().signal;

async function gitlab(project: Partial<ProjectSpec> = {}, timeScale = 1) {
  const it = await started({
    timeScale,
    world: { projects: [{ path, ...project }], pipelineCreationPerMinute: null },
  });
  return {
    ...it,
    host: new GitLabCodeHost({ url: it.gitlab.url, token: it.gitlab.token, timeoutMs: 5_000 }),
  };
}
const failure = (reading: Promise<unknown>): Promise<OutsideError> =>
  reading.then(
    () => {
      throw new Error('it was read');
    },
    (error: unknown) => {
      if (error instanceof OutsideError) return error;
      throw error;
    },
  );

describe('the facts of a target (A13)', () => {
  const guarded = (pushLevel: 0 | 30 | 40 | 60, mergeLevel: 0 | 30 | 40 | 60) => [
    { name: 'release', pushLevel, mergeLevel },
  ];
  test.each<[string, Partial<ProjectSpec>, string[]]>([
    ['of an everyday project', {}, []],
    ['of a developer', { tokenAccessLevel: 30 }, []],
    ['of an owner', { tokenAccessLevel: 50, variablesMinimumRole: 'owner' }, []],
    ['of a reporter', { tokenAccessLevel: 20 }, ['gitlab-role-too-low']],
    ['of nobody', { tokenAccessLevel: 0 }, ['gitlab-project-missing']],
    ['of an archived project', { archived: true }, ['gitlab-project-archived']],
    ['of a project without CI/CD', { buildsAccess: 'disabled' }, ['gitlab-pipelines-off']],
    ['of a project with CI/CD for members', { buildsAccess: 'private' }, []],
    ['of a project without the branch', { branches: ['main'] }, ['gitlab-branch-missing']],
    ['of closed variables', { variablesMinimumRole: 'no_one_allowed' }, ['gitlab-variables-forbidden']],
    ['of variables for owners', { variablesMinimumRole: 'owner' }, ['gitlab-variables-forbidden']],
    ['of variables for maintainers', { variablesMinimumRole: 'maintainer' }, []],
    ['of a branch that maintainers push', { protectedBranches: guarded(40, 0) }, []],
    ['of a branch that maintainers merge', { protectedBranches: guarded(0, 40) }, []],
    ['of a branch that nobody changes', { protectedBranches: guarded(0, 0) }, ['gitlab-branch-protected']],
    [
      'of a branch above a developer',
      { tokenAccessLevel: 30, protectedBranches: guarded(40, 40) },
      ['gitlab-branch-protected'],
    ],
    ['of a branch that a developer merges', { tokenAccessLevel: 30, protectedBranches: guarded(40, 30) }, []],
    [
      'of a branch only for administrators',
      { protectedBranches: guarded(60, 60) },
      ['gitlab-branch-protected'],
    ],
  ])('%s', async (_, project, expected) => {
    const { host } = await gitlab(project);
    const facts = await host.targetFacts(path, 'release');
    expect(evaluate({ path, ref: 'release' }, facts).map(({ code }) => code)).toEqual(expected);
  });

  test('of a project that is not there are none', async () => {
    const { host } = await gitlab();
    expect(await host.targetFacts('group/nowhere', 'release')).toEqual({ project: null, branch: null });
  });
});

describe('a rule lets merge', () => {
  const me = { id: 7, level: 40 };
  const rule = (access_level: number | null, user_id?: number, group_id?: number) => ({
    access_level,
    user_id: user_id ?? null,
    group_id: group_id ?? null,
  });
  test.each<[string, ReturnType<typeof rule>[], boolean]>([
    ['nobody without an entry', [], false],
    ['a level that it reaches', [rule(40)], true],
    ['no lower level', [rule(60)], false],
    ['nobody by level 0', [rule(0)], false],
    ['a user by name', [rule(40, 7)], true],
    ['no other user', [rule(40, 8)], false],
    ['nobody by a group that is not asked', [rule(40, undefined, 3)], false],
    ['by any of its entries', [rule(60), rule(40, 8), rule(null), rule(30)], true],
    ['nobody by a key’s entry', [rule(null)], false],
  ])('%s', (_, merge_access_levels, expected) => {
    expect(mayMerge({ merge_access_levels }, me)).toBe(expected);
  });
});

describe('a read', () => {
  test('is repeated after passing faults', async () => {
    const { host, control } = await gitlab();
    await control.addFault({ kind: 'http502', route: 'GET /projects/:id', times: 1 });
    await control.addFault({ kind: 'reset', route: 'GET /projects/:id', times: 1 });
    expect((await host.targetFacts(path, 'release')).project).not.toBeNull();
    const requests = await control.requests('GET /projects/:id');
    expect(requests.map(({ fault }) => fault ?? 'none')).toEqual(['http502', 'reset', 'none']);
  });

  test('waits as long as GitLab asks', async () => {
    const { host, control } = await gitlab();
    await control.addFault({ kind: 'http429', route: 'GET /projects/:id', times: 1, retryAfter: 1 });
    await host.targetFacts(path, 'release');
    const [refused, accepted] = await control.requests('GET /projects/:id');
    const gap = Date.parse(accepted?.at ?? '') - Date.parse(refused?.at ?? '');
    // Its own pause is at most 0.4 s; timers may be a millisecond early.
    expect(gap).toBeGreaterThanOrEqual(990);
  });

  test('does not wait for longer than 10 s, and says how long it should', async () => {
    const { host, control } = await gitlab();
    await control.addFault({ kind: 'http429', route: 'GET /projects/:id', retryAfter: 60 });
    expect(await failure(host.targetFacts(path, 'release'))).toMatchObject({
      kind: 'busy',
      retryAfterMs: 60_000,
    });
    expect(await control.requests('GET /projects/:id')).toHaveLength(1);
  });

  test('gives up after four tries and says that GitLab is away', async () => {
    const { host, control } = await gitlab();
    await control.addFault({ kind: 'http500' });
    expect(await failure(host.targetFacts(path, 'release'))).toMatchObject({
      kind: 'unreachable',
      problem: { code: 'gitlab-unreachable' },
    });
    expect(await control.requests('GET /projects/:id')).toHaveLength(4);
  });

  test('where nobody listens says so', async () => {
    const host = new GitLabCodeHost({ url: await nobody(), token: 't', timeoutMs: 1_000 });
    const { kind, problem } = await failure(host.targetFacts(path, 'release'));
    expect([kind, problem.why]).toEqual(['unreachable', 'the connection failed (ECONNREFUSED)']);
  });

  test.each([
    [401, 'refused', 'gitlab-token-refused'],
    [403, 'refused', 'gitlab-unreachable'],
  ])('that is answered %i is not repeated', async (status, kind, code) => {
    const { url, seen } = await answering(status, '{"message":"no"}');
    const host = new GitLabCodeHost({ url, token: 't', timeoutMs: 1_000 });
    expect(await failure(host.targetFacts(path, 'release'))).toMatchObject({ kind, problem: { code } });
    expect(seen).toHaveLength(1);
  });

  test('of something that is no GitLab is an error', async () => {
    const { url } = await answering(200, '{"archived":"perhaps"}');
    const host = new GitLabCodeHost({ url, token: 't', timeoutMs: 1_000 });
    await expect(host.targetFacts(path, 'release')).rejects.toThrow();
  });
});

describe('a pipeline', () => {
  const run = async (
    pipeline: ProjectSpec['pipeline'],
    status: 'success' | 'failed' | 'manual' | 'skipped',
  ) => {
    const it = await gitlab(pipeline === undefined ? {} : { pipeline }, 600);
    const effect = await it.host.startPipeline(path, 'release', [
      { key: 'ORCHESTRATION_RELEASE', value: 'true' },
    ]);
    if (effect.outcome !== 'done') throw new Error('not started');
    await it.reaches(effect.value.id, status);
    return { ...it, id: effect.value.id, tree: await it.host.pipelineTree(path, effect.value.id, never) };
  };

  test('that passed is read with what it started downstream', async () => {
    const { tree } = await run('downstream-passes', 'success');
    expect(tree).toMatchObject({ project: path, status: 'success' });
    expect(tree.downstream).toMatchObject([
      {
        name: 'deploy',
        allowFailure: false,
        pipeline: { project: 'group/deployments', status: 'success', downstream: [] },
      },
    ]);
    expect(judgePipeline(tree).outcome).toBe('passed');
  });

  test('that failed downstream is judged by that, and names the job', async () => {
    const { tree } = await run('downstream-fails', 'failed');
    const verdict = judgePipeline(tree);
    expect(verdict.outcome).toBe('failed');
    expect(tree.downstream[0]?.pipeline?.failedJobs).not.toEqual([]);
  });

  test.each([
    ['fails', 'failed', { failedJobs: ['deploy-staging'] }],
    ['manual', 'manual', { manualJobs: ['confirm'] }],
    ['skipped', 'skipped', { failedJobs: [], manualJobs: [] }],
  ] as const)('that %s is read as %s', async (script, status, parts) => {
    const { tree } = await run(script, status);
    expect(tree).toMatchObject({ status, ...parts });
    expect(judgePipeline(tree).outcome).toBe(status);
  });

  test('is found again by ref and time, newest first, with its variables and who started it', async () => {
    const { host, control, id } = await run(undefined, 'success');
    const other = await control.runPipeline({ project: path, ref: 'main', user: 'r.engineer' });
    const newer = await control.runPipeline({ project: path, ref: 'release', user: 'r.engineer' });
    const since = new Date(Date.now() - 3_600_000);
    const ids = async (ref: string | null, from: Date) =>
      (await host.pipelinesSince(path, ref, from)).map((found) => found.id);
    expect(await ids('release', since)).toEqual([newer.id, id]);
    expect(await ids(null, since)).toEqual([newer.id, other.id, id]);
    expect(await ids(null, new Date(Date.now() + 3_600_000))).toEqual([]);
    expect(await host.variablesOf(path, id)).toEqual({ ORCHESTRATION_RELEASE: 'true' });
    expect(await host.variablesOf(path, 999_999)).toBeNull();
    expect(await host.pipelineOrigin(path, newer.id)).toEqual({ url: newer.webUrl, user: 'r.engineer' });
  });

  test('names what it started downstream', async () => {
    const { host, id, tree } = await run('downstream-passes', 'success');
    expect(await host.downstreamOf(path, id)).toEqual([
      { path: 'group/deployments', pipelineId: tree.downstream[0]?.pipeline?.id },
    ]);
  });

  test('that is gone is refused, which is not the same as away', async () => {
    const { host } = await gitlab();
    expect(await failure(host.pipelineTree(path, 999_999, never))).toMatchObject({ kind: 'refused' });
  });

  test('is not read on after an abort', async () => {
    const { host, id } = await run(undefined, 'success');
    await expect(host.pipelineTree(path, id, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  });
});
