import pMap from 'p-map';
import type { Candidate, Part } from '../core/release/candidate.ts';
import type { ReviewHost } from '../core/sources.ts';
import { isOnFor } from './flag-stage.ts';
import { isNotLinkedYet } from './shipped.ts';

/** What was found, and in plain words what could not be found out; with gaps nothing can be ruled out. */
export interface Known<T> {
  found: T[];
  gaps: string[];
}

/** What a release touches: by it is decided which conditional gates apply (B5). */
export interface Scope {
  /** Shipped merge requests as people refer to them: `!12`, or `core!12` among several projects. */
  mergeRequests: Known<{ reference: string; labels: string[] }>;
  /** Paths that differ between what production runs and what was deployed. */
  changedPaths: Known<string>;
  /** Names of feature flags that are on in the environment for anybody. */
  flags: Known<string>;
}

type Host = Pick<ReviewHost, 'mergeRequestsOf' | 'changedPaths' | 'featureFlags'>;

/** Projects at once. */
const concurrency = 4;

/**
 * Reads what a release touches. Throws OutsideError when GitLab does not answer. With `now`, a deployment that has
 * just succeeded and shows no merge requests yet is a gap, for GitLab links them a moment later.
 */
export async function collectScope(
  candidate: Candidate,
  { codeHost }: { codeHost: Host },
  signal: AbortSignal,
  now?: Date,
): Promise<Scope> {
  const { parts, environment } = candidate;
  const read = await pMap(
    parts,
    async (part) => ({
      mergeRequests: await mergeRequestsOf(part, parts.length > 1, codeHost, signal, now),
      changedPaths: await changedPathsOf(part, codeHost, signal),
      flags: await flagsOf(part, environment, codeHost, signal),
    }),
    { concurrency, signal },
  );
  return {
    mergeRequests: joined(read.map(({ mergeRequests }) => mergeRequests)),
    changedPaths: joined(read.map(({ changedPaths }) => changedPaths)),
    flags: joined(read.map(({ flags }) => flags)),
  };
}

async function mergeRequestsOf(
  { path, shipped, deployment }: Part,
  amongSeveral: boolean,
  codeHost: Host,
  signal: AbortSignal,
  now: Date | undefined,
): Promise<Scope['mergeRequests']> {
  const name = amongSeveral ? (path.split('/').at(-1) ?? path) : '';
  const read = await pMap(
    shipped,
    async (id) => ({ id, requests: await codeHost.mergeRequestsOf(path, id, signal) }),
    { concurrency, signal },
  );
  const all = read.flatMap(({ requests }) => requests).map(({ iid, labels }) => [iid, labels] as const);
  const found = [...new Map(all)].map(([iid, labels]) => ({ reference: `${name}!${iid}`, labels }));
  const isOpen = read.some(({ id, requests }) => requests.length === 0 && id === deployment?.id);
  return now && deployment && isOpen && isNotLinkedYet(deployment, now)
    ? { found, gaps: [`GitLab has yet to say which merge requests the newest deployment of ${path} brought`] }
    : { found, gaps: [] };
}

async function changedPathsOf(
  { path, baseline, deployment }: Part,
  codeHost: Host,
  signal: AbortSignal,
): Promise<Scope['changedPaths']> {
  const gap = (why: string) => ({ found: [], gaps: [why] });
  if (deployment === null) return gap(`${path} was never deployed`);
  if (baseline === null) return gap(`${path} is not in production yet, so there is nothing to compare with`);
  if (baseline === deployment.sha) return { found: [], gaps: [] };
  const paths = await codeHost.changedPaths(path, baseline, deployment.sha, signal);
  return paths ? { found: paths, gaps: [] } : gap(`GitLab could not say all changed paths of ${path}`);
}

async function flagsOf(
  { path }: Part,
  environment: string,
  codeHost: Host,
  signal: AbortSignal,
): Promise<Scope['flags']> {
  const flags = await codeHost.featureFlags(path, signal);
  return { found: flags.filter((flag) => isOnFor(flag, environment)).map(({ name }) => name), gaps: [] };
}

function joined<T>(parts: readonly Known<T>[]): Known<T> {
  return {
    found: [...new Set(parts.flatMap(({ found }) => found))],
    gaps: parts.flatMap(({ gaps }) => gaps),
  };
}
