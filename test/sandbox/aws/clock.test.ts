import { describe, expect, test } from 'vitest';
import { Clock } from '../../../sandbox/aws/clock.ts';
import { DueList } from '../../../sandbox/aws/rollouts/due.ts';
import { rolling } from './rolling.ts';
import { started } from './started.ts';

/** A clock over a real time that is set by hand. */
function clockAt(start: number) {
  let real = start;
  const clock = new Clock(() => real);
  return { clock, pass: (ms: number) => (real += ms) };
}

describe('the clock', () => {
  test('goes as real time does until it is told otherwise', () => {
    const { clock, pass } = clockAt(1000);
    pass(500);
    expect(clock.now()).toBe(1500);
  });

  test('goes faster, and keeps what it has gained', () => {
    const { clock, pass } = clockAt(1000);
    clock.setSpeed(10);
    pass(100);
    expect(clock.now()).toBe(2000);
    clock.setSpeed(1);
    pass(100);
    expect(clock.now()).toBe(2100);
  });

  test('stands still when frozen, but for leaps, and goes on from there', () => {
    const { clock, pass } = clockAt(1000);
    clock.setFrozen(true);
    pass(5000);
    clock.advance(60_000);
    expect(clock.now()).toBe(61_000);
    clock.setFrozen(false);
    pass(10);
    expect(clock.now()).toBe(61_010);
  });

  test('never goes back, whatever real time does', () => {
    const { clock, pass } = clockAt(1000);
    pass(-900);
    expect(clock.now()).toBe(1000);
  });

  test('is seen and set by control; requests are still signed for real time', async () => {
    const at = await rolling();
    const before = await at.control.clock();
    expect(before).toMatchObject({ speed: 1, frozen: true });
    expect(await at.control.clock()).toEqual(before);
    const after = await at.control.advance(3_600_000);
    expect(Date.parse(after.now) - Date.parse(before.now)).toBe(3_600_000);
    expect((await at.described()).status).toBe('ACTIVE');
    await at.control.world({ speed: 4 });
    expect(await at.control.setClock({ frozen: false })).toMatchObject({ speed: 4, frozen: false });
  });
});

test('what is due comes in the order of its time, then of its coming', () => {
  const due = new DueList();
  const happened: string[] = [];
  const times = [5, 1, 4, 1, 3, 9, 2, 6, 5, 3, 5];
  for (const [i, at] of times.entries()) due.add({ at, happen: () => happened.push(`${at}.${i}`) });
  for (let one = due.take(5); one; one = due.take(5)) one.happen();
  expect(happened).toEqual(['1.1', '1.3', '2.6', '3.4', '3.9', '4.2', '5.0', '5.8', '5.10']);
  expect(due.take(8)?.at).toBe(6);
  expect(due.take(8)).toBeUndefined();
});

describe('a rollout', () => {
  test('comes to the same end in one leap as in many steps', async () => {
    const end = async (steps: number) => {
      const at = await rolling();
      const begun = await at.deploy({ script: 'crash-loop' });
      for (let i = 1; i <= steps; i += 1) await at.goTo((120 / steps) * i);
      const { events = [], deployments = [] } = await at.described();
      const lines = await at.lines();
      return {
        begun: begun.deployment,
        events: events.map(({ message }) => message),
        deployments: deployments.map(({ id, rolloutState }) => [id, rolloutState]),
        lines: lines.map(({ text, stream }) => [text, stream]),
      };
    };
    expect(await end(60)).toEqual(await end(1));
  });

  test('goes on by itself while the clock runs', async () => {
    const at = await rolling();
    const { deployment } = await at.deploy({ script: 'healthy' });
    await at.control.setClock({ frozen: false, speed: 1000 });
    const completed = async () =>
      (await at.described()).deployments?.filter(({ rolloutState }) => rolloutState === 'COMPLETED');
    await expect.poll(completed).toMatchObject([{ id: deployment }]);
  });

  test('goes faster with a pace, and leaves the clock alone', async () => {
    const at = await rolling();
    const { deployment } = await at.deploy({ script: 'healthy', pace: 10 });
    const state = async () =>
      (await at.described()).deployments?.find(({ id }) => id === deployment)?.rolloutState;
    await at.goTo(27);
    expect(await state()).toBe('IN_PROGRESS');
    await at.goTo(27.5);
    expect(await state()).toBe('COMPLETED');
  });

  test('may have begun a while ago', async () => {
    const at = await rolling();
    const begun = await at.deploy({ script: 'crash-loop', agoMs: 80_000 });
    const [primary, failed] = (await at.described()).deployments ?? [];
    expect(failed).toMatchObject({ id: begun.deployment, rolloutState: 'FAILED' });
    expect(primary?.createdAt?.getTime()).toBeGreaterThan(failed?.createdAt?.getTime() ?? 0);
  });

  test('that another one follows ends where it was, and the other takes its tasks away', async () => {
    const at = await rolling();
    const first = await at.deploy({ script: 'healthy' });
    await at.goTo(60);
    const second = await at.deploy({ script: 'healthy-fast' });
    expect(second.before).toBe(first.deployment);
    await at.goTo(60);
    const { deployments = [] } = await at.described();
    expect(deployments.map(({ id }) => id)).toEqual([second.deployment]);
    const left = (await at.tasksOf(first.deployment)).map(({ lastStatus }) => lastStatus);
    expect(left).toEqual(['STOPPED', 'STOPPED']);
  });

  test('after one that was rolled back goes back to what was taken over', async () => {
    const at = await rolling();
    await at.deploy({ script: 'crash-loop' });
    await at.goTo(120);
    const { before } = await at.deploy({ script: 'crash-loop', image: 'registry.example/core:next' });
    await at.goTo(120);
    const [primary] = (await at.described()).deployments ?? [];
    expect(primary).toMatchObject({ rolloutState: 'COMPLETED', runningCount: 2, desiredCount: 2 });
    expect(primary?.id).not.toBe(before);
  });

  test('ends when the service is set by hand', async () => {
    const at = await rolling();
    await at.deploy({ script: 'crash-loop' });
    await at.goTo(30);
    await at.control.setService({
      cluster: 'manage-staging',
      service: 'bf-manage-core',
      image: 'registry.example/core:hand',
    });
    await at.goTo(300);
    const { deployments = [], runningCount } = await at.described();
    expect(deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
    expect(runningCount).toBe(2);
  });

  test.each([
    ['a script that there is not', { script: 'magic' }, '400'],
    ['a service that there is not', { script: 'healthy', service: 'nothing' }, '404'],
    ['a task definition that there is not', { script: 'healthy', taskDefinition: 'nothing:1' }, '404'],
  ])('is refused for %s', async (_, wish, status) => {
    const { control } = await started();
    const sent = control.deploy({ cluster: 'manage-staging', service: 'bf-manage-core', ...wish });
    await expect(sent).rejects.toThrow(status);
  });

  test('of a script for ECS is refused where CodeDeploy moves the service', async () => {
    const { control } = await started();
    const spec = { cluster: 'manage-staging', name: 'moved', image: 'example/moved:1' };
    await control.addService({ ...spec, controller: 'CODE_DEPLOY' });
    const sent = control.deploy({ cluster: 'manage-staging', service: 'moved', script: 'healthy' });
    await expect(sent).rejects.toThrow('409');
  });
});
