import {
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, test } from 'vitest';
import type { AwsWorld } from '../../../sandbox/aws/server.ts';
import { cluster, logGroup, service, started } from './started.ts';

const plain: Partial<AwsWorld> = {
  background: [],
  ingestionDelayMs: 0,
  emptyPageEvery: 0,
  limits: { logEvents: { burst: 1000, perSecond: 1000 } },
};
const minute = 60_000;
/** A whole hour that is over. */
const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 2 * 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

async function looking(world: Partial<AwsWorld> = {}) {
  const all = await started({ ...plain, ...world });
  const client = all.logs();
  const page = (input: Partial<FilterLogEventsCommandInput> = {}) =>
    client.send(new FilterLogEventsCommand({ logGroupName: logGroup, startTime: hour, ...input }));
  /** Every page, until there is no token. */
  const pages = async (input: Partial<FilterLogEventsCommandInput> = {}) => {
    const found = [];
    const asked = { logGroupName: logGroup, startTime: hour, ...input };
    for await (const one of paginateFilterLogEvents({ client }, asked)) found.push(one.events ?? []);
    return found;
  };
  const texts = async (input: Partial<FilterLogEventsCommandInput> = {}) =>
    (await pages(input)).flat().map(({ message }) => message);
  const put = (lines: string[], stream?: string) =>
    all.control.putLines({
      group: logGroup,
      ...(stream === undefined ? {} : { stream }),
      lines: lines.map((text, i) => ({ text, at: iso(hour + i * 1000) })),
    });
  return { ...all, client, page, pages, texts, put };
}

describe('lines that were put', () => {
  test('are found with time, stream and an id, in order of time', async () => {
    const { put, page, control } = await looking();
    await put(['first', 'third']);
    await control.putLines({ group: logGroup, lines: [{ text: 'between', at: iso(hour + 500) }] });
    const { events = [], nextToken } = await page();
    expect(nextToken).toBeUndefined();
    expect(events.map(({ message, timestamp }) => [message, (timestamp ?? 0) - hour])).toEqual([
      ['first', 0],
      ['between', 500],
      ['third', 1000],
    ]);
    const state = await control.state();
    const streams = state.regions[0]?.clusters[0]?.tasks.map(({ stream }) => stream);
    expect(streams).toContain(events[0]?.logStreamName);
    expect(events[0]?.logStreamName).toMatch(/^bf-manage-core\/bf-manage-core\/[0-9a-f]{32}$/);
    expect(events[0]?.eventId).toMatch(/^\d{56}$/);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(3);
  });

  test('are found only when they have been taken in', async () => {
    const { control, texts } = await looking({ ingestionDelayMs: 600_000 });
    await control.putLines({ group: logGroup, lines: [{ text: 'just now' }] });
    await control.putLines({ group: logGroup, lines: [{ text: 'before', at: iso(Date.now() - 700_000) }] });
    expect(await texts()).toEqual(['before']);
    await control.world({ ingestionDelayMs: 0 });
    expect(await texts()).toEqual(['before', 'just now']);
  });

  test('are cut by start and end, both inclusive', async () => {
    const { put, texts } = await looking();
    await put(['a', 'b', 'c', 'd']);
    expect(await texts({ startTime: hour + 1000, endTime: hour + 2000 })).toEqual(['b', 'c']);
  });

  test('are told apart by stream, by name and by prefix', async () => {
    const { put, texts } = await looking();
    await put(['of the one'], 'core/core/1');
    await put(['of the other'], 'core/migrate/2');
    expect(await texts({ logStreamNamePrefix: 'core/migrate/' })).toEqual(['of the other']);
    expect(await texts({ logStreamNamePrefix: 'core/' })).toHaveLength(2);
    expect(await texts({ logStreamNamePrefix: 'nothing' })).toEqual([]);
    expect(await texts({ logStreamNames: ['core/core/1'] })).toEqual(['of the one']);
  });

  test('need a group that there is, and a stream when no task writes there', async () => {
    const { control } = await looking();
    await expect(control.putLines({ group: '/nothing', lines: [{ text: 'x' }] })).rejects.toThrow('404');
    await control.addLogGroup({ name: '/ecs/new' });
    await expect(control.putLines({ group: '/ecs/new', lines: [{ text: 'x' }] })).rejects.toThrow('409');
    await control.putLines({ group: '/ecs/new', stream: 's', lines: [{ text: 'x' }] });
  });
});

describe('a filter pattern', () => {
  const lines = ['ERROR 500 timed out', 'ERRORS are rare', 'WARN code:500', 'INFO all is well', 'error'];

  test.each<[string, string, number[]]>([
    ['nothing', '', [0, 1, 2, 3, 4]],
    ['a word', 'ERROR', [0]],
    ['two words, in any order', 'timed ERROR', [0]],
    ['a phrase', '"timed out"', [0]],
    ['a phrase that is a part of a word', '"ERROR"', [0, 1]],
    ['a phrase with a colon', '"code:500"', [2]],
    ['any of two words', '?ERROR ?WARN', [0, 2]],
    ['any of two phrases', '?"all is" ?"are rare"', [1, 3]],
    ['not a word', '-INFO', [0, 1, 2, 4]],
    ['a word but not another', '500 -ERROR', [2]],
    ['a word that nothing has', 'FATAL', []],
  ])('of %s', async (_, filterPattern, found) => {
    const { put, texts } = await looking();
    await put(lines);
    expect(await texts({ filterPattern })).toEqual(found.map((i) => lines[i]));
  });
});

