import { ZodError, type ZodType, z } from 'zod';
import { OutsideError } from '../../core/ports.ts';
import { problem } from '../../core/problem.ts';
import type { Bucket, ErrorTracker, TrackedError } from '../../core/sources.ts';
import { Spacing } from '../spacing.ts';
import * as answers from './answers.ts';
import { SentryAnswer, type SentryOptions, type SentryPage, SentrySilence, sentryGet } from './request.ts';

interface Place {
  project: string;
  environment: string;
}
type CountQuery = Place & answers.Span;

const pageSize = 100;
/** Sentry takes 10 requests a second for issues and 30 for counts; a little less is asked for, in ms from one to the next. */
const [issueSpacingMs, countSpacingMs] = [125, 40];
/** More issues than these are not a list that anybody judges one by one. */
const mostIssues = 1_000;

/** Sentry's Web API. Projects and environments are named as people name them: by slug. */
export class SentryTracker implements ErrorTracker {
  readonly #options: SentryOptions;
  readonly #issues = new Spacing(issueSpacingMs);
  readonly #counts = new Spacing(countSpacingMs);

  constructor(options: SentryOptions) {
    this.#options = options;
  }

  async errorCounts(query: CountQuery, signal: AbortSignal): Promise<{ buckets: Bucket[]; url: string }> {
    const asked = {
      ...placeOf(query),
      dataset: 'errors',
      yAxis: 'count()',
      interval: `${Math.round(query.bucketMs / 1_000)}s`,
      start: query.from.toISOString(),
      end: query.to.toISOString(),
    };
    const buckets = await reading(query, async () => {
      // A Sentry of one's own may be too old for the newer endpoint; 404 for another reason is 404 twice.
      const series = await this.#get(answers.timeSeries, 'events-timeseries', asked, signal).catch(nullOn404);
      if (series) return answers.bucketsOfSeries(series.answer, query, Date.now());
      const stats = await this.#get(answers.eventsStats, 'events-stats', asked, signal);
      return answers.bucketsOfStats(stats.answer, query, Date.now());
    });
    const span = { start: query.from.toISOString(), end: query.to.toISOString() };
    return { buckets, url: this.#page(query, '', span) };
  }

  async issues(
    query: Place & { search: string },
    signal: AbortSignal,
  ): Promise<{ issues: TrackedError[]; url: string }> {
    const asked = { ...placeOf(query), query: query.search, limit: String(pageSize) };
    const found = await reading(query, async () => {
      const issues: TrackedError[] = [];
      let cursor: string | null = null;
      do {
        const page: { answer: z.infer<typeof answers.issue>[]; next: string | null } = await this.#get(
          z.array(answers.issue),
          'issues',
          cursor === null ? asked : { ...asked, cursor },
          signal,
        );
        issues.push(...page.answer.map(answers.trackedError));
        cursor = page.next;
        if (cursor !== null && issues.length >= mostIssues) throw tooMuch(query.project);
      } while (cursor !== null);
      return issues;
    });
    return { issues: found, url: this.#page(query, query.search, {}) };
  }

  async #get<T>(
    answer: ZodType<T>,
    endpoint: string,
    query: Record<string, string>,
    signal: AbortSignal,
  ): Promise<{ answer: T; next: string | null }> {
    await (endpoint === 'issues' ? this.#issues : this.#counts).turn(signal);
    const { body, next }: SentryPage = await sentryGet(this.#options, endpoint, query, signal);
    return { answer: answer.parse(body), next };
  }

  /** The page where people see the same; there a project is a part of the search. */
  #page({ project, environment }: Place, search: string, span: Record<string, string>): string {
    const base = this.#options.url.replace(/\/+$/, '');
    const query = new URLSearchParams({
      query: `${search} project:${project}`.trim(),
      environment,
      ...span,
    });
    return `${base}/organizations/${encodeURIComponent(this.#options.organization)}/issues/?${query}`;
  }
}

/** `project` takes numbers alone. */
function placeOf({ project, environment }: Place): Record<string, string> {
  return /^\d+$/.test(project) ? { project, environment } : { projectSlug: project, environment };
}

function nullOn404(error: unknown): null {
  if (error instanceof SentryAnswer && error.status === 404) return null;
  throw error;
}

function tooMuch(project: string): OutsideError {
  const limit = mostIssues;
  return new OutsideError('refused', problem('sentry-too-much', { project, limit }), { cause: null });
}

/** Passes on what was read; what failed becomes an {@link OutsideError}. */
async function reading<T>(place: Place, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw outsideError(place, error);
  }
}

function outsideError({ project, environment }: Place, error: unknown): unknown {
  const unread = (said: string) => problem('sentry-unread', { said });
  if (error instanceof SentrySilence)
    return new OutsideError('unreachable', unread(error.message), { cause: error });
  if (error instanceof ZodError)
    return new OutsideError('refused', unread('Its answer could not be understood.'), { cause: error });
  if (!(error instanceof SentryAnswer)) return error;
  const { status, retryAfterMs } = error;
  const said = `It answered ${status}: ${error.said}`;
  if (status === 401) return new OutsideError('refused', problem('sentry-token-refused'), { cause: error });
  if (status === 429) return new OutsideError('busy', unread(said), { cause: error, retryAfterMs });
  if (status >= 500) return new OutsideError('unreachable', unread(said), { cause: error });
  // 404: an environment nobody ever sent an error from. 403: a project that is not there, or not for this token.
  if (status === 403 || status === 404)
    return new OutsideError('refused', problem('sentry-refused', { project, environment, said }), {
      cause: error,
    });
  return new OutsideError('refused', unread(said), { cause: error });
}
