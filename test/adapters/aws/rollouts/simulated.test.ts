import { describe, expect, test, vi } from 'vitest';
import { ecsClients } from '../../../../src/adapters/aws/ecs-clients.ts';
import { EcsRollouts } from '../../../../src/adapters/aws/rollouts/ecs-rollouts.ts';
import type { Account } from '../../../../src/core/catalogue/service.ts';
import type { Look } from '../../../../src/core/rollout/sources.ts';
import { aws, never, options } from '../stage.ts';
import { linePace } from './line-pace.ts';
import { virtualTime } from './virtual-time.ts';

const home = { account: null, region: 'eu-west-1' };
const [cluster, service] = ['shop', 'api'];
const place = { ...home, cluster, service };
const image = 'registry.example.com/api:1';
/** Whatever events there are. */
const ever = new Date(0);

/** A simulated AWS whose time stands until a test moves it, and a reader with the same time. */
async function stage(accounts: Account[] = []) {
  const { server, control } = await aws();
  vi.stubEnv('AWS_ENDPOINT_URL_STS', server.url);
  await control.addService({ cluster, name: service, image, desiredCount: 2 });
  const { now } = await control.setClock({ frozen: true });
  const time = virtualTime(now);
  const rollouts = new EcsRollouts(ecsClients(options, accounts), time);
  const advance = async (ms: number) => {
    time.advance(ms);
    await control.advance(ms);
  };
  const look = async (deployment: string | null = null) => {
    const [answer] = await rollouts.observe(home, [{ cluster, service, deployment, since: ever }], never);
    return seen(answer);
  };
  return { server, control, time, rollouts, advance, look };
}

function seen(answer: Look | undefined) {
  if (!answer || !('observation' in answer) || answer.observation.kind !== 'service')
    throw new Error(`No service: ${JSON.stringify(answer)}`);
  return answer.observation;
}

type Seen = ReturnType<typeof seen>;
const primaryOf = ({ service: { deployments } }: Seen) =>
  deployments.find(({ status }) => status === 'PRIMARY');

/** Looks every ten seconds until it is so. */
async function until(
  { advance, look }: Pick<Awaited<ReturnType<typeof stage>>, 'advance' | 'look'>,
  deployment: string,
  isSo: (looked: Seen) => boolean,
): Promise<Seen> {
  for (let i = 0; i < 120; i += 1) {
    const looked = await look(deployment);
    if (isSo(looked)) return looked;
    await advance(10_000);
  }
  throw new Error('It did not come to that in twenty minutes');
}

