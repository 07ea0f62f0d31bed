import { type ECSClient, waitUntilServicesStable } from '@aws-sdk/client-ecs';
import { vi } from 'vitest';
import type { awsControl } from '../../../sandbox/aws/control-client.ts';
import { ecsClients, logsClients } from '../../../src/adapters/aws/place-clients.ts';
import { EcsRollouts } from '../../../src/adapters/aws/rollouts/ecs-rollouts.ts';
import { taskLogTurns } from '../../../src/adapters/aws/task-log-turns.ts';
import { CloudWatchTaskLogs } from '../../../src/adapters/aws/task-logs.ts';
import { SecretlintFinder } from '../../../src/adapters/secrets/secretlint-finder.ts';
import { lookAtRollouts, nextLookMs, type WatchMemo, watchMemo } from '../../../src/checks/rollout/look.ts';
import type { Account } from '../../../src/core/catalogue/service.ts';
import type { LogRules, MigrationRules, RolloutRules } from '../../../src/core/rollout/rules.ts';
import type { Expectation, RolloutVerdict } from '../../../src/core/rollout/verdict.ts';
import type { RolloutSubject } from '../../../src/core/rollout/watch.ts';
import { aws, never, options } from '../../adapters/aws/stage.ts';
import { simulatedTime } from './simulated-time.ts';

/**
 * Plays a scripted rollout of the simulated AWS before the real reader and judge, look by look as the bot's job does
 * it, in simulated time.
 */

export const [cluster, service, region] = ['shop', 'api', 'eu-west-1'];
export const sha = 'abcdef1234567890abcdef1234567890abcdef12';
export const image = `registry.example/api:${sha}`;
export const logGroup = `/ecs/${cluster}/${service}`;

type Control = ReturnType<typeof awsControl>;
export type Wish = Omit<Parameters<Control['deploy']>[0], 'cluster' | 'service' | 'script' | 'account'>;
type Begun = Awaited<ReturnType<Control['deploy']>>;

/** How a rollout is played; what is not said is as usual: two tasks, no log rules, looked at from the apply on. */
export interface Play {
  script: string;
  /** What is deployed, beside the script. */
  wish?: Wish;
  rules?: Partial<RolloutRules>;
  expected?: Partial<Expectation>;
  /** Tasks that ran before the apply. */
  tasks?: number;
  /** Somebody looks so many seconds after the apply for the first time. */
  lateSeconds?: number;
  /** Nobody looked before the apply. */
  isUnprepared?: boolean;
  accounts?: Account[];
  /** Id of the account that is deployed to; null: the bot's own. */
  account?: string | null;
  /** Happens after the snapshot and before the deployment. */
  beforehand?: (town: Town) => Promise<unknown>;
  /** Happens before each look, from 0. */
  beforeLook?: (town: Town, look: number) => Promise<unknown>;
  /** What a look finds of the one before, where it is not all. */
  remembers?: (memo: WatchMemo | null, look: number) => WatchMemo | null;
  /** Looks go on after a verdict, until so many seconds after the apply. */
  untilSeconds?: number;
}

/** One look. */
export interface Looked {
  /** Simulated seconds since the apply. */
  seconds: number;
  verdict: RolloutVerdict;
  memo: WatchMemo;
}

/** A simulated AWS whose time stands until it is moved, and the bot's reader with the same time. */
async function town(accounts: readonly Account[]) {
  const plenty = { burst: 100_000, perSecond: 100_000 };
  const { server, control } = await aws({
    limits: {
      services: plenty,
      tasks: plenty,
      serviceDeployments: plenty,
      taskDefinitions: plenty,
      containerInstances: plenty,
      logEvents: plenty,
    },
  });
  vi.stubEnv('AWS_ENDPOINT_URL_STS', server.url);
  const time = await simulatedTime(control);
  const clientOf = ecsClients(options, accounts);
  const sources = {
    rollouts: new EcsRollouts(clientOf, time),
    taskLogs: new CloudWatchTaskLogs(logsClients(options, accounts), {
      ...taskLogTurns(time),
      now: time.now,
    }),
  };
  return { control, time, clientOf, sources };
}
export type Town = Awaited<ReturnType<typeof town>>;

const accountOf = (accounts: readonly Account[], id: string | null) => {
  const number = accounts.find((one) => one.id === id)?.roleArn.split(':')[4];
  return number === undefined ? {} : { account: number };
};

/** Deploys by the script and looks until the verdict is settled. */
export async function play(how: Play) {
  const { script, wish = {}, rules = {}, tasks = 2, lateSeconds = 0, accounts = [], account = null } = how;
  const at = await town(accounts);
  const { control, time, sources } = at;
  const there = accountOf(accounts, account);
  for (const { roleArn, externalId } of accounts)
    await control.addRole({ arn: roleArn, ...(externalId === null ? {} : { externalId }) });
  const old = `registry.example/api:${'0'.repeat(40)}`;
  await control.addService({ ...there, cluster, name: service, image: old, desiredCount: tasks });
  // A week old, so that nothing of it is fresh.
  await time.advance(7 * 86_400_000);
  const place = { account, region, cluster, service };
  const before = how.isUnprepared ? null : await sources.rollouts.snapshot(place, never);
  const appliedAt = time.now();
  await how.beforehand?.(at);
  await time.advance(lateSeconds * 1_000);
  const begun = await control.deploy({
    ...there,
    cluster,
    service,
    script,
    image,
    ...(lateSeconds === 0 ? {} : { agoMs: lateSeconds * 1_000 }),
    ...wish,
  });
  const subject: RolloutSubject = {
    place,
    expected: {
      commit: sha,
      taskDefinition: null,
      digest: null,
      appliedAt: appliedAt.toISOString(),
      before,
      ...how.expected,
    },
    rules: { ...usualRules, ...rules },
    watchedSince: time.now().toISOString(),
  };
  const since = () => (time.now().getTime() - appliedAt.getTime()) / 1_000;
  const watch = new PlayedWatch(at, subject, how, since);
  await watch.untilSettled();
  return { town: at, begun, subject, watch, looks: watch.looks, last: watch.last, since };
}
export type Played = Awaited<ReturnType<typeof play>>;

