import { describe, expect, test } from 'vitest';
import { sha256 } from '../../../src/adapters/store/hash-chain.ts';
import { OutsideError } from '../../../src/core/ports.ts';
import { problem } from '../../../src/core/problem.ts';
import { promotionId } from '../../../src/core/promotion/acts.ts';
import { promotionStream } from '../../../src/core/promotion/stream.ts';
import { eu, promotionTown, token, us } from '../../cli/promotion-town.ts';
import { commit, otherCommit, planWith } from '../../core/promotion/samples.ts';

const request = {
  service: 'core',
  region: eu,
  commit,
  source: 'job/1',
  appliedAt: '2026-11-21T11:59:00Z',
};
const gatePath = (region: string, sha = commit, asked = 'w1') =>
  `/api/gates/core/${region}?commit=${sha}&asked=${asked}`;

describe('who may ask', () => {
  test.each<[string, Record<string, string>]>([
    ['nobody without a token', {}],
    ['nobody with another token', { authorization: 'Bearer another-token-of-a-pipeline' }],
    ['nobody with the beginning of it', { authorization: `Bearer ${token.slice(0, -1)}` }],
    ['nobody by another scheme', { authorization: `Basic ${token}` }],
    ['nobody with an empty token', { authorization: 'Bearer ' }],
  ])('%s', async (_, headers) => {
    const town = await promotionTown();
    for (const [method, path] of [
      ['POST', '/api/rollouts'],
      ['POST', '/api/snapshots'],
      ['GET', `/api/rollouts/core/${eu}`],
      ['GET', gatePath(eu)],
    ] as const) {
      const answer = await town.ask(method, path, method === 'POST' ? request : undefined, headers);
      expect([path, answer.status]).toEqual([path, 401]);
    }
    expect(await town.store.latest('promotion', 5)).toEqual([]);
  });

  test('nobody at all where no token is set, and they are told what to set', async () => {
    const town = await promotionTown({ token: null });
    const answer = await town.ask('GET', gatePath(eu));
    expect(answer.status).toBe(404);
    expect(JSON.stringify(answer.body)).toContain('GONOGO_API_TOKEN');
  });

  test('a flood of wrong tokens is one line a minute, with their number and without them', async () => {
    const town = await promotionTown();
    const wrong = () =>
      town.ask('GET', gatePath(eu), undefined, { authorization: 'Bearer wrong-wrong-wrong' });
    for (let count = 0; count < 5; count += 1) await wrong();
    town.pass(61_000);
    await wrong();
    expect(town.log.lines.map(({ fields }) => fields)).toMatchObject([{ count: 1 }, { count: 5 }]);
    expect(JSON.stringify(town.log.lines)).not.toContain('wrong-wrong-wrong');
  });
});

