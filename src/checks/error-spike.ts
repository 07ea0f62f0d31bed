import pMap from 'p-map';
import { z } from 'zod';
import type { Candidate } from '../core/release/candidate.ts';
import type { Bucket, ErrorTracker } from '../core/sources.ts';
import { defineCheck, type Judgement } from './define-check.ts';
import { type DeployedSpan, deployedProject, deployedSpan, partsOf } from './deployed-span.ts';
import { earlierDeployments } from './earlier-deployments.ts';
import { fail, inconclusive, pass, seen, together, waiting } from './judgements.ts';
import { sentryTime, trackedBlocker } from './sentry-words.ts';
import { judgeCounted } from './spike-judgement.ts';
import { minuteMs, type Window, type Windows, windowMinutes, windowsFor } from './windows.ts';

const params = z.strictObject({
  projects: z.array(z.string().min(1)).min(1).describe('Projects of Sentry, by their slugs.'),
  environment: z
    .string()
    .optional()
    .describe('Environment in Sentry. Default: the environment that is validated.'),
  window: windowMinutes,
  'first-seen': z.boolean().default(true).describe('Whether errors that were never seen before count, too.'),
  release: z
    .string()
    .regex(/^[^"\s]+$/)
    .optional()
    .describe(
      'Names the release in Sentry, with {commit} and {release} filled in: its first errors count. Default: by time.',
    ),
  project: deployedProject,
});
type Params = z.output<typeof params>;
type Issues = Awaited<ReturnType<ErrorTracker['issues']>>;

interface ProjectFacts {
  project: string;
  newest: Bucket[];
  before: Bucket[];
  url: string;
  firstSeen: Issues | null;
}
type Facts = { judged: Judgement } | { windows: Windows; projects: ProjectFacts[] };

/** Errors in Sentry since the deployment against those before it, and errors never seen before (B6). */
export const errorSpike = defineCheck({
  id: 'error-spike',
  question: 'Are there no more errors than before, and no new ones?',
  needs: ['errors', 'codeHost'],
  params,
  handling: 'accept',
  async collect(candidate, wanted, { errors, codeHost }, signal, now): Promise<Facts> {
    const deployed = deployedSpan(candidate, wanted.project);
    if ('unknown' in deployed) return { judged: deployed.unknown };
    const { span } = deployed;
    const search = firstSeenSearch(candidate, wanted, span);
    if (search === undefined) return { judged: ambiguousCommit() };
    const earlier = await earlierDeployments(candidate, wanted.project, span, codeHost, signal);
    const windows = windowsFor(span, wanted.window, earlier, now);
    if ('waitMs' in windows)
      return { judged: waiting('Too little time has passed since the deployment.', windows.waitMs) };
    const environment = wanted.environment ?? candidate.environment;
    const read = (project: string) => readProject({ project, environment }, search, windows, errors, signal);
    return { windows, projects: await pMap(wanted.projects, read, { concurrency: 4, signal }) };
  },
  evaluate(facts, _wanted, now): Judgement {
    if ('judged' in facts) return facts.judged;
    return together(
      facts.projects.flatMap(({ project, firstSeen, ...counted }) => [
        judgeCounted({ place: project, unit: 'errors', ...counted }, facts.windows),
        ...(firstSeen ? [judgeFirstSeen(project, firstSeen, now)] : []),
      ]),
    );
  },
});

async function readProject(
  where: { project: string; environment: string },
  search: string | null,
  { newest, before }: Windows,
  errors: ErrorTracker,
  signal: AbortSignal,
): Promise<ProjectFacts> {
  const count = ({ from, to }: Window) =>
    errors.errorCounts({ ...where, from, to, bucketMs: minuteMs }, signal);
  const history = spanOf(before);
  const now = await count(newest);
  return {
    project: where.project,
    newest: now.buckets,
    url: now.url,
    before: history ? (await count(history)).buckets : [],
    firstSeen: search === null ? null : await errors.issues({ ...where, search }, signal),
  };
}

/** From the beginning of the first window to the end of the last. */
function spanOf(windows: readonly Window[]): Window | null {
  const [first, last] = [windows[0], windows.at(-1)];
  return first && last ? { from: first.from, to: last.to } : null;
}

/** Sentry's search for new errors; null when they do not count, undefined when the commit to look for is unclear. */
function firstSeenSearch(
  candidate: Candidate,
  wanted: Params,
  span: DeployedSpan,
): string | null | undefined {
  if (!wanted['first-seen']) return null;
  if (wanted.release === undefined) return `is:unresolved firstSeen:>${sentryTime(span.before)}`;
  const [part, ...others] = partsOf(candidate, wanted.project);
  if (wanted.release.includes('{commit}') && (!part || others.length > 0)) return undefined;
  const name = wanted.release
    .replaceAll('{commit}', () => part?.commit ?? '')
    .replaceAll('{release}', () => candidate.release);
  return `is:unresolved firstRelease:"${name.replaceAll('"', '')}"`;
}

function ambiguousCommit(): Judgement {
  return inconclusive(
    'It is not clear whose commit names the release in Sentry.',
    'An admin names the project of the gate in the catalogue.',
  );
}

function judgeFirstSeen(project: string, { issues, url }: Issues, now: Date): Judgement {
  const evidence = [seen(`New errors in ${project}`, String(issues.length), url, now)];
  if (issues.length === 0) return pass('No obvious spike.', evidence);
  return fail(
    `${project} shows errors that were never seen before the deployment.`,
    'The service owner looks at each of them: mend it, or have it accepted with a reason or escalated.',
    evidence,
    issues.map((issue) => trackedBlocker(issue, `first seen since the deployment: ${issue.title}`)),
  );
}
