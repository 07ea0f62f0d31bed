import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { Case, Effort } from './case.ts';
import { command } from './cases/command.ts';
import { fanOut } from './cases/fan-out.ts';
import { limit } from './cases/limit.ts';
import { logReading } from './cases/log-reading.ts';
import { memory } from './cases/memory.ts';
import { rolloutFleet, rolloutRegion, rolloutVerdicts } from './cases/rollouts.ts';
import { start } from './cases/start.ts';
import { validate } from './cases/validate.ts';
import { renderTable } from './report.ts';

/** `npm run bench [-- name…]`: measures the bot beside what people use today and prints one table a benchmark. */
const cases: readonly Case[] = [
  command,
  fanOut,
  limit,
  validate,
  start,
  memory,
  logReading,
  rolloutVerdicts,
  rolloutFleet,
  rolloutRegion,
];

const usage = `npm run bench [-- name…] [--rounds N] [--quick]

names: ${cases.map(({ name }) => name).join(', ')} (all when none is given)
--rounds N  how often each is measured (default 3)
--quick     one small round, to see that the benchmark works; its numbers mean little
`;

/** Set by Ctrl-C: what then goes wrong in a case is only that its processes were stopped. */
let interrupted = false;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const rounds = values.quick ? 1 : Number(values.rounds);
  const unknown = positionals.filter((name) => !cases.some((one) => one.name === name));
  const isWrong = unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1;
  if (values.help || isWrong) {
    (isWrong ? process.stderr : process.stdout).write(usage);
    return isWrong ? 3 : 0;
  }
  process.stdout.write(`${machine()}\n`);
  const chosen = cases.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  for (const one of chosen) await measure(one, { rounds, quick: values.quick });
  return 0;
}

/** A case with its own stage, so that nothing of one is still running in the next. */
async function measure(one: Case, effort: Effort): Promise<void> {
  process.stdout.write(`\n${one.name}: ${one.about}\n\n`);
  await using stage = new AsyncDisposableStack();
  const interrupt = async () => {
    interrupted = true;
    process.stderr.write('\nStopping what was started…\n');
    await stage.disposeAsync();
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  const load = loadavg()[0] ?? 0;
  process.stdout.write(`${renderTable(await one.run(stage, effort))}\n`);
  process.stdout.write(`(${effort.rounds} rounds; load before ${load.toFixed(1)})\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
}

function machine(): string {
  const cores = cpus();
  const memoryGb = (totalmem() / 1e9).toFixed(0);
  return `gonogo benchmarks, Node ${process.version}, ${cores.length} × ${cores[0]?.model.trim() ?? 'processor'}, ${memoryGb} GB, ${process.platform}`;
}

try {
  process.exitCode = await main();
} catch (error) {
  for (const one of interrupted ? [] : causes(error))
    process.stderr.write(`${one instanceof Error ? one.stack : String(one)}\n`);
  process.exitCode = interrupted ? 130 : 1;
}

/** What went wrong in a case, and what then went wrong in its clearing away. */
function causes(error: unknown): unknown[] {
  return error instanceof SuppressedError ? [...causes(error.suppressed), ...causes(error.error)] : [error];
}
