import { type BotAnswer, BotClient } from '../adapters/http/bot-client.ts';
import { problem, sentenceOf } from '../core/problem.ts';
import { emptyReport, type RegionReport } from '../core/promotion/report.ts';
import { stateLine } from '../views/report-text.ts';
import { WrongUse } from './exit-codes.ts';
import type { JobDeps } from './pipeline-job.ts';
import type { Progress } from './progress.ts';
import type { ValidateInput } from './validate-input.ts';
import { answerMs, pollMs, retryMs } from './waits.ts';

/** A bot that did not answer for so long is not waited for any longer, in ms. */
const patienceMs = 5 * 60_000;

/**
 * Has the bot watch the rollout, and asks how it stands until it is decided, the time is over, or the bot does not
 * answer any more. The last two are INCONCLUSIVE. Throws {@link WrongUse} for what the bot refuses.
 */
export async function validateWithBot(
  bot: { url: string; token: string },
  input: ValidateInput,
  progress: Progress,
  deps: JobDeps,
): Promise<RegionReport> {
  const client = new BotClient({ ...bot, timeoutMs: answerMs });
  const conversation = new Conversation(client, input, progress, deps);
  const begun = await conversation.begin();
  return begun === null ? conversation.end() : conversation.untilDecided(begun);
}

class Conversation {
  readonly #client: BotClient;
  readonly #input: ValidateInput;
  readonly #progress: Progress;
  readonly #deps: JobDeps;
  readonly #deadline: number;
  #last: RegionReport | null = null;
  #silence: string | null = null;

  constructor(client: BotClient, input: ValidateInput, progress: Progress, deps: JobDeps) {
    this.#client = client;
    this.#input = input;
    this.#progress = progress;
    this.#deps = deps;
    this.#deadline = deps.now().getTime() + input.timeoutMs;
  }

  /** The first report; null when the bot did not answer. Asking again with the same source begins nothing new. */
  async begin(): Promise<RegionReport | null> {
    const { service, region, commit, appliedAt, appliedAfter, taskDefinition, digest, before, pipeline } =
      this.#input;
    const request = {
      ...{ service, region, commit, source: this.#input.source ?? `terminal/${this.#deps.unique()}` },
      ...(appliedAt && { appliedAt }),
      ...(appliedAfter && { appliedAfter }),
      ...(taskDefinition && { taskDefinition }),
      ...(digest && { digest }),
      ...(before && { before }),
      ...(pipeline && { pipeline }),
    };
    return this.#answered((signal) => this.#client.begin(request, signal));
  }

  async untilDecided(first: RegionReport): Promise<RegionReport> {
    const { service, region, commit, untilFinal } = this.#input;
    let report: RegionReport | null = first;
    while (report !== null) {
      this.#last = report;
      this.#progress.say(stateLine(report));
      const isOfThis = report.run >= first.run && first.run > 0;
      const isDecided = isOfThis && ['GO', 'NO-GO', 'INCONCLUSIVE'].includes(report.decision);
      if (isDecided && (report.isFinal || !untilFinal)) return report;
      const left = this.#deadline - this.#deps.now().getTime();
      if (left <= 0) return this.end();
      await this.#deps.sleep(Math.min(pollMs, left));
      report = await this.#answered((signal) => this.#client.report({ service, region, commit }, signal));
    }
    return this.end();
  }

  /** What is left to say when it was not decided in time: never more than that it is not known. */
  end(): RegionReport {
    const { service, region, commit, timeoutMs } = this.#input;
    const last = this.#last ?? emptyReport(service, region, commit);
    const { what, why, todo } =
      this.#silence === null
        ? problem('verdict-late', { minutes: Math.round(timeoutMs / 60_000), said: last.reason })
        : problem('bot-silent', { said: this.#silence });
    return { ...last, decision: 'INCONCLUSIVE', isFinal: false, reason: `${what} ${why}`, todo };
  }

  /** Asks until there is an answer; null when there is none for too long. Throws {@link WrongUse} for a refusal. */
  async #answered<T>(ask: (signal: AbortSignal) => Promise<BotAnswer<T>>): Promise<T | null> {
    const { now, sleep } = this.#deps;
    const giveUpAt = Math.min(now().getTime() + patienceMs, this.#deadline);
    for (let silences = 1; ; silences += 1) {
      const reply = await ask(new AbortController().signal);
      this.#silence = reply.kind === 'silent' ? reply.said : null;
      if (reply.kind === 'answer') return reply.said;
      if (reply.kind === 'refused') throw new WrongUse([sentenceOf(reply.problem)]);
      this.#progress.say(`the bot does not answer: ${reply.said}`);
      const left = giveUpAt - now().getTime();
      if (left <= 0) return null;
      await sleep(Math.min(retryMs(silences, reply.retryAfterMs), left));
    }
  }
}