/** No log rules; what a catalogue says that says nothing, but for a shorter deadline. */
export const usualRules: RolloutRules = {
  soakSeconds: 30,
  deadlineSeconds: 600,
  emptyPasses: false,
  imageTag: '{commit}',
  logs: null,
  migration: null,
};

export function logRules(change: Partial<LogRules> = {}): LogRules {
  return {
    container: null,
    group: null,
    success: [{ name: 'listening', pattern: 'Listening on port \\d+', quorum: 'each' }],
    failure: [
      { name: 'no database', pattern: 'database connection refused', cause: 'The database is down.' },
      { name: 'traceback', pattern: '^Traceback', cause: null },
    ],
    timeoutSeconds: 150,
    ...change,
  };
}

export function migrationRules(change: Partial<MigrationRules> = {}): MigrationRules {
  return {
    container: 'migrate',
    group: null,
    success: [
      {
        name: 'migrated',
        pattern: 'migrations: (\\d+ applied successfully|no pending migrations)',
        quorum: 'any',
      },
    ],
    failure: [{ name: 'migration failed', pattern: '^ERROR migrations:', cause: null }],
    timeoutSeconds: 150,
    ...change,
  };
}

/** A rollout that is looked at again and again. */
class PlayedWatch {
  readonly #town: Town;
  readonly #how: Play;
  readonly #since: () => number;
  readonly #secrets = new SecretlintFinder([]);
  #subject: RolloutSubject;
  readonly looks: Looked[] = [];

  constructor(town: Town, subject: RolloutSubject, how: Play, since: () => number) {
    this.#town = town;
    this.#subject = subject;
    this.#how = how;
    this.#since = since;
  }

  get last(): Looked {
    const last = this.looks.at(-1);
    if (!last) throw new Error('nobody looked');
    return last;
  }

  async look(): Promise<Looked> {
    const { sources, time } = this.#town;
    const { beforeLook, remembers = (memo) => memo } = this.#how;
    const count = this.looks.length;
    await beforeLook?.(this.#town, count);
    const memo = remembers(this.looks.at(-1)?.memo ?? null, count);
    const subject = this.#subject;
    const deps = { now: time.now, secrets: this.#secrets };
    const [answer] = await lookAtRollouts(sources, subject.place, [{ subject, memo }], deps, never);
    if (!answer) throw new Error('no answer');
    // A memo is kept as JSON between two looks.
    const looked = {
      ...answer,
      memo: watchMemo.parse(JSON.parse(JSON.stringify(answer.memo))),
      seconds: this.#since(),
    };
    this.looks.push(looked);
    return looked;
  }

  async untilSettled(): Promise<void> {
    const { untilSeconds = 0 } = this.#how;
    for (let left = 1_000; left > 0; left -= 1) {
      const began = this.#town.time.now();
      const { verdict } = await this.look();
      if (verdict.outcome !== 'waiting' && this.#since() >= untilSeconds) return;
      const due = began.getTime() + nextLookMs(this.#subject, began);
      await this.#town.time.advance(Math.max(0, due - this.#town.time.now().getTime()));
    }
    throw new Error('the verdict was never settled');
  }

  /** Looks again so many minutes after the first pass, as the job does: with a deadline of its own. */
  async recheck(minutes: number): Promise<Looked> {
    const passed = this.looks.find(({ verdict }) => verdict.outcome === 'pass');
    if (!passed) throw new Error('it never passed');
    const { time } = this.#town;
    await time.advance((passed.seconds + minutes * 60 - this.#since()) * 1_000);
    this.#subject = { ...this.#subject, watchedSince: time.now().toISOString() };
    await this.untilSettled();
    return this.last;
  }
}

/** What the SDK's own waiter says now; the simulated time stands, so one question is enough. */
export async function waiterSays({ town: { clientOf }, subject: { place } }: Played) {
  const client: ECSClient = clientOf(place);
  const patience = { client, minDelay: 0.01, maxDelay: 0.01, maxWaitTime: 0.02 };
  try {
    const { state } = await waitUntilServicesStable(patience, { cluster, services: [service] });
    return state;
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return 'NOT YET';
    throw error;
  }
}

/** What one line of evidence says. */
export function proof({ verdict }: Pick<Looked, 'verdict'>, label: string): string | undefined {
  return verdict.evidence.find((one) => one.label === label)?.value;
}

/** Every look in short: `waiting 16`. */
export function course({ looks }: Pick<Played, 'looks'>): string[] {
  const words = looks.map(({ verdict: { outcome, row } }) => `${outcome} ${row}`);
  return words.filter((word, i) => word !== words[i - 1]);
}