describe('beginning a validation', () => {
  test('opens the promotion, watches the rollout and answers where it stands', async () => {
    const town = await promotionTown();
    const { status, body } = await town.ask('POST', '/api/rollouts', request);
    expect(status).toBe(202);
    expect(body).toMatchObject({
      version: 1,
      promotion: promotionId(sha256, 'core', commit),
      service: 'core',
      region: eu,
      commit,
      run: 1,
      decision: 'WATCHING',
      thread: expect.stringContaining('https://slack.example/core.'),
    });
  });

  test('twice with the same source begins it once', async () => {
    const town = await promotionTown();
    await Promise.all([1, 2, 3].map(() => town.ask('POST', '/api/rollouts', request)));
    const { state, seq } = await town.store.read(promotionStream, promotionId(sha256, 'core', commit));
    expect([state?.regions[eu]?.run, seq]).toEqual([1, 2]);
  });

  test('joins what is watched, and is the next run for an apply after its pass', async () => {
    const town = await promotionTown();
    await town.ask('POST', '/api/rollouts', request);
    const joined = await town.ask('POST', '/api/rollouts', { ...request, source: 'job/2' });
    expect(joined.body).toMatchObject({ run: 1, decision: 'WATCHING' });
    town.pass(60_000);
    await town.judged(commit);
    await town.checked(commit);
    expect((await town.ask('GET', `/api/rollouts/core/${eu}`)).body).toMatchObject({
      decision: 'GO',
      run: 1,
    });
    const late = await town.ask('POST', '/api/rollouts', { ...request, source: 'job/3' });
    expect(late.body).toMatchObject({ run: 1, decision: 'GO' });
    town.pass(60_000);
    const appliedAt = town.now().toISOString();
    const again = await town.ask('POST', '/api/rollouts', { ...request, source: 'job/4', appliedAt });
    expect(again.body).toMatchObject({ run: 2, decision: 'WATCHING' });
  });

  test('a pass never answers for an apply whose beginning is not certain', async () => {
    const town = await promotionTown();
    await town.ask('POST', '/api/rollouts', request);
    town.pass(60_000);
    await town.judged(commit);
    await town.checked(commit);
    const { appliedAt: appliedAfter, ...rest } = request;
    const again = await town.ask('POST', '/api/rollouts', { ...rest, source: 'job/2', appliedAfter });
    expect(again.body).toMatchObject({ run: 2, decision: 'WATCHING' });
  });

  test('takes the beginning of the apply from the snapshot', async () => {
    const town = await promotionTown();
    const { appliedAt: _, ...rest } = request;
    expect((await town.ask('POST', '/api/rollouts', rest)).body).toMatchObject({
      error: { code: 'applied-at-missing' },
    });
    const { source: __, ...place } = rest;
    const taken = await town.ask('POST', '/api/snapshots', { ...place, source: 'job/0' });
    expect(taken).toMatchObject({ status: 201, body: { service: 'core', before: { primary: 'ecs-svc/0' } } });
    town.pass(120_000);
    const repeated = await town.ask('POST', '/api/snapshots', { ...place, source: 'job/0' });
    expect(repeated.body).toEqual(taken.body);
    expect((await town.ask('POST', '/api/rollouts', rest)).status).toBe(202);
    const { state } = await town.store.read(promotionStream, promotionId(sha256, 'core', commit));
    expect(state?.regions[eu]?.expected).toMatchObject({
      appliedAt: '2026-11-21T12:00:00.000Z',
      before: { primary: 'ecs-svc/0' },
    });
  });

  test.each<[string, unknown, number, string]>([
    ['no JSON', 'hello', 400, 'request-wrong'],
    ['an unknown key', { ...request, comit: commit }, 400, 'request-wrong'],
    ['a short commit', { ...request, commit: 'abcdef12' }, 400, 'request-wrong'],
    ['a source with blanks', { ...request, source: 'a b' }, 400, 'request-wrong'],
    ['a digest that is none', { ...request, digest: 'latest' }, 400, 'request-wrong'],
    ['an apply tomorrow', { ...request, appliedAt: '2026-11-22T12:00:00Z' }, 400, 'applied-at-wrong'],
    ['an apply last month', { ...request, appliedAt: '2026-10-22T12:00:00Z' }, 400, 'applied-at-wrong'],
    ['a service that is none', { ...request, service: 'cor' }, 404, 'service-unknown'],
    ['a region that is none', { ...request, region: 'mars-1' }, 404, 'region-unknown'],
  ])('refuses %s, and records nothing', async (_, body, status, code) => {
    const town = await promotionTown();
    const answer = await town.ask('POST', '/api/rollouts', body);
    expect(answer).toMatchObject({ status, body: { error: { code, what: expect.any(String) } } });
    expect(await town.store.latest('promotion', 5)).toEqual([]);
  });

  test('says that AWS does not answer, and keeps no snapshot', async () => {
    const said = 'TimeoutError: too slow';
    const snapshot = () =>
      Promise.reject(new OutsideError('unreachable', problem('aws-unread', { said }), { cause: null }));
    const town = await promotionTown({ rollouts: { snapshot } });
    const { appliedAt: _, ...asked } = request;
    expect(await town.ask('POST', '/api/snapshots', asked)).toMatchObject({
      status: 503,
      body: { error: { code: 'aws-unread' } },
    });
    expect(await town.store.latest('promotion', 5)).toEqual([]);
  });
});

