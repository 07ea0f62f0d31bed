import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { logsClients } from '../../../src/adapters/aws/logs-clients.ts';
import { CloudWatchTaskLogs, type TaskLogsOptions } from '../../../src/adapters/aws/task-logs.ts';
import type { LogLine } from '../../../src/core/rollout/logs.ts';
import type { TaskLogQuery } from '../../../src/core/rollout/sources.ts';
import { aws, failure, never, options, pointTo } from './stage.ts';

const region = 'eu-west-1';
const group = '/ecs/production/bf-manage-core';
const start = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000;
const query: TaskLogQuery = {
  account: null,
  region,
  group,
  streamPrefix: 'core/app/',
  from: new Date(start),
  to: null,
};
const plenty = { limits: { logEvents: { burst: 1_000, perSecond: 1_000 } } };

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
    lines: texts.map(([afterMs, text]) => ({ text, at: new Date(start + afterMs).toISOString() })),
  });

const numbered = (count: number): [number, string][] =>
  Array.from({ length: count }, (_, i) => [i, `line ${i}`]);
const reader = (its: TaskLogsOptions = {}) => new CloudWatchTaskLogs(logsClients(options, []), its);
/** Pauses that take no time; counted. */
function impatient() {
  const pauses: number[] = [];
  const throttled = async (_: unknown, time: number): Promise<void> => {
    pauses.push(time);
  };
  return { throttled, pauses };
}

async function linesOf(change: Partial<TaskLogQuery> = {}, its: TaskLogsOptions = {}) {
  const lines: LogLine[] = [];
  const answer = await reader(its).read({ ...query, ...change }, (page) => lines.push(...page), never);
  return { ...answer, lines };
}

describe('lines are handed over', () => {
  test('all of them, unfiltered, with id, time, stream and text', async () => {
    const town = await withGroup();
    await write(town, [[5, 'INFO up']]);
    await write(town, [[7, '[x] "quoted" {1}']], 'core/app/2');
    const { kind, lines, url } = await linesOf();
    expect(kind).toBe('drained');
    expect(lines).toEqual([
      { id: expect.stringMatching(/^\d+$/), at: start + 5, stream: 'core/app/1', text: 'INFO up' },
      { id: expect.stringMatching(/^\d+$/), at: start + 7, stream: 'core/app/2', text: '[x] "quoted" {1}' },
    ]);
    expect(url).toContain('log-groups/log-group/$252Fecs$252Fproduction$252Fbf-manage-core/log-events');
  });

  test('over every page, also behind empty ones', async () => {
    const town = await withGroup({ linesPerPage: 7, emptyPageEvery: 2, ...plenty });
    await write(town, numbered(100));
    const { kind, lines } = await linesOf();
    expect(kind).toBe('drained');
    expect(lines.map(({ text }) => text)).toEqual(numbered(100).map(([, text]) => text));
    expect((await town.control.requests('FilterLogEvents')).length).toBeGreaterThan(20);
  });

  test('of streams with the prefix; of the whole group without one', async () => {
    const town = await withGroup();
    await write(town, [[1, 'mine']]);
    await write(town, [[2, 'of the proxy']], 'proxy/nginx/1');
    expect((await linesOf()).lines.map(({ text }) => text)).toEqual(['mine']);
    expect((await linesOf({ streamPrefix: null })).lines).toHaveLength(2);
  });

  test('from the first moment on, up to the last, which is not in it', async () => {
    const town = await withGroup();
    await write(town, numbered(10));
    const texts = async (change: Partial<TaskLogQuery>) =>
      (await linesOf(change)).lines.map(({ at }) => at - start);
    expect(await texts({ from: new Date(start + 7) })).toEqual([7, 8, 9]);
    expect(await texts({ to: new Date(start + 2) })).toEqual([0, 1]);
  });

  test('again with the same ids, where a read overlaps the one before', async () => {
    const town = await withGroup();
    await write(town, numbered(3));
    const [first, second] = [await linesOf(), await linesOf({ from: new Date(start + 1) })];
    expect(second.lines.map(({ id }) => id)).toEqual(first.lines.slice(1).map(({ id }) => id));
  });

  test('in small parts, so that nobody is held up by a large page', async () => {
    const town = await withGroup();
    await write(town, [...numbered(1_000), [2_000, 'x'.repeat(50_000)]]);
    const parts: LogLine[][] = [];
    await reader().read(query, (lines) => parts.push(lines), never);
    expect(parts.flat()).toHaveLength(1_001);
    expect(Math.max(...parts.slice(0, -1).map((part) => part.length))).toBeLessThanOrEqual(200);
    expect(parts.at(-1)).toHaveLength(1);
    await write(
      town,
      Array.from({ length: 30 }, (_, i) => [i, 'y'.repeat(1_000)]),
      'core/app/9',
    );
    parts.length = 0;
    await reader().read({ ...query, streamPrefix: 'core/app/9' }, (lines) => parts.push(lines), never);
    expect(Math.max(...parts.map((part) => part.length))).toBe(4);
  });
});

test('whoever takes lines slowly lets others have their turn between the parts of a page', async () => {
  const town = await withGroup();
  await write(town, numbered(2_000));
  let [turns, parts] = [0, 0];
  const others = () => {
    turns += 1;
    if (!isOver) setImmediate(others);
  };
  let isOver = false;
  setImmediate(others);
  const hold = () => {
    const until = performance.now() + 20;
    while (performance.now() < until);
  };
  const turnsAt: number[] = [];
  await reader().read(
    query,
    () => {
      turnsAt.push(turns);
      parts += 1;
      hold();
    },
    never,
  );
  isOver = true;
  expect(parts).toBeGreaterThan(5);
  expect(new Set(turnsAt).size).toBe(parts);
});

