import type { FaultSpec as GitLabFault } from '../../../sandbox/gitlab/faults.ts';
import type { FaultSpec as LinearFault } from '../../../sandbox/linear/faults.ts';
import type { FaultRequest as SlackFault } from '../../../sandbox/slack/faults.ts';
import type { ReleaseFaultTown } from './release-town.ts';

/** When in a validation a service begins to fail; see the steps of `playRelease`. */
export const moments = ['open', 'checks', 'record', 'decision', 'recheck'] as const;
export type Moment = (typeof moments)[number];

export type ServiceName = 'GitLab' | 'Linear' | 'Sentry' | 'Slack';

type SentryFault = Parameters<ReleaseFaultTown['errors']['addFault']>[0];

/** How one service fails until it is mended. */
export interface Trouble {
  name: string;
  faults: object[];
  /** The service neither tells nor takes anything. Otherwise it does, and loses some or all of its answers. */
  isBlind: boolean;
}

const delayMs = 700;
const blind = (name: string, ...faults: object[]): Trouble => ({ name, faults, isBlind: true });
const seeing = (name: string, ...faults: object[]): Trouble => ({ name, faults, isBlind: false });

const gitlab: Trouble[] = [
  blind('500', { kind: 'http500' } satisfies GitLabFault),
  blind('502', { kind: 'http502' } satisfies GitLabFault),
  blind('503 with Retry-After', { kind: 'http503', retryAfter: 1 } satisfies GitLabFault),
  blind('no answer', { kind: 'acceptThenTimeout', delayMs } satisfies GitLabFault),
  blind('rate limit', { kind: 'http429', retryAfter: 1 } satisfies GitLabFault),
  blind('reset after accept', { kind: 'acceptThenReset' } satisfies GitLabFault),
  blind('outage', { kind: 'outage' } satisfies GitLabFault),
];

const sentry: Trouble[] = [
  blind('500', { kind: 'http500' } satisfies SentryFault),
  blind('502', { kind: 'http502' } satisfies SentryFault),
  blind('503', { kind: 'http503' } satisfies SentryFault),
  blind('no answer', { kind: 'acceptThenTimeout', delayMs } satisfies SentryFault),
  blind('rate limit', { kind: 'http429', retryAfter: 1 } satisfies SentryFault),
  blind('reset', { kind: 'reset' } satisfies SentryFault),
  seeing('half of the requests fail', { kind: 'http500', probability: 0.6, seed: 7 } satisfies SentryFault),
  blind('outage', { kind: 'outage' } satisfies SentryFault),
];

/** A lost answer of something that was done; reads go well, so that it can be looked for. */
const lostWrites = (kind: LinearFault['kind']) =>
  ['issueCreate', 'issueUpdate', 'commentCreate', 'attachmentCreate'].map(
    (operation): LinearFault => ({ kind, operation, delayMs }),
  );

const linear: Trouble[] = [
  blind('500', { kind: 'http500' } satisfies LinearFault),
  blind('no answer', { kind: 'timeout', delayMs } satisfies LinearFault),
  blind('rate limit', { kind: 'ratelimited', retryAfter: 1 } satisfies LinearFault),
  seeing('500 after accept', ...lostWrites('acceptThen500')),
  seeing('no answer after accept', ...lostWrites('acceptThenTimeout')),
  seeing('reset after accept', ...lostWrites('acceptThenReset')),
  blind('outage', { kind: 'outage' } satisfies LinearFault),
];

/** People's own requests go through, so that they can go on meanwhile. */
const messages = (kind: SlackFault['kind'], more: Partial<SlackFault> = {}) =>
  ['chat.postMessage', 'chat.update'].map((method): SlackFault => ({ kind, method, ...more }));

const slack: Trouble[] = [
  seeing('500', ...messages('http500')),
  seeing('502', ...messages('http502')),
  seeing('rate limit', ...messages('ratelimited', { retryAfter: 1 })),
  seeing('502 after accept', ...messages('acceptThen502')),
  seeing('no answer after accept', ...messages('acceptThenTimeout', { delayMs })),
  seeing('reset after accept', ...messages('acceptThenReset')),
  seeing('outage', { kind: 'outage' } satisfies SlackFault),
];

/** One service with all that may befall it, and how it is steered. */
export interface Side {
  troubles: readonly Trouble[];
  /** The moments at which something of a validation asks it. */
  moments: readonly Moment[];
  break(town: ReleaseFaultTown, trouble: Trouble): Promise<void>;
  mend(town: ReleaseFaultTown): Promise<unknown>;
  /** How many requests of a validation it has failed since (ms since 1970). */
  failed(town: ReleaseFaultTown, since: number): Promise<number>;
}

export const sides: Record<ServiceName, Side> = {
  GitLab: {
    troubles: gitlab,
    moments: ['open', 'checks', 'recheck'],
    break: async ({ forge }, { faults }) => {
      for (const fault of faults) await forge.addFault(fault as GitLabFault);
    },
    mend: ({ forge }) => forge.removeFault(),
    // The standing look for pipelines that others started is no part of a validation.
    failed: async ({ forge }, since) =>
      struckSince(await forge.requests(), since).filter(({ route }) => !route.endsWith('/pipelines')).length,
  },
  Linear: {
    troubles: linear,
    moments,
    break: async ({ tracker }, { faults }) => {
      for (const fault of faults) await tracker.addFault(fault as LinearFault);
    },
    mend: ({ tracker }) => tracker.removeFault(),
    failed: async ({ tracker }, since) => struckSince(await tracker.requests(), since).length,
  },
  Sentry: {
    troubles: sentry,
    moments: ['open', 'recheck'],
    break: async ({ errors }, { faults }) => {
      for (const fault of faults) await errors.addFault(fault as SentryFault);
    },
    mend: ({ errors }) => errors.removeFault(),
    failed: async ({ errors }, since) => struckSince(await errors.requests(), since).length,
  },
  Slack: {
    troubles: slack,
    moments,
    break: async ({ people }, { faults }) => {
      for (const fault of faults) await people.addFault(fault as SlackFault);
    },
    mend: async ({ people }) => {
      await people.clearFaults();
      // After an outage nobody can press anything until the bot is back.
      await people.until('U0RELENG', ({ appConnected }) => appConnected || undefined, { timeoutMs: 60_000 });
    },
    // The log names only what was not taken, so what the faults count themselves; they are new each time.
    failed: async ({ people }) => (await people.faults()).reduce((sum, { struck }) => sum + struck, 0),
  },
};

function struckSince<T extends { at: string; fault?: string }>(requests: readonly T[], since: number): T[] {
  return requests.filter(({ at, fault }) => fault !== undefined && Date.parse(at) >= since);
}
