import pMap from 'p-map';
import type { Candidate } from '../core/release/candidate.ts';
import type { ReviewHost } from '../core/sources.ts';
import { type DeployedSpan, partsOf } from './deployed-span.ts';

/** So many deployments back are looked at; the windows before a release reach back a few hours. */
const limit = 20;

/** When the projects of a release were deployed before it: what was measured just after is not what is normal. */
export async function earlierDeployments(
  candidate: Candidate,
  project: string | undefined,
  { before }: DeployedSpan,
  codeHost: Pick<ReviewHost, 'deployments'>,
  signal: AbortSignal,
): Promise<Date[]> {
  const read = await pMap(
    partsOf(candidate, project),
    ({ path }) => codeHost.deployments(path, candidate.environment, limit, signal),
    { concurrency: 6, signal },
  );
  return read
    .flat()
    .map(({ at }) => new Date(at))
    .filter((at) => at < before);
}
