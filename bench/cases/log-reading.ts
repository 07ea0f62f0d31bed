import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Case } from '../case.ts';
import type { Row } from '../report.ts';
import { asShipped, type Stage, startProcess } from '../stage/process.ts';
import type { Took } from './log-reading-reader.ts';

const serviceFile = new URL('./log-reading-service.ts', import.meta.url);
const readerFile = 'bench/cases/log-reading-reader.ts';
const hostileFile = new URL('./log-reading-hostile.ts', import.meta.url);

const million = 1_000_000;
/** Nobody waits longer for RegExp, in ms. */
const patienceMs = 2_000;

/** Patterns and lines with which engines that try every way never come to an end. */
const many = 'a'.repeat(100_000);
const hostile: { what: string; pattern: string; text: string }[] = [
  { what: '(a+)+$, 100 kB of a', pattern: '(a+)+$', text: `${many}!` },
  { what: '(a|a)*[yz], 100 kB of a', pattern: '(a|a)*[yz]', text: many },
  { what: '(.*a){12}[yz]$, 100 kB of a', pattern: '(.*a){12}[yz]$', text: many },
  { what: '\\b(?:.?){100}[yz]$, 100 kB of a', pattern: '\\b(?:.?){100}[yz]$', text: many },
  { what: '(\\w+\\s?)*[.]$, 100 kB of words', pattern: '(\\w+\\s?)*[.]$', text: 'word '.repeat(20_000) },
  { what: '((a{1,100}){1,100}){1,100}', pattern: '((a{1,100}){1,100}){1,100}$', text: `${many}!` },
  {
    what: '150 words to choose from, 1 MB line',
    pattern: `(${Array.from({ length: 150 }, (_, i) => `${i}x`).join('|')})+$`,
    text: 'x1'.repeat(500_000),
  },
];

/** How fast lines are read and judged, in how much memory, and how long a hostile pattern holds the process. */
export const logReading: Case = {
  name: 'log-reading',
  about: `a million lines of about 120 characters (four new tasks, four old ones) from a simulated CloudWatch Logs, in pages of
10,000, through the real SDK and six patterns to a verdict, in a process that is started as the bot is; then the same lines at
hand, to see what matching and keeping alone take. Peak is what the heap held at any time, with what was not collected yet. Then
one hostile line and pattern each: how long nothing else is done, beside RegExp, which is stopped after ${patienceMs} ms. "Refused" patterns are a fault of the
catalogue: none that is refused is ever run.`,
  run: async (stage, { rounds, quick }) => {
    const total = quick ? 50_000 : million;
    const seen: { took: Took; rateAtHand: number }[] = [];
    for (let round = 0; round < rounds; round += 1) seen.push(await readOnce(stage, total));
    const rows: Row[] = [];
    for (const one of hostile) rows.push(...(await holds(one)));
    return [...readingRows(total, seen), ...rows];
  },
};

async function readOnce(stage: Stage, total: number): Promise<{ took: Took; rateAtHand: number }> {
  const service = threadOf(serviceFile, { total });
  stage.defer(async () => void (await service.terminate()));
  const [port] = (await once(service, 'message')) as [number];
  const env = {
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'any',
  };
  const reader = await startProcess(stage, readerFile, [String(total)], env, asShipped);
  const seen = reader.said as unknown as { took: Took; rateAtHand: number };
  await Promise.all([reader.stop(), service.terminate()]);
  if (seen.took.outcome !== 'pass') throw new Error(`The verdict was ${seen.took.outcome}`);
  return seen;
}

function threadOf(file: URL, data: object): Worker {
  return new Worker(file, { workerData: data });
}

function readingRows(total: number, seen: readonly { took: Took; rateAtHand: number }[]): Row[] {
  const values = (of: (took: Took) => number) => seen.map(({ took }) => of(took));
  const lines = total.toLocaleString('en');
  return [
    {
      what: `${lines} lines over the wire, to the verdict`,
      unit: 's',
      values: values(({ seconds }) => seconds),
    },
    { what: '  of that matching and keeping', unit: 's', values: values(({ matchSeconds }) => matchSeconds) },
    {
      what: '  lines a second',
      unit: '',
      values: values((one) => Math.round(one.lines / one.seconds)),
      goal: { atLeast: 100_000 },
    },
    {
      what: 'lines a second, lines at hand',
      unit: '',
      values: seen.map(({ rateAtHand }) => Math.round(rateAtHand)),
      goal: { atLeast: 100_000 },
    },
    { what: 'heap before', unit: 'MB', values: values(({ heap }) => heap.before) },
    { what: 'heap after', unit: 'MB', values: values(({ heap }) => heap.after) },
    { what: 'heap at its peak', unit: 'MB', values: values(({ heap }) => heap.peak) },
    {
      what: 'kept of all lines, in kB',
      unit: '',
      values: values(({ keptKb }) => keptKb),
      goal: { atMost: 60 },
    },
    {
      what: 'longest hold while reading, pages parsed by the SDK included',
      unit: 'ms',
      values: values(({ longestHoldMs }) => longestHoldMs),
    },
  ];
}

async function holds({ what, pattern, text }: (typeof hostile)[number]): Promise<Row[]> {
  const ours = await hold('gonogo', pattern, text);
  const theirs = await hold('RegExp', pattern, text);
  return [
    { what: `${what}: ${ours.said}`, unit: 'ms', values: [ours.ms], goal: { atMost: 100 } },
    { what: `  RegExp: ${theirs.said}`, unit: 'ms', values: [theirs.ms] },
  ];
}

async function hold(engine: string, pattern: string, text: string): Promise<{ ms: number; said: string }> {
  const worker = threadOf(hostileFile, { engine, pattern, text });
  await once(worker, 'message');
  const late = new Promise<{ ms: number; said: string }>((resolve) => {
    setTimeout(() => resolve({ ms: patienceMs, said: 'stopped' }), patienceMs);
  });
  const answer = once(worker, 'message').then(([said]) => said as { ms: number; said: string });
  const first = await Promise.race([answer, late]);
  await worker.terminate();
  return first;
}
