import type { Effect } from './effect.ts';
import type { EventShape, Recorded, StreamKind } from './event.ts';
import type { PipelineRef, PipelineTree } from './pipeline.ts';
import type { Problem } from './problem.ts';
import type { RolloutSubject, Watch, WatchKey } from './rollout/watch.ts';
import type { TargetFacts } from './target-facts.ts';

/**
 * What commands and jobs may ask of the outside. Adapters implement these; only the composition root knows
 * which one.
 */

/** A moment source; a test turns its own. */
export type Clock = () => Date;

export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The state of a stream and the number of its last event; `seq` 0 and null before the first. */
export interface Snapshot<S> {
  state: S | null;
  seq: number;
}

/** What a decision wants recorded: all of it in one transaction, or nothing. */
export interface Change<E extends EventShape> {
  events: E[];
  actor: string;
  /** When it was decided, where that counts; otherwise when it is recorded. */
  at?: Date;
  /** Work that follows from it: outbox rows, opened or nudged. */
  work?: WorkOrder[];
  /** Projects that this stream holds from now on; refused with {@link ClaimRefused} when another stream has one. */
  claim?: string[];
  /** Projects that this stream holds from now on where nobody else does; never refused. */
  claimIfFree?: string[];
  /** Projects that this stream lets go. */
  release?: string[];
  /** Rollouts of this promotion that are watched from now on; one that is watched already is due again now. */
  watch?: { key: WatchKey; subject: RolloutSubject; at: Date }[];
  /** Rollouts that are not watched any more. */
  unwatch?: WatchKey[];
}

/** Another stream holds a project: two invocations must not work on one project at once. */
export class ClaimRefused extends Error {
  readonly held: { project: string; stream: string }[];
  constructor(held: { project: string; stream: string }[]) {
    super(
      `Held by another stream: ${held.map(({ project, stream }) => `${project} (${stream})`).join(', ')}`,
    );
    this.held = held;
  }
}

export interface Store {
  /** Reads and folds a stream. */
  read<S, E extends EventShape>(kind: StreamKind<S, E>, id: string): Promise<Snapshot<S>>;
  /**
   * Reads the stream, lets `decide` choose, and appends at exactly the `seq` that was read; nothing else can
   * come between. `decide` may be called again when the stream moved meanwhile, so it must be pure.
   * Answers the state after the change; a decision of null changes nothing.
   */
  change<S, E extends EventShape>(
    kind: StreamKind<S, E>,
    id: string,
    decide: (before: Snapshot<S>) => Change<E> | null,
  ): Promise<Snapshot<S>>;
  /** Ids of the streams of one kind, the one that changed last first; only those that begin with `prefix`. */
  latest(kind: string, limit: number, prefix?: string): Promise<string[]>;
  /** The stream that holds a project, or null. */
  holderOf(project: string): Promise<string | null>;
  /** The events of a stream as recorded, with their chain. */
  history(stream: string): Promise<(Recorded<EventShape> & { prevHash: string; hash: string })[]>;
}

/** Kinds of work; each has its own queue, so that a slow outside holds up only itself. */
export type WorkKind =
  | 'preflight'
  | 'trigger'
  | 'follow'
  | 'message'
  | 'webhook'
  | 'discover'
  | 'recognise'
  | 'identify'
  | 'check'
  | 'record'
  | 'watch'
  | 'lapse'
  | 'rollouts'
  | 'rollout-check'
  | 'rollout-lapse'
  | 'rollout-news'
  | 'commit-status';

/** One thing to do, named by kind and key: asking again for the same is a nudge, not a second thing. */
export interface WorkOrder {
  kind: WorkKind;
  key: string;
  payload?: unknown;
  /** Not before; at once when absent. */
  at?: Date;
  /** Ask only if it was never asked for (a redelivery does nothing). */
  once?: boolean;
  /** Work that is still to come keeps its time: it will find everything as it is then. */
  patient?: boolean;
  /** Work that comes no later anyway keeps its job: however often it is asked for, it is taken on. */
  crowded?: boolean;
}

export interface Work {
  kind: WorkKind;
  key: string;
  payload: unknown;
  /** What the handler left for itself at the last postponement. */
  memo: unknown;
  /** How often it was tried in vain since it last got on. */
  failures: number;
}

/** How a handler leaves a piece of work: finished, or to be taken up again at a time with a note to itself. */
export type Next = { next: 'done' } | { next: 'again'; at: Date; memo?: unknown };

/** A handler must be idempotent: it may run again after any crash, and looks before it acts. */
export type Handler = (work: Work, signal: AbortSignal) => Promise<Next>;

/** The rollouts that are being watched, by account and region (see {@link watchGroup}). */
export interface Watches {
  /** Those of a group that are due by a moment, the one that has waited longest first. */
  due(group: string, by: Date): Promise<Watch[]>;
  /** When the next one of a group is due; null when it has none. */
  nextDue(group: string): Promise<Date | null>;
  /** Groups that have a watch. */
  groups(): Promise<string[]>;
  /** Notes what looks left, and when the next ones are due; a watch that was closed meanwhile stays closed. */
  note(looked: { key: WatchKey; dueAt: Date; memo: unknown }[]): Promise<void>;
}

export interface WorkDesk {
  /** Opens or nudges work outside a change of a stream. */
  order(orders: WorkOrder[]): Promise<void>;
}

/** The times of work, for work that can only come after it. */
export interface WorkTimes {
  /** When open work is to go on, which may be past; null where it is done, or was never ordered. */
  dueAt(kind: WorkKind, key: string): Promise<Date | null>;
}

