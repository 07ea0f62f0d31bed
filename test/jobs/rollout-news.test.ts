import { describe, expect, test } from 'vitest';
import { codeHostOf } from '../../src/adapters/gitlab/whole-host.ts';
import { OutsideError, type Work } from '../../src/core/ports.ts';
import { problem } from '../../src/core/problem.ts';
import { promotionId } from '../../src/core/promotion/acts.ts';
import { regionState } from '../../src/core/promotion/state.ts';
import type { Rollouts } from '../../src/core/rollout/sources.ts';
import type { InvocationDeps } from '../../src/jobs/invocation-deps.ts';
import { readWebhook } from '../../src/jobs/read-webhook.ts';
import { newsOf, newsOrders, rolloutNews } from '../../src/jobs/rollout-news.ts';
import { started } from '../sandbox/gitlab/started.ts';
import { desk, digest, first, path, planOf, promotions, second, workOf } from './support/promotions.ts';

const environment = `production-${first}`;
const minutes = 60_000;

/** A GitLab in which things are deployed, an ECS whose PRIMARY is so old, and the job that looks at both. */
async function news(given: { primaryAgeMs?: number; denied?: boolean } = {}) {
  const gitlab = await started();
  const asked: string[] = [];
  const now = new Date();
  const createdAt = new Date(now.getTime() - (given.primaryAgeMs ?? 60 * minutes)).toISOString();
  const rollouts = {
    snapshot: async () => {
      asked.push('snapshot');
      if (given.denied)
        throw new OutsideError('refused', problem('aws-refused', { said: 'no' }), { cause: null });
      const at = new Date().toISOString();
      return { primary: 'ecs-svc/1', taskDefinition: 'core:1', serviceDeployment: null, at };
    },
    observe: async () => [
      {
        observation: { kind: 'service', service: { deployments: [{ id: 'ecs-svc/1', createdAt }] } },
      },
    ],
  } as unknown as Rollouts;
  const codeHost = codeHostOf({ url: gitlab.gitlab.url, token: gitlab.gitlab.token, timeoutMs: 5_000 });
  const aws = { rollouts, taskLogs: {} as never };
  const it = await promotions({ sources: { codeHost }, aws, at: now.toISOString() });
  const look = (memo: unknown = null, region = first) => it.run(rolloutNews(it.deps), `core/${region}`, memo);
  const regionOf = async (sha: string, region = first) =>
    regionState(await it.state(promotionId(digest, 'core', sha)), region);
  const deploy = (status: 'success' | 'failed' | 'canceled' | 'running') =>
    gitlab.control.deploy({ project: path, environment, status, user: 'rita' });
  return { ...it, gitlab, asked, look, regionOf, deploy };
}

describe('a deployment that succeeded', () => {
  test('starts the watch of its commit in its region, with who and with which pipeline', async () => {
    const { look, deploy, regionOf, store, deps } = await news();
    const { id, sha, pipelineId } = await deploy('success');
    expect(await look()).toMatchObject({ next: 'again', memo: { started: id } });
    const region = await regionOf(sha);
    expect(region).toMatchObject({
      run: 1,
      phase: 'watching',
      sources: [`gitlab-deployment/${id}`],
      expected: { commit: sha, taskDefinition: null, digest: null, before: null },
      pipeline: { id: pipelineId, url: expect.stringContaining(`/pipelines/${pipelineId}`) },
      startedBy: 'gitlab:rita',
    });
    expect(await regionOf(sha, second)).toMatchObject({ run: 0 });
    expect(await store.latest('promotion', 5, 'core.')).toHaveLength(1);
    expect(await deps.watches.groups()).toEqual([`-/${first}`]);
  });

  test('starts it once, also when the note was lost', async () => {
    const { look, deploy, regionOf } = await news();
    const { sha } = await deploy('success');
    await look();
    await look();
    const { run, sources } = await regionOf(sha);
    expect([run, sources]).toEqual([1, [expect.any(String)]]);
  });

  test('again, of the same commit, is the next run', async () => {
    const { look, deploy, regionOf } = await news();
    await deploy('success');
    const next = await look();
    const { sha } = await deploy('success');
    await look(next.next === 'again' ? next.memo : null);
    expect(await regionOf(sha)).toMatchObject({ run: 2 });
  });

  test('longer ago than half an hour is not validated where nothing is known', async () => {
    const { look, deploy, store, time } = await news();
    await deploy('success');
    time.move(31 * minutes);
    await look();
    expect(await store.latest('promotion', 5)).toEqual([]);
  });

  test('longer ago is validated when a person asks for it, once an asking', async () => {
    const it = await news();
    const { sha } = await it.deploy('success');
    it.time.move(31 * minutes);
    const seen = await it.look();
    const work = workOf(`core/${first}`, seen.next === 'again' ? seen.memo : null);
    const payload = { askedAt: it.time.now().toISOString() };
    const asked = await rolloutNews(it.deps)({ ...work, payload }, new AbortController().signal);
    expect(await it.regionOf(sha)).toMatchObject({ run: 1, phase: 'watching' });
    expect(asked).toMatchObject({ memo: { asked: payload.askedAt } });
  });

  test('longer ago is validated where an older one is known', async () => {
    const { look, deploy, regionOf, time } = await news();
    await deploy('success');
    await look();
    const { sha } = await deploy('success');
    time.move(5 * 60 * minutes);
    await look();
    expect(await regionOf(sha)).toMatchObject({ run: 2 });
  });
});

