import picomatch from 'picomatch';
import { z } from 'zod';
import type { ErrorTracker, TrackedError } from '../core/sources.ts';
import { defineCheck, type Judgement } from './define-check.ts';
import { deployedProject, deployedSpan } from './deployed-span.ts';
import { fail, pass, seen, waiting } from './judgements.ts';
import { sentryTime, trackedBlocker } from './sentry-words.ts';
import { windowsFor } from './windows.ts';

/** The shortest time since the deployment that says anything, in minutes. */
const shortest = 3;

const params = z.strictObject({
  /** The other checks call the project of the release so. */
  project: z.string().min(1).describe('The project of Sentry, by its slug.'),
  environment: z
    .string()
    .optional()
    .describe('Environment in Sentry. Default: the environment that is validated.'),
  pages: z
    .array(z.string().min(1))
    .min(1)
    .describe('The core pages: globs or beginnings of their paths, such as /overview or /depots/*/power.'),
  'at-least': z.number().int().positive().default(3).describe('How often an error must have been seen.'),
  'deployed-project': deployedProject,
});

type Facts = { judged: Judgement } | { found: Awaited<ReturnType<ErrorTracker['issues']>> };

/** Errors in the browser on core pages that came more than once since the deployment (B6). */
export const frontendErrors = defineCheck({
  id: 'frontend-errors',
  question: 'Are the core pages free of repeated errors in the browser?',
  needs: ['errors'],
  params,
  handling: 'accept',
  async collect(candidate, wanted, { errors }, signal, now): Promise<Facts> {
    const deployed = deployedSpan(candidate, wanted['deployed-project']);
    if ('unknown' in deployed) return { judged: deployed.unknown };
    const windows = windowsFor(deployed.span, shortest, [], now);
    if ('waitMs' in windows)
      return { judged: waiting('Too little time has passed since the deployment.', windows.waitMs) };
    const environment = wanted.environment ?? candidate.environment;
    const search = `is:unresolved lastSeen:>${sentryTime(deployed.span.since)}`;
    return { found: await errors.issues({ project: wanted.project, environment, search }, signal) };
  },
  evaluate(facts, wanted, now): Judgement {
    if ('judged' in facts) return facts.judged;
    const { issues, url } = facts.found;
    const isCore = corePage(wanted.pages);
    const repeated = issues.filter(({ count, culprit }) => count >= wanted['at-least'] && isCore(culprit));
    const evidence = [
      seen(
        wanted.project,
        `${issues.length} errors since the deployment, ${repeated.length} of them`,
        url,
        now,
      ),
      ...repeated.slice(0, 20).map((issue) => counted(issue, now)),
    ];
    if (repeated.length === 0) return pass('No repeated error on a core page was found.', evidence);
    return fail(
      'There are repeated errors in the browser on core pages.',
      'The owner of the page looks at each of them: mend it, or have it accepted with a reason or escalated.',
      evidence,
      repeated.map((issue) => trackedBlocker(issue, `repeated on ${issue.culprit}: ${issue.title}`)),
    );
  },
});

function counted({ id, count, users, url }: TrackedError, now: Date) {
  return seen(id, `${count} times, ${users} users`, url, now);
}

/** Whether what Sentry names as the place of an error is one of the pages, or below one. */
function corePage(pages: readonly string[]): (culprit: string) => boolean {
  const isMatch = picomatch([...pages]);
  const below = pages.map((page) => page.replace(/\/+$/, ''));
  return (culprit) => {
    const path = pathOf(culprit);
    return (
      path !== null && (isMatch(path) || below.some((page) => path === page || path.startsWith(`${page}/`)))
    );
  };
}

/** The path in a transaction's name: `/overview`, `GET /overview`, `https://host/overview?x=1`. */
function pathOf(culprit: string): string | null {
  const [path] = /(?<!\S)(?:https?:\/\/[^/\s]+)?(\/[^\s?#]*)/.exec(culprit)?.slice(1) ?? [];
  if (path === undefined) return null;
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}