describe('over the wire', () => {
  test('a healthy rollout is seen from the first task to its end', async () => {
    const town = await stage();
    const before = await town.rollouts.snapshot(place, never);
    await town.control.deploy({ cluster, service, script: 'healthy', image: 'registry.example.com/api:2' });
    await town.advance(5_000);
    const id = primaryOf(await town.look())?.id ?? '';
    expect(id).not.toBe(before.primary);
    const end = await until(town, id, (looked) => primaryOf(looked)?.rolloutState === 'COMPLETED');
    const own = end.tasks.filter(({ startedBy }) => startedBy === id);
    expect(own.map(({ lastStatus }) => lastStatus)).toEqual(['RUNNING', 'RUNNING']);
    expect(own[0]?.containers).toMatchObject([{ image: 'registry.example.com/api:2' }]);
    expect(end.definitions).toMatchObject([{ arn: primaryOf(end)?.taskDefinition }]);
    const [newest] = end.serviceDeployments;
    expect(newest).toMatchObject({
      status: 'SUCCESSFUL',
      targetTaskDefinition: primaryOf(end)?.taskDefinition,
    });
    expect((await town.rollouts.snapshot(place, never)).serviceDeployment).toBe(newest?.arn);
  });

  test('a crash loop is seen with its stopped tasks, and rolled back', async () => {
    const town = await stage();
    const before = await town.rollouts.snapshot(place, never);
    await town.control.deploy({
      cluster,
      service,
      script: 'crash-loop',
      image: 'registry.example.com/api:2',
    });
    await town.advance(5_000);
    const id = primaryOf(await town.look())?.id ?? '';
    const back = await until(town, id, (looked) => primaryOf(looked)?.id !== id);
    const failed = back.tasks.filter(
      ({ startedBy, lastStatus }) => startedBy === id && lastStatus === 'STOPPED',
    );
    expect(failed.length).toBeGreaterThanOrEqual(2);
    expect(failed[0]).toMatchObject({ stopCode: 'EssentialContainerExited', containers: [{ exitCode: 1 }] });
    expect(back.serviceDeployments[0]).toMatchObject({
      status: expect.stringMatching(/^ROLLBACK_/),
      rollback: { reason: expect.any(String) },
    });
    expect(primaryOf(back)?.taskDefinition).toBe(before.taskDefinition);
  });

  test('another account is read by its role', async () => {
    const account = {
      id: 'production',
      roleArn: 'arn:aws:iam::210987654321:role/gonogo',
      externalId: 'ours',
    };
    const { control, rollouts } = await stage([account, { ...account, id: 'wrong', externalId: 'theirs' }]);
    await control.addRole({ arn: account.roleArn, externalId: 'ours' });
    await control.addService({ account: '210987654321', cluster, name: 'there', image });
    const question = { cluster, service: 'there', deployment: null, since: ever };
    const [there] = await rollouts.observe({ ...home, account: 'production' }, [question], never);
    expect(seen(there).service.status).toBe('ACTIVE');
    const [here] = await rollouts.observe(home, [question], never);
    expect(here).toMatchObject({ observation: { kind: 'nothing', why: 'no-service' } });
    const [wrong] = await rollouts.observe({ ...home, account: 'wrong' }, [question], never);
    expect(wrong).toMatchObject({ observation: { kind: 'nothing', why: 'denied' } });
  });

  test('a service that CODE_DEPLOY moves has task sets and no service deployments', async () => {
    const { control, rollouts } = await stage();
    await control.addService({ cluster, name: 'blue', image, controller: 'CODE_DEPLOY' });
    const [answer] = await rollouts.observe(
      home,
      [{ cluster, service: 'blue', deployment: null, since: ever }],
      never,
    );
    expect(seen(answer)).toMatchObject({
      service: { controller: 'CODE_DEPLOY', taskSets: [{ status: 'PRIMARY' }] },
      serviceDeployments: [],
    });
    expect((await rollouts.snapshot({ ...place, service: 'blue' }, never)).primary).toMatch(/^ecs-svc\//);
  });

  test('300 rollouts are looked at together', async () => {
    const { control, rollouts } = await stage();
    const plenty = { burst: 100_000, perSecond: 100_000 };
    await control.world({
      limits: { services: plenty, tasks: plenty, serviceDeployments: plenty, taskDefinitions: plenty },
    });
    const names = await control.addFleet({ cluster, count: 300, prefix: 'svc', script: 'healthy' });
    await control.advance(120_000);
    const questions = names.map((name) => ({ cluster, service: name, deployment: null, since: ever }));
    const looks = await rollouts.observe(home, questions, never);
    expect(looks.filter((answer) => seen(answer).tasks.length > 0)).toHaveLength(300);
    const before = rollouts.callsMade();
    await rollouts.observe(home, questions, never);
    const {
      DescribeServices: services = 0,
      ListTasks: lists = 0,
      DescribeTasks: tasks = 0,
    } = rollouts.callsMade();
    expect(services - (before.DescribeServices ?? 0)).toBe(30);
    expect(lists - (before.ListTasks ?? 0) + tasks - (before.DescribeTasks ?? 0)).toBeLessThan(40);
    expect(rollouts.callsMade().ListServiceDeployments).toBe(before.ListServiceDeployments);
    expect(rollouts.callsMade().DescribeTaskDefinition).toBe(before.DescribeTaskDefinition);
  });

  test('two workers that look at 60 services in real time are never throttled', async () => {
    const { control } = await stage();
    const names = await control.addFleet({ cluster, count: 60, prefix: 'svc', script: 'healthy' });
    const questions = names.map((name) => ({ cluster, service: name, deployment: null, since: ever }));
    const waiting = { pace: linePace(Date.now), now: () => new Date() };
    const workers = [1, 2].map(() => new EcsRollouts(ecsClients(options, []), waiting));
    await Promise.all(workers.map((worker) => worker.observe(home, questions, never)));
    const refused = (await control.requests()).filter(({ error }) => error !== undefined);
    expect(refused).toEqual([]);
    expect(await control.requests('ListServiceDeployments')).toHaveLength(120);
  });
});
