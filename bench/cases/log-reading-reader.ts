import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { logsClients } from '../../src/adapters/aws/logs-clients.ts';
import { CloudWatchTaskLogs } from '../../src/adapters/aws/task-logs.ts';
import { judgeLogs } from '../../src/checks/logs/judge-logs.ts';
import { LogReading } from '../../src/checks/logs/reading.ts';
import type { LogLine } from '../../src/core/rollout/logs.ts';
import { event, group, region, rules, spanMs, startedAt, tasks } from './log-reading-lines.ts';

/** Reads so many lines in a process of its own, started as the bot is, and prints what it took. */

export interface Took {
  seconds: number;
  /** Of the lines alone, without the wire. */
  matchSeconds: number;
  lines: number;
  /** MB. */
  heap: { before: number; after: number; peak: number };
  /** What is kept, in kB of JSON. */
  keptKb: number;
  /** The longest time for which the process did nothing else, in ms. */
  longestHoldMs: number;
  outcome: string;
}

const total = Number(process.argv[2]);
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heapMb = () => getHeapStatistics().used_heap_size / 1e6;

async function read(): Promise<Took> {
  const now = new Date(startedAt + spanMs + 20_000);
  const scope = { deployment: 'ecs-svc/7', rules, container: 'app', tasks: tasks(), began: now };
  const reading = new LogReading(null, scope);
  const logs = new CloudWatchTaskLogs(logsClients({ timeoutMs: 30_000 }, []));
  const query = {
    account: null,
    region,
    group,
    streamPrefix: 'core/app/',
    from: new Date(startedAt),
    to: null,
  };
  const delay = monitorEventLoopDelay({ resolution: 1 });
  collect();
  const before = heapMb();
  let [lines, peak, matchMs] = [0, before, 0];
  delay.enable();
  const began = performance.now();
  await logs.read(
    query,
    (page) => {
      const from = performance.now();
      reading.take(page);
      matchMs += performance.now() - from;
      lines += page.length;
      if (lines % 1_000 < page.length) peak = Math.max(peak, heapMb());
    },
    new AbortController().signal,
  );
  const progress = reading.end(true);
  const { outcome } = judgeLogs(progress, rules, {
    ...scope,
    wanted: 4,
    drained: true,
    throttled: false,
    now,
  });
  const seconds = (performance.now() - began) / 1_000;
  delay.disable();
  collect();
  return {
    seconds,
    matchSeconds: matchMs / 1_000,
    lines,
    heap: { before, after: heapMb(), peak },
    keptKb: Buffer.byteLength(JSON.stringify(progress)) / 1_000,
    longestHoldMs: delay.max / 1e6,
    outcome: lines === total ? outcome : `only ${lines} lines`,
  };
}

/** Lines a second when the pages are at hand: matching and keeping alone. */
function rateAtHand(): number {
  const began = new Date(startedAt + spanMs + 20_000);
  const reading = new LogReading(null, { deployment: 'd', rules, container: 'app', tasks: tasks(), began });
  let ms = 0;
  for (let from = 0; from < total; from += 100) {
    const page = Array.from({ length: 100 }, (_, i): LogLine => {
      const { eventId, timestamp, logStreamName, message } = event(from + i, total);
      return { id: eventId, at: timestamp, stream: logStreamName, text: message };
    });
    const start = performance.now();
    reading.take(page);
    ms += performance.now() - start;
  }
  return total / (ms / 1_000);
}

process.stdout.write(`${JSON.stringify({ took: await read(), rateAtHand: rateAtHand() })}\n`);
