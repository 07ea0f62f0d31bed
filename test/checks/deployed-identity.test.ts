import { describe, expect, test } from 'vitest';
import { showsCommit } from '../../src/checks/shows-commit.ts';
import type { Deployment } from '../../src/core/release/candidate.ts';
import type { Containers, PageLoad } from '../../src/core/sources.ts';
import {
  ago,
  candidate,
  commit,
  deployment,
  judged,
  loaded,
  other,
  part,
  unloaded,
} from './support/release.ts';

describe('a text', () => {
  test.each([
    [commit, 'same'],
    [commit.toUpperCase(), 'same'],
    ['abcdef1', 'same'],
    ['abcdef', 'unknown'],
    ['release-abcdef12', 'same'],
    ['v2026.47-3-gabcdef12', 'same'],
    ['registry/core:20261121-abcdef12', 'same'],
    ['zabcdef12', 'unknown'],
    ['abcdef12z', 'unknown'],
    ['abcdef13', 'different'],
    [`${commit}0`, 'different'],
    ['20261121', 'unknown'],
    ['1234567', 'unknown'],
    ['latest', 'unknown'],
    ['', 'unknown'],
  ])('"%s" names the commit: %s', (text, verdict) => {
    expect(showsCommit(text, commit)).toBe(verdict);
  });

  test('of digits alone names a commit that begins so', () => {
    expect(showsCommit('1234567', other)).toBe('same');
  });
});

describe('by the deployment', () => {
  const run = (found: Deployment[], about = candidate()) =>
    judged(
      'deployed-identity',
      { deployment: true },
      { codeHost: { deployments: async () => found } },
      about,
    );
  test.each<[string, Deployment[], string]>([
    ['the intended commit passes', [deployment()], 'pass'],
    ['another commit fails', [deployment({ sha: other })], 'fail'],
    ['one that runs is waited for', [deployment({ status: 'running' }), deployment()], 'waiting'],
    ['one that failed fails, whatever was before', [deployment({ status: 'failed' }), deployment()], 'fail'],
    ['one in a state nobody knows is not known', [deployment({ status: 'perhaps' })], 'inconclusive'],
    [
      'one that never began is passed over',
      [deployment({ status: 'skipped', sha: other }), deployment()],
      'pass',
    ],
    [
      'one that was canceled is not known',
      [deployment({ status: 'canceled' }), deployment()],
      'inconclusive',
    ],
    ['none is not known', [], 'inconclusive'],
  ])('%s', async (_, found, outcome) => {
    const finding = await run(found);
    expect(finding.outcome).toBe(outcome);
    expect(finding.remedy === '').toBe(outcome === 'pass');
  });

  test('every project of the release must have its own commit', async () => {
    const web = part({ project: 'web', path: 'fleet/web', commit: other });
    const finding = await run([deployment()], candidate(part(), web));
    expect(finding.outcome).toBe('fail');
    expect(finding.reason).toBe('GitLab deployed abcdef12 of fleet/web to staging, intended is 12345678.');
    // What decided comes first: blockers are linked to it.
    expect(finding.evidence.map(({ value }) => value).filter((value) => value.includes('intended'))).toEqual([
      `${commit} (success), intended ${other}`,
      `${commit} (success), intended ${commit}`,
    ]);
  });
});

