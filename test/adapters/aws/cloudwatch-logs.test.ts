import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { CloudWatchLogs } from '../../../src/adapters/aws/cloudwatch-logs.ts';
import { aws, failure, never, options, pointTo } from './stage.ts';

const region = 'eu-west-1';
const group = '/ecs/manage-staging/bf-manage-core';
const minute = 60_000;
const start = Math.floor(Date.now() / minute) * minute - 60 * minute;
const iso = (ms: number) => new Date(ms).toISOString();
const span = { from: new Date(start), to: new Date(start + 6 * minute) };
const scope = { region, group, streamPrefix: null, ...span };
const counting = { ...scope, terms: ['ERROR'], bucketMs: 2 * minute };

type Town = Awaited<ReturnType<typeof aws>>;

async function withGroup(world: Parameters<typeof aws>[0] = {}): Promise<Town> {
  const town = await aws(world);
  await town.control.addLogGroup({ region, name: group });
  return town;
}

const write = ({ control }: Town, texts: [afterMs: number, text: string][], stream = 'core/app/1') =>
  control.putLines({
    region,
    group,
    stream,
    lines: texts.map(([afterMs, text]) => ({ text, at: iso(start + afterMs) })),
  });

describe('lines are counted', () => {
  test('by stretches, oldest first, those with a term and all, quiet stretches too', async () => {
    const town = await withGroup();
    await write(town, [
      [0, 'INFO up'],
      [minute, 'ERROR one'],
      [2 * minute - 1, 'ERROR two'],
      [4 * minute, 'an error in small letters'],
      [6 * minute, 'ERROR too late'],
    ]);
    const counts = await new CloudWatchLogs(options).lineCounts(counting, never);
    const at = [0, 1, 2].map((i) => iso(start + i * 2 * minute));
    expect(counts?.matching).toEqual([2, 0, 0].map((count, i) => ({ at: at[i], count })));
    expect(counts?.all).toEqual([3, 0, 1].map((count, i) => ({ at: at[i], count })));
  });

  test('to the letter: what CloudWatch takes for a pattern is text', async () => {
    const town = await withGroup();
    await write(town, [
      [1, '[core] "status"=500 {x}'],
      [2, 'status 500'],
      [3, 'FATAL'],
    ]);
    const terms = ['[core] "status"=500 {x}', 'FATAL'];
    const counts = await new CloudWatchLogs(options).lineCounts({ ...counting, terms }, never);
    expect(counts?.matching[0]?.count).toBe(2);
  });

  test('once each, over every page, empty ones between', async () => {
    const town = await withGroup({
      linesPerPage: 7,
      emptyPageEvery: 2,
      limits: { logEvents: { burst: 500, perSecond: 500 } },
    });
    await write(
      town,
      Array.from({ length: 100 }, (_, i) => [i * 1_000, i % 10 === 0 ? 'ERROR' : 'INFO']),
    );
    const counts = await new CloudWatchLogs(options).lineCounts({ ...counting, bucketMs: 6 * minute }, never);
    expect([counts?.matching[0]?.count, counts?.all[0]?.count]).toEqual([10, 100]);
    expect((await town.control.requests('FilterLogEvents')).length).toBeGreaterThan(20);
  });

  test('once each, where pages overlap', async () => {
    const town = await withGroup();
    const event = (n: number) => ({ eventId: `e${n}`, timestamp: start + n, message: 'ERROR' });
    const pages = [{ events: [event(1), event(2)], nextToken: 't' }, { events: [event(2), event(3)] }];
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify(pages.shift()));
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    pointTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const counts = await new CloudWatchLogs(options).lineCounts(counting, never);
    expect(counts?.matching[0]?.count).toBe(3);
    expect(await town.control.requests()).toEqual([]);
  });

  test('of the streams with a prefix', async () => {
    const town = await withGroup();
    await write(town, [[1, 'ERROR']], 'core/app/1');
    await write(town, [[1, 'ERROR']], 'proxy/nginx/1');
    const logs = new CloudWatchLogs(options);
    const counts = await logs.lineCounts({ ...counting, streamPrefix: 'core/' }, never);
    expect(counts?.all[0]?.count).toBe(1);
  });

  test('without a last stretch that the span cuts', async () => {
    await withGroup();
    const query = { ...counting, bucketMs: 4 * minute };
    expect((await new CloudWatchLogs(options).lineCounts(query, never))?.all).toHaveLength(1);
  });

  test('where the group is named by its ARN', async () => {
    const town = await withGroup();
    await write(town, [[1, 'ERROR']]);
    const arn = `arn:aws:logs:${region}:123456789012:log-group:${group}`;
    const counts = await new CloudWatchLogs(options).lineCounts({ ...counting, group: arn }, never);
    expect(counts?.matching[0]?.count).toBe(1);
  });

  test('with a page for people', async () => {
    await withGroup();
    const counts = await new CloudWatchLogs(options).lineCounts(counting, never);
    expect(counts?.url).toBe(
      'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1' +
        '#logsV2:log-groups/log-group/$252Fecs$252Fmanage-staging$252Fbf-manage-core' +
        `/log-events$3Fstart$3D${start}$26end$3D${start + 6 * minute}`,
    );
  });
});

