import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../../sandbox/gitlab/faults.ts';
import type { GitLabWorld } from '../../../sandbox/gitlab/world.ts';
import { GitLabCodeHost } from '../../../src/adapters/gitlab/code-host.ts';
import { started } from '../../sandbox/gitlab/started.ts';
import { answering, nobody } from './stub.ts';

const path = 'group/web';
const variables = [
  { key: 'ORCHESTRATION_RELEASE', value: 'true' },
  { key: 'ORCHESTRATION_RUN_ID', value: 'run-1' },
];
const secret = 'glpat-never-to-be-seen';
const hostAt = (url: string, timeoutMs = 5_000) => new GitLabCodeHost({ url, token: secret, timeoutMs });

async function gitlab(world: Partial<GitLabWorld> = {}, timeoutMs = 5_000) {
  const it = await started({
    timeScale: 1,
    world: { projects: [{ path }], pipelineCreationPerMinute: null, ...world },
  });
  const host = new GitLabCodeHost({ url: it.gitlab.url, token: it.gitlab.token, timeoutMs });
  const start = (ref = 'release') => host.startPipeline(path, ref, variables);
  const count = async () => ({
    requests: (await it.control.requests('POST /pipeline')).length,
    pipelines: (await it.control.pipelines(path)).length,
  });
  return { ...it, start, count };
}

test('a pipeline is started once, with its variables, and answered with its page', async () => {
  const { start, count, control } = await gitlab();
  const effect = await start();
  const [made] = await control.pipelines(path);
  expect(effect).toEqual({ outcome: 'done', value: { id: made?.id, url: made?.webUrl } });
  expect(made).toMatchObject({ ref: 'release', source: 'api' });
  expect(made?.variables.map(({ key, value }) => ({ key, value }))).toEqual(variables);
  expect(await count()).toEqual({ requests: 1, pipelines: 1 });
});

describe('one request, never a second, when', () => {
  test.each<[string, FaultSpec, string, number]>([
    ['GitLab answers 500', { kind: 'http500' }, 'unclear', 0],
    ['a proxy answers 502', { kind: 'http502' }, 'unclear', 0],
    ['GitLab answers 503', { kind: 'http503' }, 'unclear', 0],
    ['GitLab answers 503 and when to come back', { kind: 'http503', retryAfter: 1 }, 'unclear', 0],
    ['the connection is reset', { kind: 'reset' }, 'unclear', 0],
    ['it is accepted and answered with 502', { kind: 'acceptThen502' }, 'unclear', 1],
    ['it is accepted and the connection reset', { kind: 'acceptThenReset' }, 'unclear', 1],
    ['GitLab asks for fewer requests', { kind: 'http429', retryAfter: 7 }, 'busy', 0],
  ])('%s', async (_, fault, outcome, pipelines) => {
    const { start, count, control } = await gitlab();
    await control.addFault(fault);
    expect(await start()).toMatchObject({ outcome });
    expect(await count()).toEqual({ requests: 1, pipelines });
  });

  test('it is accepted and no answer comes', async () => {
    const { start, count, control } = await gitlab({}, 300);
    await control.addFault({ kind: 'acceptThenTimeout' });
    expect(await start()).toEqual({ outcome: 'unclear', cause: 'no answer within 0.3 s' });
    // The request is logged when its connection has gone.
    await expect.poll(count).toEqual({ requests: 1, pipelines: 1 });
  });
});