describe('by the build that the site names', () => {
  const params = { project: 'core', 'build-info': { url: '/build.json' } };
  const run = (load: PageLoad, seconds = 3_600, given: object = params) =>
    judged(
      'deployed-identity',
      given,
      { web: { load: async () => load } },
      candidate(part({ deployment: deployment({ at: ago(seconds) }) })),
    );
  const build = (value: unknown) => loaded({ body: JSON.stringify({ commit: value }) });
  test.each<[string, PageLoad, string]>([
    ['the intended commit passes', build(commit), 'pass'],
    ['its beginning passes', build('abcdef12'), 'pass'],
    ['another fails', build(other), 'fail'],
    ['no commit is not known', build('latest'), 'inconclusive'],
    ['nothing there is not known', loaded({ body: '{}' }), 'inconclusive'],
    ['a page instead of JSON is not known', loaded({ body: '<html>' }), 'inconclusive'],
    ['an error is not known', loaded({ status: 404, body: JSON.stringify({ commit }) }), 'inconclusive'],
    ['no answer is not known', unloaded('timeout'), 'inconclusive'],
  ])('%s', async (_, load, outcome) => {
    const finding = await run(load);
    expect(finding.outcome).toBe(outcome);
    expect(finding.remedy === '').toBe(outcome === 'pass');
  });

  test.each([
    [119, 'waiting'],
    [120, 'fail'],
  ])('the build before, %i seconds after the deployment: %s', async (seconds, outcome) => {
    const finding = await run(build(other), seconds);
    expect(finding.outcome).toBe(outcome);
    expect(finding.evidence[0]?.value).toContain(other);
  });

  test('is found at the path that the catalogue names, everywhere it is', async () => {
    const given = { project: 'core', 'build-info': { url: '/b', path: '$.nodes[*].sha' } };
    const nodes = (...all: string[]) =>
      loaded({ body: JSON.stringify({ nodes: all.map((sha) => ({ sha })) }) });
    expect((await run(nodes(commit, commit), 3_600, given)).outcome).toBe('pass');
    expect((await run(nodes(commit, other), 3_600, given)).outcome).toBe('fail');
  });
});

describe('by the images in ECS', () => {
  type Running = Awaited<ReturnType<Containers['running']>>;
  const service = { region: 'eu-west-1', cluster: 'staging', service: 'core' };
  const digest = `sha256:${'a'.repeat(64)}`;
  const image = (tag: string | null, container = 'app', its: string | null = digest) => ({
    task: 't1',
    container,
    image: `registry/core:${tag}`,
    tag,
    digest: its,
  });
  test.each<[string, object, Running, string]>([
    ['the intended tag passes', {}, [image('abcdef12'), image('abcdef12')], 'pass'],
    ['an old task beside it fails', {}, [image('abcdef12'), image('fedcba98')], 'fail'],
    ['a tag without a commit is not known', {}, [image('latest')], 'inconclusive'],
    ['no tag is not known', {}, [image(null)], 'inconclusive'],
    [
      'a container beside it is left out',
      { container: 'app' },
      [image('abcdef12'), image('v1', 'proxy')],
      'pass',
    ],
    ['no such container is not known', { container: 'api' }, [image('abcdef12')], 'inconclusive'],
    ['no task is not known', {}, [], 'inconclusive'],
    ['no service is not known', {}, null, 'inconclusive'],
    ['the intended digest passes', { digest }, [image('latest')], 'pass'],
    ['another digest fails', { digest }, [image('abcdef12', 'app', `sha256:${'b'.repeat(64)}`)], 'fail'],
    ['a digest that is not told is not known', { digest }, [image('abcdef12', 'app', null)], 'inconclusive'],
  ])('%s', async (_, more, running, outcome) => {
    const params = { project: 'core', ecs: { ...service, ...more } };
    const finding = await judged('deployed-identity', params, {
      containers: { running: async () => running },
    });
    expect(finding.outcome).toBe(outcome);
    expect(finding.remedy === '').toBe(outcome === 'pass');
  });
});

test('all sources that are named must agree', async () => {
  const params = { project: 'core', deployment: true, 'build-info': { url: '/b' } };
  const load = async () => loaded({ body: JSON.stringify({ commit: other }) });
  const given = { codeHost: { deployments: async () => [deployment()] }, web: { load } };
  const finding = await judged('deployed-identity', params, given);
  expect(finding.outcome).toBe('fail');
  expect(finding.evidence).toHaveLength(3);
});

test('a project that the release does not hold is not known', async () => {
  const params = { project: 'web', 'build-info': { url: '/b' } };
  const finding = await judged('deployed-identity', params, { web: { load: async () => loaded() } });
  expect(finding.outcome).toBe('inconclusive');
});

test.each([
  [{}, 'names no source'],
  [{ 'build-info': { url: '/b' } }, 'whose commit is meant'],
])('the gate must say enough: %j', async (wrong, told) => {
  await expect(judged('deployed-identity', wrong, {})).rejects.toThrow(told);
});