describe('lines are read', () => {
  const reading = { ...scope, terms: ['Migration', 'ERROR'], limit: 2 };

  test('newest last, the newest when there are too many', async () => {
    const town = await withGroup({ linesPerPage: 2 });
    await write(town, [
      [1, 'Migration 1 done'],
      [2, 'INFO up'],
      [3, 'ERROR no'],
      [4, 'Migration 2 done'],
    ]);
    const found = await new CloudWatchLogs(options).lines(reading, never);
    expect(found?.lines).toEqual([
      { at: iso(start + 3), text: 'ERROR no' },
      { at: iso(start + 4), text: 'Migration 2 done' },
    ]);
    expect(found?.url).toContain('#logsV2:');
  });

  test('up to the end of the stretch, which is not in it', async () => {
    const town = await withGroup();
    await write(town, [
      [6 * minute - 1, 'ERROR in time'],
      [6 * minute, 'ERROR too late'],
    ]);
    const found = await new CloudWatchLogs(options).lines(reading, never);
    expect(found?.lines.map(({ text }) => text)).toEqual(['ERROR in time']);
  });

  test('none where nothing fits', async () => {
    await withGroup();
    expect((await new CloudWatchLogs(options).lines(reading, never))?.lines).toEqual([]);
  });
});

test('a group that is not there has neither lines nor counts', async () => {
  await aws();
  const logs = new CloudWatchLogs(options);
  expect(await logs.lineCounts(counting, never)).toBeNull();
  expect(await logs.lines({ ...scope, terms: ['x'], limit: 1 }, never)).toBeNull();
});

describe('a part of the lines is no answer', () => {
  test.each([
    ['lines', { lines: 10, pages: 1_000 }],
    ['pages', { lines: 1_000, pages: 4 }],
  ])('too many %s are refused', async (_, limits) => {
    const town = await withGroup({ linesPerPage: 3, emptyPageEvery: 0 });
    await write(
      town,
      Array.from({ length: 20 }, (_, i) => [i, 'ERROR']),
    );
    const { kind, problem } = await failure(new CloudWatchLogs(options, limits).lineCounts(counting, never));
    expect([kind, problem.code]).toEqual(['refused', 'aws-too-many-lines']);
  });

  test('a fault on a later page is a fault of the whole', async () => {
    const town = await withGroup({ linesPerPage: 3, emptyPageEvery: 0 });
    await write(
      town,
      Array.from({ length: 20 }, (_, i) => [i, 'ERROR']),
    );
    const logs = new CloudWatchLogs(options);
    await town.control.addFault({ kind: 'slow', delayMs: 300, operation: 'FilterLogEvents', times: 1 });
    const reading = failure(logs.lineCounts(counting, never));
    await vi.waitFor(async () => expect((await town.control.state()).faults[0]?.struck).toBe(1));
    await town.control.access({ operation: 'FilterLogEvents', allowed: false });
    const { kind, problem } = await reading;
    expect([kind, problem.code]).toEqual(['refused', 'aws-refused']);
  });

  test('being slowed down by AWS is borne', async () => {
    const town = await withGroup({
      linesPerPage: 5,
      emptyPageEvery: 0,
      limits: { logEvents: { burst: 2, perSecond: 10 } },
    });
    await write(
      town,
      Array.from({ length: 30 }, (_, i) => [i, 'ERROR']),
    );
    const counts = await new CloudWatchLogs(options).lineCounts(counting, never);
    expect(counts?.matching[0]?.count).toBe(30);
  });

  test('the reading ends when its caller ends it, with the caller’s reason', async () => {
    const town = await withGroup();
    await town.control.addFault({ kind: 'slow', delayMs: 60_000 });
    const stop = new AbortController();
    const reading = new CloudWatchLogs(options).lineCounts(counting, stop.signal);
    await vi.waitFor(async () => expect((await town.control.state()).faults[0]?.struck).toBe(1));
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });
});
