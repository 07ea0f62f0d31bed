import { expect, test } from 'vitest';
import { rolloutsOnDemand } from '../../../src/adapters/aws/on-demand.ts';
import { Refusal, stubEcs } from './rollouts/stub-ecs.ts';
import { answersFor, emptyTown, service } from './rollouts/town.ts';
import { never, options } from './stage.ts';

/** Nobody else asks, so it is always one's turn. */
const pace = { reserve: async () => new Date(0), holdUntil: async () => {} };

test('the readers of watches count their calls from the first one on', async () => {
  await stubEcs(answersFor({ ...emptyTown(), services: [service('a')] }));
  const { rollouts, callsMade } = rolloutsOnDemand(options, [], pace);
  expect(callsMade()).toEqual({});
  const place = { account: null, region: 'eu-west-1' };
  const question = { cluster: 'c', service: 'a' };
  expect(await rollouts.snapshot({ ...place, ...question }, never)).toMatchObject({ primary: 'ecs-svc/2' });
  const [look] = await rollouts.observe(
    place,
    [{ ...question, deployment: null, since: new Date(0) }],
    never,
  );
  expect(look).toMatchObject({ observation: { kind: 'service' } });
  expect(callsMade()).toMatchObject({ DescribeServices: 2, ListTasks: 2, DescribeTaskDefinition: 1 });
});

test('the lines of tasks are read one turn a page, in each region for itself', async () => {
  let pages = 2;
  const logs = await stubEcs({
    FilterLogEvents: () => {
      pages -= 1;
      return { events: [], ...(pages > 0 ? { nextToken: 'more' } : {}) };
    },
  });
  const reserved: [string, number][] = [];
  const { taskLogs } = rolloutsOnDemand(options, [], {
    ...pace,
    reserve: async (name, spacingMs) => {
      reserved.push([name, spacingMs]);
      return new Date(0);
    },
  });
  const query = { account: null, group: 'g', streamPrefix: null, from: new Date(0), to: null };
  const read = (region: string) => taskLogs.read({ ...query, region }, () => {}, never);
  expect((await read('eu-west-1')).kind).toBe('drained');
  await read('us-east-1');
  expect(logs.of('FilterLogEvents')).toHaveLength(3);
  expect(reserved).toEqual([
    ['aws/-/eu-west-1/log-events', 250],
    ['aws/-/eu-west-1/log-events', 250],
    ['aws/-/us-east-1/log-events', 50],
  ]);
});

test('a throttle of logs holds everybody, and then the reading goes on', async () => {
  const logs = await stubEcs({
    FilterLogEvents: () => {
      if (logs.calls.length === 1) throw new Refusal('ThrottlingException', 'Rate exceeded');
      return { events: [] };
    },
  });
  const held: [string, number][] = [];
  const now = () => new Date(1_000_000);
  const holdUntil = async (name: string, at: Date) => {
    held.push([name, at.getTime() - now().getTime()]);
  };
  const { taskLogs } = rolloutsOnDemand(options, [], { ...pace, holdUntil }, now);
  const query = {
    account: null,
    region: 'eu-west-1',
    group: 'g',
    streamPrefix: null,
    from: new Date(0),
    to: null,
  };
  expect((await taskLogs.read(query, () => {}, never)).kind).toBe('drained');
  expect(held).toEqual([['aws/-/eu-west-1/log-events', expect.any(Number)]]);
  expect(logs.calls).toHaveLength(2);
});
