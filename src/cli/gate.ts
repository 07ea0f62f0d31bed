import { BotClient } from '../adapters/http/bot-client.ts';
import { problem, sentenceOf } from '../core/problem.ts';
import type { GateReport } from '../core/promotion/gate-report.ts';
import { terminalText } from '../views/report-text.ts';
import { exitCodes, WrongUse } from './exit-codes.ts';
import { orThrow, readDuration, readSubject } from './pipeline-input.ts';
import { asJob, type JobDeps } from './pipeline-job.ts';
import { Progress } from './progress.ts';
import { answerMs, pollMs, retryMs } from './waits.ts';

/** The arguments of `gonogo gate`, as they were typed. */
export interface GateOptions {
  service: string;
  region: string;
  commit: string;
  wait: string;
}

/**
 * `gonogo gate`: asks the bot whether this commit may be deployed to the region now, until it may or the wait is over
 * (C5). Exit code 0 only for a whole answer "open" to this very question; 1 when it is held and waiting does not help;
 * 2 when it is still held, or not known, after the wait; 3 for wrong use.
 */
export function gate(options: GateOptions, deps: JobDeps): Promise<number> {
  return asJob(deps, async () => {
    const { subject, waitMs } = orThrow((faults) => ({
      subject: readSubject(options, faults),
      waitMs: readDuration('--wait', options.wait, faults),
    }));
    const { bot, job } = deps.settings;
    if (!bot)
      throw new WrongUse(['GONOGO_URL and GONOGO_API_TOKEN are not set: only the bot knows the gates.']);
    const { service, region, commit } = subject;
    const title = `Gate of ${service} in ${region} for commit ${commit.slice(0, 8)}`;
    const progress = new Progress(deps, deps.now, job.id !== null, terminalText(title));
    const end = await untilOpen(
      new BotClient({ ...bot, timeoutMs: answerMs }),
      subject,
      waitMs,
      progress,
      deps,
    );
    progress.end();
    for (const line of linesOf(end, title)) deps.stdout.write(`${line}\n`);
    return end.code;
  });
}

type End =
  | { code: typeof exitCodes.go }
  | { code: typeof exitCodes.noGo; report: GateReport }
  | { code: typeof exitCodes.unknown; report: GateReport | null; silence: string | null }
  | { code: typeof exitCodes.wrongUse; said: string };

async function untilOpen(
  client: BotClient,
  subject: { service: string; region: string; commit: string },
  waitMs: number,
  progress: Progress,
  { now, sleep, unique }: JobDeps,
): Promise<End> {
  const deadline = now().getTime() + waitMs;
  let last: GateReport | null = null;
  let silences = 0;
  for (;;) {
    // Every question has a word of its own, so that no answer of before can be taken for this one's.
    const reply = await client.gate({ ...subject, asked: unique() }, new AbortController().signal);
    let pauseMs = pollMs;
    let silence: string | null = null;
    if (reply.kind === 'refused') return { code: exitCodes.wrongUse, said: sentenceOf(reply.problem) };
    if (reply.kind === 'answer') {
      silences = 0;
      last = reply.said;
      if (reply.said.open) return { code: exitCodes.go };
      if (reply.said.holds.some(({ canPass }) => !canPass))
        return { code: exitCodes.noGo, report: reply.said };
      progress.say(`waiting: ${reply.said.holds.map(({ why }) => why).join(' ')}`);
    } else {
      silences += 1;
      silence = reply.said;
      pauseMs = retryMs(silences, reply.retryAfterMs);
      progress.say(`the bot does not answer: ${reply.said}`);
    }
    const left = deadline - now().getTime();
    if (left <= 0) return { code: exitCodes.unknown, report: last, silence };
    await sleep(Math.min(pauseMs, left));
  }
}

function linesOf(end: End, title: string): string[] {
  if (end.code === exitCodes.go) return [`OPEN: ${terminalText(title)}`];
  if (end.code === exitCodes.wrongUse)
    return [`NOT KNOWN: ${terminalText(title)}`, `  ${terminalText(end.said)}`];
  if (end.code === exitCodes.noGo) return [`HELD: ${terminalText(title)}`, ...holdLines(end.report)];
  if (end.silence !== null)
    return [
      `NOT KNOWN: ${terminalText(title)}`,
      `  ${terminalText(sentenceOf(problem('bot-silent', { said: end.silence })))}`,
    ];
  return [`STILL HELD: ${terminalText(title)}`, ...(end.report ? holdLines(end.report) : [])];
}

function holdLines({ holds }: GateReport): string[] {
  return holds.flatMap(({ why, todo }) => [
    `  ${terminalText(why)}`,
    ...(todo ? [`    What to do: ${terminalText(todo)}`] : []),
  ]);
}
