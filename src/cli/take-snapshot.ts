import { writeFile } from 'node:fs/promises';
import { BotClient } from '../adapters/http/bot-client.ts';
import { OutsideError } from '../core/ports.ts';
import { problem, sentenceOf } from '../core/problem.ts';
import { reportVersion, type SnapshotReport } from '../core/promotion/report.ts';
import { terminalText } from '../views/report-text.ts';
import { aloneSources, knownService } from './alone-sources.ts';
import { exitCodes, WrongUse } from './exit-codes.ts';
import { orThrow, readSubject, type Subject } from './pipeline-input.ts';
import type { JobDeps } from './pipeline-job.ts';
import type { ValidateOptions } from './validate-input.ts';
import { answerMs, retryMs } from './waits.ts';

/** ECS is looked at while the bot is asked, in ms. */
const lookMs = 45_000;
/** So often a bot that does not answer is asked; the apply waits meanwhile. */
const attempts = 5;

/**
 * `gonogo validate --before`: looks at what runs before the apply, keeps it with the bot, and writes it to `--out`.
 * Exit code 0 taken, 2 not taken, 3 wrong use.
 */
export async function takeSnapshot(options: ValidateOptions, deps: JobDeps): Promise<number> {
  const subject = orThrow((faults) => readSubject(options, faults));
  const { bot, cataloguePath } = deps.settings;
  if (!bot && options.out === undefined)
    throw new WrongUse(['Without GONOGO_URL nobody keeps the snapshot: give it a file with --out.']);
  const taken = bot
    ? await fromBot(bot, subject, deps)
    : await fromEcs(subject, options.catalogue ?? cataloguePath, deps);
  if (typeof taken === 'string') {
    deps.stderr.write(`No snapshot was taken. ${terminalText(taken)}\n`);
    return exitCodes.unknown;
  }
  if (options.out !== undefined) await write(options.out, taken);
  const { primary, taskDefinition, at } = taken.before;
  const runs =
    primary === null ? 'no service there yet' : `${primary} with ${taskDefinition ?? 'no task definition'}`;
  deps.stdout.write(`Before the apply, at ${at}: ${terminalText(runs)}\n`);
  return exitCodes.go;
}

async function fromBot(
  bot: { url: string; token: string },
  subject: Subject,
  { settings, sleep, unique }: JobDeps,
): Promise<SnapshotReport | string> {
  const client = new BotClient({ ...bot, timeoutMs: Math.max(answerMs, lookMs) });
  const source = settings.job.id === null ? `terminal/${unique()}` : `job/${settings.job.id}`;
  for (let attempt = 1; ; attempt += 1) {
    const reply = await client.snapshot({ ...subject, source }, new AbortController().signal);
    if (reply.kind === 'answer') return reply.said;
    if (reply.kind === 'refused') throw new WrongUse([sentenceOf(reply.problem)]);
    if (attempt === attempts) return sentenceOf(problem('bot-silent', { said: reply.said }));
    await sleep(retryMs(attempt, reply.retryAfterMs));
  }
}

async function fromEcs(
  subject: Subject,
  cataloguePath: string,
  deps: JobDeps,
): Promise<SnapshotReport | string> {
  const { place, catalogue } = await knownService(subject, cataloguePath);
  try {
    const { rollouts } = aloneSources(catalogue, deps).aws;
    const before = await rollouts.snapshot(place, AbortSignal.timeout(lookMs));
    return { version: reportVersion, ...subject, before };
  } catch (error) {
    if (error instanceof OutsideError) return sentenceOf(error.problem);
    throw error;
  }
}

async function write(file: string, taken: SnapshotReport): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(taken, null, 2)}\n`);
  } catch (error) {
    if (error instanceof Error && 'code' in error)
      throw new WrongUse([`${file} cannot be written (${String(error.code)}).`]);
    throw error;
  }
}