describe('what is not there yet', () => {
  test('is missing: no such group', async () => {
    await aws();
    expect(await linesOf()).toMatchObject({ kind: 'missing', lines: [] });
  });

  test('has no lines: a group without a stream of that name', async () => {
    await withGroup();
    expect(await linesOf()).toMatchObject({ kind: 'drained', lines: [] });
  });
});

describe('a throttle', () => {
  test('is waited for, again and again, and the page is asked for again', async () => {
    const town = await withGroup({ linesPerPage: 5, emptyPageEvery: 0, ...plenty });
    await write(town, numbered(12));
    await town.control.addFault({ kind: 'throttle', operation: 'FilterLogEvents', times: 3 });
    const { throttled, pauses } = impatient();
    const { kind, lines } = await linesOf({}, { throttled });
    expect([kind, lines.length]).toEqual(['drained', 12]);
    expect(pauses).toEqual([1, 2, 3]);
  });

  test('in the middle of the pages loses none and repeats none', async () => {
    const town = await withGroup({
      linesPerPage: 5,
      emptyPageEvery: 0,
      limits: { logEvents: { burst: 2, perSecond: 50 } },
    });
    await write(town, numbered(60));
    const { throttled, pauses } = impatient();
    const { lines } = await linesOf({}, { throttled });
    expect(lines.map(({ text }) => text)).toEqual(numbered(60).map(([, text]) => text));
    expect(pauses.length).toBeGreaterThan(0);
  });

  test('is waited for by itself where nobody says how', async () => {
    const town = await withGroup();
    await write(town, numbered(3));
    await town.control.addFault({ kind: 'throttle', operation: 'FilterLogEvents', times: 1 });
    expect((await linesOf()).lines).toHaveLength(3);
  });

  test('ends with the caller’s reason when the caller ends it', async () => {
    const town = await withGroup();
    await town.control.addFault({ kind: 'throttle', operation: 'FilterLogEvents' });
    const stop = new AbortController();
    const reason = new Error('enough');
    const reading = reader().read(query, () => {}, stop.signal);
    await vi.waitFor(async () => expect((await town.control.state()).faults[0]?.struck).toBeGreaterThan(0));
    stop.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });
});

test('every call waits for its turn, also the one after a throttle', async () => {
  const town = await withGroup({ linesPerPage: 4, emptyPageEvery: 0, ...plenty });
  await write(town, numbered(10));
  await town.control.addFault({ kind: 'throttle', operation: 'FilterLogEvents', times: 1 });
  const asked: string[] = [];
  const before = async ({
    account,
    region: where,
  }: {
    account: string | null;
    region: string;
  }): Promise<void> => {
    asked.push(`${account}/${where}`);
  };
  await linesOf({}, { before, throttled: impatient().throttled });
  const requests = await town.control.requests('FilterLogEvents');
  expect(asked).toEqual(requests.map(() => `null/${region}`));
  expect(asked.length).toBeGreaterThan(3);
});

describe('what goes wrong', () => {
  test('access denied is a refusal, in AWS’s words', async () => {
    const town = await withGroup();
    await town.control.access({ operation: 'FilterLogEvents', allowed: false });
    const { kind, problem } = await failure(linesOf());
    expect([kind, problem.code]).toEqual(['refused', 'aws-refused']);
    expect(problem.why).toContain('AccessDenied');
  });

  test('a service that stays down is unreachable', async () => {
    const town = await withGroup();
    await town.control.addFault({ kind: 'http503', operation: 'FilterLogEvents' });
    expect((await failure(linesOf())).kind).toBe('unreachable');
  });

  test('an account that the catalogue does not have is a refusal', async () => {
    await withGroup();
    expect((await failure(linesOf({ account: 'nobody' }))).problem.why).toContain('no account "nobody"');
  });

  test('an error of whoever takes the lines is theirs', async () => {
    const town = await withGroup();
    await write(town, numbered(1));
    const reason = new Error('theirs');
    const reading = reader().read(
      query,
      () => {
        throw reason;
      },
      never,
    );
    await expect(reading).rejects.toBe(reason);
  });
});

test('nothing is kept of pages that were read', async () => {
  await aws();
  let pages = 0;
  const total = 400;
  const server = createServer((_, response) => {
    pages += 1;
    const events = Array.from({ length: 10 }, (_, i) => ({
      eventId: `${pages}-${i}`,
      timestamp: start,
      logStreamName: 'core/app/1',
      message: `${pages} `.padEnd(50_000, 'x'),
    }));
    const more = pages < total ? { nextToken: `${pages}` } : {};
    response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify({ events, ...more }));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  pointTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heldMb = () => {
    collect();
    return process.memoryUsage().heapUsed / 1e6;
  };
  const logs = reader();
  const before = heldMb();
  let count = 0;
  await logs.read(
    query,
    (lines) => {
      count += lines.length;
    },
    never,
  );
  // 200 MB came by.
  expect(count).toBe(total * 10);
  expect(heldMb() - before).toBeLessThan(50);
  expect(logs).toBeDefined();
});