describe('the verdict', () => {
  test('tells reason, cause, what to do and until when it opens the next gate', async () => {
    const town = await promotionTown();
    await town.ask('POST', '/api/rollouts', request);
    const failure = {
      task: 't1',
      stoppedAt: null,
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      container: 'app',
      exitCode: 1,
      cause: 'The application ended with 1.',
    };
    const said = { row: 8, outcome: 'fail' as const, reason: 'Tasks stop.', remedy: 'The owner looks.' };
    await town.judged(commit, { ...said, failures: [failure] });
    await town.ended(commit);
    expect((await town.ask('GET', `/api/rollouts/core/${eu}?commit=${commit}`)).body).toMatchObject({
      decision: 'NO-GO',
      isFinal: true,
      reason: 'Tasks stop.',
      todo: 'The owner looks.',
      holds: [{ blocker: 'rollout' }],
      verdict: { failures: [failure] },
      decidedAt: '2026-11-21T12:00:00.000Z',
      freshUntil: null,
    });
  });

  test('of a GO says until when it is fresh', async () => {
    const town = await promotionTown();
    await town.ask('POST', '/api/rollouts', request);
    await town.judged(commit);
    await town.checked(commit);
    expect((await town.ask('GET', `/api/rollouts/core/${eu}`)).body).toMatchObject({
      decision: 'GO',
      freshUntil: '2026-11-21T13:00:00.000Z',
      checks: [{ id: 'spike', outcome: 'pass' }],
    });
  });

  test('without a commit is that of the commit that was deployed there last', async () => {
    const town = await promotionTown();
    await town.ask('POST', '/api/rollouts', request);
    town.pass(1_000);
    await town.ask('POST', '/api/rollouts', { ...request, commit: otherCommit });
    town.pass(1_000);
    await town.judged(commit);
    expect((await town.ask('GET', `/api/rollouts/core/${eu}`)).body).toMatchObject({ commit: otherCommit });
  });

  test('of what was never deployed is none', async () => {
    const town = await promotionTown();
    const { status, body } = await town.ask('GET', `/api/rollouts/core/${eu}?commit=${commit}`);
    expect([status, body['decision'], body['run'], body['commit']]).toEqual([200, 'NONE', 0, commit]);
    expect((await town.ask('GET', `/api/rollouts/cor/${eu}`)).status).toBe(404);
    expect((await town.ask('GET', `/api/rollouts/core/${eu}?commit=abc`)).status).toBe(400);
  });
});

describe('the gate', () => {
  test('repeats the question, and opens the second region with a GO of the first for this commit only', async () => {
    const town = await promotionTown();
    expect((await town.ask('GET', gatePath(eu, commit, 'w9'))).body).toEqual({
      ...{ version: 1, service: 'core', region: eu, commit, asked: 'w9' },
      ...{ open: true, holds: [] },
    });
    expect((await town.ask('GET', gatePath(us))).body).toMatchObject({
      open: false,
      holds: [{ region: eu }],
    });
    await town.ask('POST', '/api/rollouts', request);
    expect((await town.ask('GET', gatePath(us))).body).toMatchObject({
      open: false,
      holds: [{ canPass: true }],
    });
    await town.judged(commit);
    await town.checked(commit);
    expect((await town.ask('GET', gatePath(us))).body).toMatchObject({ open: true });
    expect((await town.ask('GET', gatePath(us, otherCommit))).body).toMatchObject({ open: false });
    town.pass(61 * 60_000);
    expect((await town.ask('GET', gatePath(us))).body).toMatchObject({
      open: false,
      holds: [{ canPass: false }],
    });
  });

  test('waits for the services of earlier waves', async () => {
    const plans = [planWith(), planWith({ service: 'web', regions: planWith().regions.slice(0, 1) })];
    const waves = [
      { name: 'First', services: ['web'] },
      { name: 'Second', services: ['core'] },
    ];
    const town = await promotionTown({ plans, waves });
    expect((await town.ask('GET', gatePath(eu))).body).toMatchObject({
      open: false,
      holds: [{ service: 'web' }],
    });
    await town.ask('POST', '/api/rollouts', { ...request, service: 'web', commit: otherCommit });
    await town.judged(otherCommit, {}, eu, 'web');
    await town.checked(otherCommit, eu, 'web');
    expect((await town.ask('GET', gatePath(eu))).body).toMatchObject({ open: true, holds: [] });
  });

  test('knows a GO of a commit however many changed since', async () => {
    const town = await promotionTown();
    await town.ask('POST', '/api/rollouts', { ...request, region: eu });
    await town.judged(commit);
    await town.checked(commit);
    for (let index = 0; index < 25; index += 1) {
      const sha = index.toString(16).padStart(40, '0');
      await town.ask('POST', '/api/snapshots', { service: 'core', region: us, commit: sha, source: 'job/0' });
    }
    expect((await town.ask('GET', gatePath(us))).body).toMatchObject({ open: true });
  });

  test.each([
    ['a short commit', gatePath(us, 'abc'), 400],
    ['no commit', `/api/gates/core/${us}?asked=w`, 400],
    ['no word of its own', `/api/gates/core/${us}?commit=${commit}`, 400],
    ['a service that is none', `/api/gates/nope/${us}?commit=${commit}&asked=w`, 404],
    ['a region that is none', `/api/gates/core/mars-1?commit=${commit}&asked=w`, 404],
  ])('is not told for %s', async (_, path, status) => {
    const town = await promotionTown();
    const answer = await town.ask('GET', path);
    expect([answer.status, 'open' in answer.body]).toEqual([status, false]);
  });
});