describe('pages', () => {
  const lines = Array.from({ length: 10 }, (_, i) => `line ${i}`);

  test('end at the limit, and the last has no token', async () => {
    const { put, pages } = await looking();
    await put(lines);
    const found = await pages({ limit: 4 });
    expect(found.map((events) => events.length)).toEqual([4, 4, 2]);
    expect(found.flat().map(({ message }) => message)).toEqual(lines);
  });

  test('are empty and have a token where enough lines were looked at in vain', async () => {
    const { put, pages } = await looking({ linesPerPage: 3 });
    await put(lines);
    const found = await pages({ filterPattern: '"line 8"' });
    expect(found.map((events) => events.length)).toEqual([0, 0, 1, 0]);
  });

  test.each([
    [1, [0, 4, 0, 4, 0, 2]],
    [2, [4, 0, 4, 0, 2]],
    [3, [4, 4, 0, 2]],
  ])('are empty for no reason as often as told: each %i.', async (emptyPageEvery, lengths) => {
    const { put, pages } = await looking({ emptyPageEvery });
    await put(lines);
    const found = await pages({ limit: 4 });
    expect(found.map((events) => events.length)).toEqual(lengths);
    expect(found.flat().map(({ message }) => message)).toEqual(lines);
  });

  test('are empty now and then unless told otherwise', async () => {
    const { page } = await looking({ emptyPageEvery: 3, background: [] });
    const tokens = [];
    for (let i = 0; i < 6; i += 1) tokens.push((await page()).nextToken !== undefined);
    expect(tokens).toEqual([false, false, true, false, false, true]);
  });

  test('hold what fits in 1 MB', async () => {
    const { put, pages } = await looking();
    for (const letter of ['w', 'x', 'y', 'z']) await put([letter.repeat(400_000)]);
    const found = await pages();
    expect(found.map((events) => events.length)).toEqual([2, 2]);
    expect(new Set(found.flat().map(({ message }) => message?.[0])).size).toBe(4);
  });

  test('do not mix with another search: its token is refused', async () => {
    const { put, page } = await looking();
    await put(lines);
    const { nextToken } = await page({ limit: 4 });
    const other = page({ limit: 4, filterPattern: 'line', nextToken: nextToken ?? '' });
    await expect(other).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('the background', () => {
  const tenMinutes = { startTime: hour, endTime: hour + 10 * minute };

  test('is the same each time, about as much as told, in the streams of the tasks', async () => {
    const { control, pages } = await looking();
    await control.addBackground({ group: logGroup, text: 'INFO ok', perMinute: 20 });
    const first = (await pages(tenMinutes)).flat();
    expect((await pages(tenMinutes)).flat()).toEqual(first);
    expect(first.length).toBeGreaterThan(100);
    expect(first.length).toBeLessThan(300);
    expect(new Set(first.map(({ logStreamName }) => logStreamName)).size).toBe(2);
    const times = first.map(({ timestamp }) => timestamp ?? 0);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(first.map(({ eventId }) => eventId)).size).toBe(first.length);
  });

  test('may last from and until, and be ended with what it wrote', async () => {
    const { control, pages } = await looking();
    const [from, until] = [hour + 3 * minute, hour + 5 * minute];
    const id = await control.addBackground({
      group: logGroup,
      text: 'ERROR',
      perMinute: 50,
      from: iso(from),
      until: iso(until),
    });
    const times = (await pages(tenMinutes)).flat().map(({ timestamp }) => timestamp ?? 0);
    expect(times.length).toBeGreaterThan(50);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(from);
    expect(Math.max(...times)).toBeLessThan(until);
    await control.removeBackground({ group: logGroup, id });
    expect((await pages(tenMinutes)).flat()).toEqual([]);
    await expect(control.removeBackground({ group: logGroup, id })).rejects.toThrow('404');
  });

  test('is not written while no task runs', async () => {
    const { control, texts } = await looking();
    await control.addBackground({ group: logGroup, text: 'INFO ok', perMinute: 500 });
    await control.setService({ cluster, service, desiredCount: 0 });
    const { stoppedAt } = (await control.state()).regions[0]?.clusters[0]?.tasks[0] ?? {};
    expect(await texts({ startTime: stoppedAt ?? 0 })).toEqual([]);
    expect(await texts({ startTime: (stoppedAt ?? 0) - 2 * minute })).not.toEqual([]);
  });

  test('of the default world is quiet: INFO all the time, ERROR seldom', async () => {
    const { limits } = plain;
    const all = await started({ limits: limits ?? {} });
    const client = all.logs();
    const count = async (filterPattern: string) => {
      let found = 0;
      const asked = { logGroupName: logGroup, startTime: hour - 86_400_000, endTime: hour, filterPattern };
      for await (const page of paginateFilterLogEvents({ client }, asked)) found += page.events?.length ?? 0;
      return found;
    };
    expect(await count('INFO')).toBeGreaterThan(5000);
    const errors = await count('ERROR');
    expect(errors).toBeGreaterThan(80);
    expect(errors).toBeLessThan(250);
  });
});

test('log groups are listed by name, by its start or a part of it, page by page', async () => {
  const { client, control } = await looking();
  for (const name of ['/ecs/a', '/ecs/b', '/other']) await control.addLogGroup({ name });
  const names = async (input: object) =>
    (await client.send(new DescribeLogGroupsCommand(input))).logGroups?.map((group) => group.logGroupName);
  expect(await names({})).toEqual(['/ecs/a', '/ecs/b', logGroup, '/other']);
  expect(await names({ logGroupNamePrefix: '/ecs/' })).toHaveLength(3);
  expect(await names({ logGroupNamePattern: 'MANAGE' })).toEqual([logGroup]);
  expect(await names({ logGroupNamePrefix: '/nothing' })).toEqual([]);
  const pages = [];
  for await (const page of paginateDescribeLogGroups({ client, pageSize: 3 }, {}))
    pages.push(page.logGroups?.length);
  expect(pages).toEqual([3, 1]);
});