test.each(['failed', 'canceled'] as const)('a deployment that is %s starts nothing', async (status) => {
  const { look, deploy, store, asked } = await news();
  await deploy(status);
  await look();
  expect(await store.latest('promotion', 5)).toEqual([]);
  expect(asked).toEqual([]);
});

describe('a deployment under way', () => {
  test('has what runs before it kept, once', async () => {
    const { look, deploy, regionOf, asked } = await news();
    const { id, sha } = await deploy('running');
    await look();
    await look();
    expect(asked).toEqual(['snapshot']);
    expect(await regionOf(sha)).toMatchObject({
      run: 0,
      before: { primary: 'ecs-svc/1' },
      sources: [`gitlab-deployment/${id}/before`],
    });
  });

  test('gives what ran before to the watch when it has succeeded', async () => {
    const { look, deploy, regionOf, gitlab } = await news();
    const { sha, pipelineId } = await deploy('running');
    await look();
    await gitlab.control.finish({ project: path, pipelineId, status: 'success' });
    await look();
    expect(await regionOf(sha)).toMatchObject({ run: 1, expected: { before: { primary: 'ecs-svc/1' } } });
  });

  test('that may have changed the service already leaves nothing that could be taken for before', async () => {
    const { look, deploy, store } = await news({ primaryAgeMs: 1 * minutes });
    await deploy('running');
    await look();
    expect(await store.latest('promotion', 5)).toEqual([]);
  });

  test('is asked for again while AWS does not say, and nothing else waits for that', async () => {
    const { look, deploy, asked } = await news({ denied: true });
    await deploy('running');
    const next = await look();
    expect(next).toMatchObject({ next: 'again', memo: {} });
    await look(next.next === 'again' ? next.memo : null);
    expect(asked).toEqual(['snapshot', 'snapshot']);
  });
});

describe('the looks for news', () => {
  test('go on by themselves at twice the poll interval', async () => {
    const { look, time } = await news();
    expect(await look()).toEqual({ next: 'again', at: new Date(time.now().getTime() + 2_000), memo: {} });
  });

  test('end with a region that the catalogue has no more', async () => {
    const { look } = await news();
    expect(await look(null, 'ap-south-1')).toEqual({ next: 'done' });
  });

  test('are ordered for every service and region', () => {
    const now = new Date();
    const both = [first, second].map((region) => ({ kind: 'rollout-news', key: `core/${region}`, at: now }));
    expect(newsOrders([planOf()], now)).toEqual(both.map((order) => ({ ...order, patient: true })));
    expect(newsOf(planOf(), now, environment)).toEqual(both.slice(0, 1));
  });
});

describe('a webhook', () => {
  const project = { path_with_namespace: path.toUpperCase() };
  const hooked = async (payload: object) => {
    const { deps } = await promotions();
    const { ordered, desk: kept } = desk();
    const work: Work = { ...workOf('w1'), payload };
    await readWebhook({ ...deps, desk: kept } as unknown as InvocationDeps & { desk: typeof kept })(
      work,
      new AbortController().signal,
    );
    return ordered.filter(({ kind }) => kind === 'rollout-news').map(({ key }) => key);
  };

  test('of a deployment brings the look at its region forward', async () => {
    expect(await hooked({ object_kind: 'deployment', environment, project })).toEqual([`core/${first}`]);
    expect(await hooked({ object_kind: 'deployment', environment: 'staging', project })).toEqual([]);
  });

  test.each([
    ['running', 2],
    ['success', 2],
    ['pending', 0],
  ])('of a pipeline that is %s brings %i looks forward', async (status, count) => {
    const payload = { object_kind: 'pipeline', object_attributes: { id: 7, ref: 'x', status }, project };
    expect(await hooked(payload)).toHaveLength(count);
  });
});
