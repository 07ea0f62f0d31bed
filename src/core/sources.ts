import type { CodeHost } from './ports.ts';
import type { Deployment } from './release/candidate.ts';

/**
 * What a check may read of the outside. Each method throws `OutsideError` when the source does not answer, refuses
 * or is busy; an answer that says "there is none" is a value.
 */

/** A merge request as it stands now. */
export interface MergeRequest {
  iid: number;
  title: string;
  /** GitLab user name. */
  author: string;
  labels: string[];
  url: string;
  mergedAt: string | null;
}

/** A job of a pipeline. */
export interface PipelineJob {
  id: number;
  name: string;
  status: string;
  url: string;
  allowFailure: boolean;
}

/** A feature flag with its strategies, as GitLab shows it. */
export interface FeatureFlag {
  name: string;
  active: boolean;
  strategies: {
    /** GitLab's name: default, gradualRolloutUserId, flexibleRollout, userWithId, gitlabUserList. */
    name: string;
    parameters: Record<string, string>;
    /** Environments it holds for; `*` is all. */
    scopes: string[];
    /** Name of the user list, for gitlabUserList. */
    userList: string | null;
  }[];
  url: string;
}

/** A deployment with the moment at which the job behind it began (ISO 8601 UTC): from then on it changes things. */
export interface Apply extends Deployment {
  /** Its creation where no job made it, or its job has not begun. */
  startedAt: string;
}

/** GitLab's side of a release: branches, deployments, what they shipped, jobs and flags. */
export interface ReviewHost {
  /** The head of a branch; null when there is no such branch. */
  branchHead(path: string, ref: string, signal: AbortSignal): Promise<{ sha: string; at: string } | null>;
  /** Deployments to an environment, newest first, of every status, at most `limit`. */
  deployments(path: string, environment: string, limit: number, signal: AbortSignal): Promise<Deployment[]>;
  /** The same with when each began: what runs there since then is its work. */
  applies(path: string, environment: string, limit: number, signal: AbortSignal): Promise<Apply[]>;
  /** Exactly what one deployment shipped. GitLab links them about a second after its success. */
  mergeRequestsOf(path: string, deploymentId: number, signal: AbortSignal): Promise<MergeRequest[]>;
  /** Paths that differ between two commits; null when GitLab could not say all of them. */
  changedPaths(path: string, from: string, to: string, signal: AbortSignal): Promise<string[] | null>;
  featureFlags(path: string, signal: AbortSignal): Promise<FeatureFlag[]>;
  /** The latest run of each job of one pipeline, trigger jobs left out. */
  jobsOf(path: string, pipelineId: number, signal: AbortSignal): Promise<PipelineJob[]>;
  /** A job's log as text, at most about 1 MB of its end. */
  jobLog(path: string, jobId: number, signal: AbortSignal): Promise<string>;
  /** The page where people see the same merge requests: merged ones deployed to the environment, without a label. */
  mergeRequestQuery(path: string, without: { environment: string; label: string }): string;
}

/** One load of an address. */
export type PageLoad = {
  /** Every redirect on the way, in order. */
  redirects: { status: number; from: string; to: string }[];
  tookMs: number;
  at: string;
} & (
  | {
      loaded: true;
      status: number;
      url: string;
      /** The body as text, cut at the limit. */
      body: string;
      /** When the certificate of the last address ends; null for plain HTTP. */
      certificateUntil: string | null;
    }
  /** No answer: `timeout`, or what the connection said. */
  | { loaded: false; why: 'timeout' | 'unreachable' | 'certificate' | 'too-many-redirects'; said: string }
);

/** A web page or an HTTP interface, looked at as a visitor would. Never throws for what the site does. */
export interface WebProbe {
  load(
    url: string,
    limits: { timeLimitMs: number; maxBytes: number },
    signal: AbortSignal,
  ): Promise<PageLoad>;
}

/** A count for one stretch of time. */
export interface Bucket {
  /** Its beginning, ISO 8601 UTC. */
  at: string;
  count: number;
}

export interface TrackedError {
  /** What people call it: MANAGE-WEB-12. */
  id: string;
  title: string;
  culprit: string;
  url: string;
  count: number;
  users: number;
  firstSeen: string;
  lastSeen: string;
  level: string;
}

/** Sentry. */
export interface ErrorTracker {
  /** Errors of a project and environment by stretches of `bucketMs`, oldest first, incomplete ones left out. */
  errorCounts(
    query: { project: string; environment: string; from: Date; to: Date; bucketMs: number },
    signal: AbortSignal,
  ): Promise<{ buckets: Bucket[]; url: string }>;
  /** Issues that a search of Sentry's own finds, in an environment. */
  issues(
    query: { project: string; environment: string; search: string },
    signal: AbortSignal,
  ): Promise<{ issues: TrackedError[]; url: string }>;
}

/** Where a service's log lines are kept (CloudWatch Logs). */
export interface LogStore {
  /**
   * Counts lines that contain any of `terms`, and lines at all, by stretches of `bucketMs`, oldest first. Null when
   * there is no such log group.
   */
  lineCounts(
    query: {
      region: string;
      group: string;
      streamPrefix: string | null;
      terms: string[];
      from: Date;
      to: Date;
      bucketMs: number;
    },
    signal: AbortSignal,
  ): Promise<{ matching: Bucket[]; all: Bucket[]; url: string } | null>;
  /** Lines that contain any of `terms`, newest last, at most `limit`. Null when there is no such log group. */
  lines(
    query: {
      region: string;
      group: string;
      streamPrefix: string | null;
      terms: string[];
      from: Date;
      to: Date;
      limit: number;
    },
    signal: AbortSignal,
  ): Promise<{ lines: { at: string; text: string }[]; url: string } | null>;
}

/** What the tasks of a service run (ECS). */
export interface Containers {
  /** One entry for each container of each running task. Null when there is no such service. */
  running(
    place: { region: string; cluster: string; service: string },
    signal: AbortSignal,
  ): Promise<
    { task: string; container: string; image: string; tag: string | null; digest: string | null }[] | null
  >;
}

/** Every source, by the name that a check asks for it. */
export interface Sources {
  codeHost: CodeHost & ReviewHost;
  web: WebProbe;
  errors: ErrorTracker;
  logs: LogStore;
  containers: Containers;
}
export type SourceName = keyof Sources;

/** Finds secrets in foreign text and answers with the text where each is replaced by `[removed: kind]`. */
export interface SecretFinder {
  remove(text: string): Promise<string>;
}
