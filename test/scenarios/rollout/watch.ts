import { SecretlintFinder } from '../../../src/adapters/secrets/secretlint-finder.ts';
import { lookAtRollouts, nextLookMs, type WatchMemo, watchMemo } from '../../../src/checks/rollout/look.ts';
import type { RolloutVerdict } from '../../../src/core/rollout/verdict.ts';
import type { RolloutSubject } from '../../../src/core/rollout/watch.ts';
import { never } from '../../adapters/aws/stage.ts';
import type { Town } from './town.ts';

/** How a rollout is looked at; what is not said: until the verdict is settled, and nothing is forgotten. */
export interface Watching {
  /** Happens before each look, from 0. */
  beforeLook?: (town: Town, look: number) => Promise<unknown>;
  /** Each look begins with nothing known of the ones before. */
  forgets?: boolean;
  /** Looks go on after a verdict, until so many seconds after the apply. */
  untilSeconds?: number;
}

/** One look. */
export interface Looked {
  /** Simulated seconds since the apply, when the look was over. */
  seconds: number;
  verdict: RolloutVerdict;
  memo: WatchMemo;
}

/** A rollout that is looked at again and again, as the bot's job does it. */
export class PlayedWatch {
  readonly #town: Town;
  readonly #how: Watching;
  readonly #secrets = new SecretlintFinder([]);
  #subject: RolloutSubject;
  readonly looks: Looked[] = [];

  constructor(town: Town, subject: RolloutSubject, how: Watching) {
    this.#town = town;
    this.#subject = subject;
    this.#how = how;
  }

  get last(): Looked {
    const last = this.looks.at(-1);
    if (!last) throw new Error('nobody looked');
    return last;
  }

  async look(): Promise<Looked> {
    const { sources, time } = this.#town;
    await this.#how.beforeLook?.(this.#town, this.looks.length);
    const memo = this.#how.forgets ? null : (this.looks.at(-1)?.memo ?? null);
    const watched = { subject: this.#subject, memo };
    const deps = { now: time.now, secrets: this.#secrets };
    const [answer] = await lookAtRollouts(sources, this.#subject.place, [watched], deps, never);
    if (!answer) throw new Error('no answer');
    // A memo is kept as JSON between two looks.
    const kept = watchMemo.parse(JSON.parse(JSON.stringify(answer.memo)));
    const looked = { verdict: await answer.verdict(), memo: kept, seconds: this.#seconds() };
    this.looks.push(looked);
    return looked;
  }

  /** Looks every five or ten seconds, until there is a verdict. */
  async untilSettled(): Promise<void> {
    const { untilSeconds = 0 } = this.#how;
    const { time } = this.#town;
    for (let left = 1_000; left > 0; left -= 1) {
      const began = time.now();
      const { verdict, seconds } = await this.look();
      if (verdict.outcome !== 'waiting' && seconds >= untilSeconds) return;
      const due = began.getTime() + nextLookMs(this.#subject, began);
      await time.advance(Math.max(0, due - time.now().getTime()));
    }
    throw new Error('the verdict was never settled');
  }

  /** Looks again so many minutes after the first pass, as the job does: with a deadline of its own. */
  async recheck(minutes: number): Promise<Looked> {
    const passed = this.looks.find(({ verdict }) => verdict.outcome === 'pass');
    if (!passed) throw new Error('it never passed');
    const { time } = this.#town;
    await time.advance((passed.seconds + minutes * 60 - this.#seconds()) * 1_000);
    this.#subject = { ...this.#subject, watchedSince: time.now().toISOString() };
    await this.untilSettled();
    return this.last;
  }

  #seconds(): number {
    return (this.#town.time.now().getTime() - Date.parse(this.#subject.expected.appliedAt)) / 1_000;
  }
}
