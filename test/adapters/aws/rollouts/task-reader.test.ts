import { expect, test } from 'vitest';
import { ecsClients } from '../../../../src/adapters/aws/ecs-clients.ts';
import { PacedCalls } from '../../../../src/adapters/aws/rollouts/calls.ts';
import { TaskCache } from '../../../../src/adapters/aws/rollouts/task-cache.ts';
import { TaskReader } from '../../../../src/adapters/aws/rollouts/tasks.ts';
import { never, options } from '../stage.ts';
import { home } from './looking.ts';
import { stubEcs } from './stub-ecs.ts';
import { answersFor, emptyTown, service } from './town.ts';
import { virtualTime } from './virtual-time.ts';

test('of the tasks that were read only those are kept that will not be read again', async () => {
  const town = {
    ...emptyTown(),
    services: [service('a')],
    tasks: [
      { id: 'running', service: 'a', startedBy: 'ecs-svc/2' },
      { id: 'stopped', service: 'a', startedBy: 'ecs-svc/2', lastStatus: 'STOPPED' },
    ],
  };
  const time = virtualTime();
  const ecs = await stubEcs(answersFor(town), time.now);
  const cache = new TaskCache();
  const reader = new TaskReader(ecsClients(options, [])(home), new PacedCalls('home', time, {}), cache);
  const wanted = { name: 'a', tasks: 1, since: new Date(0), primary: 'ecs-svc/2', isSettled: () => false };
  const read = await reader.read('c', [wanted], time.now().getTime(), never);
  expect(read.get('a')).toMatchObject({ value: [{ id: 'running' }, { id: 'stopped' }] });
  const [running, stopped] = ecs.of('DescribeTasks').flatMap(({ tasks }) => tasks as string[]);
  expect(cache.size).toBe(1);
  expect(cache.get(running ?? '')).toBeUndefined();
  expect(cache.get(stopped ?? '')?.task?.lastStatus).toBe('STOPPED');
});