describe('a request is', () => {
  test('busy for as long as GitLab says', async () => {
    const { start, control } = await gitlab();
    await control.addFault({ kind: 'http429', retryAfter: 7 });
    expect(await start()).toEqual({ outcome: 'busy', retryAfterMs: 7_000 });
  });

  test('busy when GitLab words its limit as a fault of the pipeline', async () => {
    const { start, count } = await gitlab({ pipelineCreationPerMinute: 1, pipelineLimitAnswer: 400 });
    const outcomes = new Set<string>();
    // The windows of a minute are aligned to the clock: three tries outlast one boundary.
    for (let tries = 0; tries < 3; tries += 1) outcomes.add((await start()).outcome);
    expect(outcomes).toEqual(new Set(['done', 'busy']));
    expect((await count()).requests).toBe(3);
  });

  test.each<[string, Partial<GitLabWorld>, string, string]>([
    ['of a branch that is missing', {}, 'nowhere', 'Reference not found'],
    [
      'without the right to set variables',
      { projects: [{ path, variablesMinimumRole: 'no_one_allowed' }] },
      'release',
      'Insufficient permissions to set pipeline variables',
    ],
    ['of an archived project', { projects: [{ path, archived: true }] }, 'release', '403'],
    ['without CI/CD', { projects: [{ path, buildsAccess: 'disabled' }] }, 'release', ''],
    ['of a project that it may not see', { projects: [{ path, tokenAccessLevel: 0 }] }, 'release', '404'],
    [
      'of a protected branch',
      {
        projects: [
          {
            path,
            tokenAccessLevel: 30,
            protectedBranches: [{ name: 'release', pushLevel: 40, mergeLevel: 40 }],
          },
        ],
      },
      'release',
      'sufficient permission',
    ],
  ])('refused, in GitLab’s words, %s', async (_, world, ref, words) => {
    const { start, count } = await gitlab(world);
    const effect = await start(ref);
    expect(effect).toMatchObject({ outcome: 'refused', problem: { code: 'gitlab-refused' } });
    expect(effect.outcome === 'refused' && effect.problem.why).toContain(words);
    expect(await count()).toEqual({ requests: 1, pipelines: 0 });
  });

  test('refused with a revoked token, which it does not tell', async () => {
    const { gitlab: running } = await gitlab();
    const effect = await hostAt(running.url).startPipeline(path, 'release', variables);
    expect(effect).toMatchObject({ outcome: 'refused', problem: { code: 'gitlab-token-refused' } });
  });

  test('unsent where nobody listens', async () => {
    const effect = await hostAt(await nobody()).startPipeline(path, 'release', variables);
    expect(effect).toEqual({ outcome: 'unsent', cause: 'the connection failed (ECONNREFUSED)' });
  });

  test.each<[number, string, string]>([
    [201, '{"id": 7}', 'unclear'],
    [201, '{"id": 7, "web_url', 'unclear'],
    [201, '', 'unclear'],
    [201, '[]', 'unclear'],
    [200, '<html>a proxy’s page</html>', 'unclear'],
    [408, '{}', 'unclear'],
    [499, '{}', 'unclear'],
    [500, 'not JSON', 'unclear'],
    [504, '', 'unclear'],
    [520, '{}', 'unclear'],
    [400, '{"message":{"base":["Something else"]}}', 'refused'],
    [403, '{"error":"insufficient_scope"}', 'refused'],
    [404, '<html>', 'refused'],
    [422, '{}', 'refused'],
    [429, '{}', 'busy'],
    [400, '{"message":{"base":["Too many pipelines created in the last minute. Try again later."]}}', 'busy'],
  ])('with the answer %i %s %s', async (status, body, outcome) => {
    const { url, seen } = await answering(status, body);
    expect(await hostAt(url).startPipeline(path, 'release', variables)).toMatchObject({ outcome });
    expect(seen).toHaveLength(1);
  });
});

test('GitLab’s words can be stored and shown, however long and strange they are', async () => {
  const said = `\u0000${'x'.repeat(297)}🎉🎉 and more`;
  const { url } = await answering(400, JSON.stringify({ message: said }));
  const effect = await hostAt(url).startPipeline(path, 'release', variables);
  const why = effect.outcome === 'refused' ? effect.problem.why : '';
  expect(why.length).toBeLessThan(400);
  expect(why.isWellFormed()).toBe(true);
  // PostgreSQL stores no NUL.
  expect(why).not.toContain('\u0000');
});

test('no failure tells the token', async () => {
  const urls = [
    await nobody(),
    ...(await Promise.all([400, 401, 403, 500].map((status) => answering(status, '{}')))).map(
      ({ url }) => url,
    ),
  ];
  for (const url of urls) {
    const effect = await hostAt(url).startPipeline(path, 'release', variables);
    expect(effect.outcome).not.toBe('done');
    const error: unknown = await hostAt(url)
      .targetFacts(path, 'release')
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(inspect([effect, error], { depth: 20, showHidden: true })).not.toContain(secret);
  }
});
