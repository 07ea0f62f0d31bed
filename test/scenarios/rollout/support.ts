import { waitUntilServicesStable } from '@aws-sdk/client-ecs';
import type { awsControl } from '../../../sandbox/aws/control-client.ts';
import type { Account } from '../../../src/core/catalogue/service.ts';
import type { RolloutRules } from '../../../src/core/rollout/rules.ts';
import type { Expectation } from '../../../src/core/rollout/verdict.ts';
import { never } from '../../adapters/aws/stage.ts';
import { usualRules } from './rules.ts';
import { type Town, townOf } from './town.ts';
import { type Looked, PlayedWatch, type Watching } from './watch.ts';

export const [cluster, service] = ['shop', 'api'];
const region = 'eu-west-1';
export const logGroup = `/ecs/${cluster}/${service}`;
const sha = 'abcdef1234567890abcdef1234567890abcdef12';
/** What ran before the apply. */
export const oldSha = '0'.repeat(40);
export const image = `registry.example/api:${sha}`;

type Deploy = Parameters<ReturnType<typeof awsControl>['deploy']>[0];

/** How a rollout is played; what is not said: two tasks, the bot's own account, looked at from the apply on. */
export interface Play extends Watching {
  script: string;
  /** What is deployed, beside the script. */
  wish?: Partial<Deploy>;
  rules?: Partial<RolloutRules>;
  expected?: Partial<Expectation>;
  /** How many tasks ran before the apply. */
  tasks?: number;
  /** The first look is so many seconds after the apply. */
  lateSeconds?: number;
  /** Nobody looked before the apply. */
  isUnprepared?: boolean;
  account?: Account;
  /** What the role of that account asks for instead of its own external id. */
  deniedExternalId?: string;
  /** Happens between the apply and the first look. */
  beforehand?: (town: Town) => Promise<unknown>;
}

/** Deploys by a script of the simulated AWS, and looks until the verdict is settled. */
export async function play(how: Play) {
  const { tasks = 2, lateSeconds = 0, account = null } = how;
  const town = await townOf(account ? [account] : [], how.deniedExternalId);
  const { control, time, sources } = town;
  const there = {
    cluster,
    ...(account ? { account: account.roleArn.split(':')[4] ?? '' } : {}),
  };
  const old = `registry.example/api:${oldSha}`;
  await control.addService({ ...there, name: service, image: old, desiredCount: tasks });
  // Nothing of before is fresh.
  await time.advance(86_400_000);
  const place = { account: account?.id ?? null, region, cluster, service };
  const before = how.isUnprepared ? null : await sources.rollouts.snapshot(place, never);
  const appliedAt = time.now().toISOString();
  await time.advance(lateSeconds * 1_000);
  const begun = await control.deploy({
    ...there,
    service,
    script: how.script,
    image,
    agoMs: lateSeconds * 1_000,
    ...how.wish,
  });
  await how.beforehand?.(town);
  const subject = {
    place,
    expected: { commit: sha, taskDefinition: null, digest: null, appliedAt, before, ...how.expected },
    rules: { ...usualRules, ...how.rules },
    watchedSince: time.now().toISOString(),
  };
  const watch = new PlayedWatch(town, subject, how);
  await watch.untilSettled();
  const { looks, last } = watch;
  return { town, begun, subject, watch, looks, verdict: last.verdict, seconds: last.seconds };
}
export type Played = Awaited<ReturnType<typeof play>>;

/** What the SDK's own waiter says now; simulated time stands, so it asks once. */
export async function waiterSays({ town: { clientOf }, subject: { place } }: Played): Promise<string> {
  const patience = { client: clientOf(place), minDelay: 0.01, maxDelay: 0.01, maxWaitTime: 0.02 };
  try {
    return (await waitUntilServicesStable(patience, { cluster, services: [service] })).state;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'TimeoutError') return 'RETRY';
    return /^\{"state":"(\w+)"/.exec(error.message)?.[1] ?? error.name;
  }
}

/** What one line of evidence says. */
export function proof({ verdict }: Pick<Looked, 'verdict'>, label: string): string | undefined {
  return verdict.evidence.find((one) => one.label === label)?.value;
}

/** Every verdict in short, each once in a row: `waiting 16`. */
export function course({ looks }: Pick<Played, 'looks'>): string[] {
  const words = looks.map(({ verdict: { outcome, row } }) => `${outcome} ${row}`);
  return words.filter((word, i) => word !== words[i - 1]);
}

/** The tasks of the deployment, as the simulated AWS itself knows them, in the order of their start. */
export async function ownTasks({ town, begun, subject }: Played) {
  const { regions } = await town.control.state();
  const all = regions.flatMap(({ clusters }) => clusters.flatMap(({ tasks }) => tasks));
  const since = (ms: number | null) =>
    ms === null ? null : (ms - Date.parse(subject.expected.appliedAt)) / 1_000;
  return all
    .filter(({ startedBy }) => startedBy === begun.deployment)
    .map(({ id, startedAt, stoppingAt }) => ({ id, started: since(startedAt), stopping: since(stoppingAt) }));
}