/** Evenly spaced permits shared by all processes. */
export interface Pace {
  /** Takes the next free moment of the line `name`, `spacingMs` behind the one before; may be now. */
  reserve(name: string, spacingMs: number): Promise<Date>;
  /** Nobody before `at`: the other side said how long to wait. */
  holdUntil(name: string, at: Date): Promise<void>;
}

export interface CodeHost {
  /** The facts of A13 for one target. Throws {@link OutsideError} when GitLab does not answer. */
  targetFacts(path: string, ref: string, signal: AbortSignal): Promise<TargetFacts>;
  /** One request, never repeated by the client. */
  startPipeline(
    path: string,
    ref: string,
    variables: { key: string; value: string }[],
    signal: AbortSignal,
  ): Promise<Effect<PipelineRef>>;
  /** Pipelines of one branch (null: of any) created since, newest first, of every source. */
  pipelinesSince(
    path: string,
    ref: string | null,
    since: Date,
    signal: AbortSignal,
  ): Promise<FoundPipeline[]>;
  /** Null when the token may not read them: a pipeline that somebody else started, and not enough rights there. */
  variablesOf(path: string, pipelineId: number, signal: AbortSignal): Promise<Record<string, string> | null>;
  /** Who started a pipeline (GitLab user name), and its page. */
  pipelineOrigin(
    path: string,
    pipelineId: number,
    signal: AbortSignal,
  ): Promise<{ url: string; user: string }>;
  /** The pipelines that this one's trigger jobs have created so far. */
  downstreamOf(
    path: string,
    pipelineId: number,
    signal: AbortSignal,
  ): Promise<{ path: string; pipelineId: number }[]>;
  /** The pipeline with all downstream pipelines, as deep as GitLab nests them. */
  pipelineTree(path: string, pipelineId: number, signal: AbortSignal): Promise<PipelineTree>;
  /**
   * Says something beside a commit, under a name of its own (C7). Saying the same again changes nothing; GitLab
   * refuses only what is unchanged, which is `done` too.
   */
  setCommitStatus(
    path: string,
    sha: string,
    status: CommitStatus,
    signal: AbortSignal,
  ): Promise<Effect<null>>;
}

/** A status that GitLab shows beside a commit and in its pipelines. */
export interface CommitStatus {
  /** `gonogo/eu-west-1`. */
  name: string;
  state: 'pending' | 'running' | 'success' | 'failed' | 'canceled';
  /** At most 255 characters. */
  description: string;
  /** Where the status leads; null: nowhere. */
  url: string | null;
}

export interface FoundPipeline extends PipelineRef {
  /** GitLab's word for what started it: api, web, pipeline, schedule … */
  source: string;
  status: string;
  createdAt: Date;
}

/** Something outside could not be read. `problem` is for people, `cause` for the log. */
export class OutsideError extends Error {
  readonly kind: 'unreachable' | 'refused' | 'busy';
  readonly problem: Problem;
  /** How long the other side asked to be left alone, in ms; null when it did not say. */
  readonly retryAfterMs: number | null;

  constructor(
    kind: OutsideError['kind'],
    problem: Problem,
    details: { cause: unknown; retryAfterMs?: number | null },
  ) {
    super(`${problem.what} ${problem.why}`, { cause: details.cause });
    this.kind = kind;
    this.problem = problem;
    this.retryAfterMs = details.retryAfterMs ?? null;
  }
}

/** Block Kit JSON. Views build it; the payload check holds it against Slack's limits before it leaves. */
export type Block = { type: string } & Record<string, unknown>;

export interface MessageBody {
  /** What notifications and screen readers say. */
  text: string;
  blocks: Block[];
}

/** Names a message of ours inside Slack, in its metadata, so that it can be found again after an unclear answer. */
export interface MessageMark {
  key: string;
}

export interface Chat {
  /** `broadcast`: a reply that is shown in the channel too. */
  post(
    message: MessageBody & { channel: string; threadTs?: string; broadcast?: boolean; mark: MessageMark },
    signal: AbortSignal,
  ): Promise<Effect<{ ts: string }>>;
  update(
    message: MessageBody & { channel: string; ts: string; mark: MessageMark },
    signal: AbortSignal,
  ): Promise<Effect<null>>;
  /** Looks for a message of ours by its mark, from `since` on; null when it is certainly not there. */
  find(
    place: { channel: string; threadTs?: string },
    mark: MessageMark,
    since: Date,
    signal: AbortSignal,
  ): Promise<{ ts: string } | null>;
  /** The address of a message, for people outside Slack; null when Slack does not say. */
  permalink(place: { channel: string; ts: string }): Promise<string | null>;
}

/** Where and how a message of ours stands in Slack. */
export interface Delivery {
  channel: string;
  /** Null until Slack confirmed it. */
  ts: string | null;
  /** Digest of what was last confirmed. */
  digest: string | null;
  /** When a post was last attempted without a confirmed end; null when nothing is open. */
  intendedAt: Date | null;
  /** When it was last written, for coalescing. */
  writtenAt: Date | null;
}

export interface Deliveries {
  get(key: string): Promise<Delivery | null>;
  /**
   * Notes where a message stands now, if it still stands as `was` says (null: it was not known). False, and nothing
   * is noted, when somebody else has posted it or set out to since.
   */
  put(key: string, delivery: Delivery, was: Pick<Delivery, 'ts' | 'intendedAt'> | null): Promise<boolean>;
}
