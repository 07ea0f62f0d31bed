import { Branches, Deployments, FeatureFlags, Jobs, Repositories } from '@gitbeaker/rest';
import { z } from 'zod';
import { problem } from '../../core/problem.ts';
import type { Deployment } from '../../core/release/candidate.ts';
import type { Apply, FeatureFlag, MergeRequest, PipelineJob, ReviewHost } from '../../core/sources.ts';
import * as answers from './answers.ts';
import type { GitLabOptions } from './code-host.ts';
import { plainLog } from './job-log.ts';
import { reading, type Unread } from './reading.ts';
import { GitLabAnswer, requesterWith } from './request.ts';

const unread: Unread = (said) => problem('gitlab-unread', { said });
const pageSize = 100;
const logBytes = 1_000_000;

/**
 * What a release consists of, as GitLab tells it. Every read is repeated after passing faults, ends with `signal`,
 * and throws `OutsideError` when it can't be had whole.
 */
export class GitLabReviewHost implements ReviewHost {
  readonly #host: string;
  readonly #token: string;
  readonly #timeoutMs: number;

  constructor({ url, token, timeoutMs }: GitLabOptions) {
    this.#host = url.replace(/\/+$/, '');
    this.#token = token;
    this.#timeoutMs = timeoutMs;
  }

  /** What one of gitbeaker's resources is made with, so that its requests end with `signal`. */
  #with(signal: AbortSignal, keepEnd?: number) {
    const limits = { timeoutMs: this.#timeoutMs, getRetries: 3, signal };
    return {
      host: this.#host,
      token: this.#token,
      requesterFn: requesterWith(keepEnd === undefined ? limits : { ...limits, keepEnd }),
    };
  }

  async branchHead(
    path: string,
    ref: string,
    signal: AbortSignal,
  ): Promise<{ sha: string; at: string } | null> {
    const shown = await read(answers.head.nullable(), () =>
      new Branches(this.#with(signal)).show(path, ref).catch(nullWithoutBranch),
    );
    return shown && { sha: shown.commit.id, at: new Date(shown.commit.committed_date).toISOString() };
  }

  async deployments(
    path: string,
    environment: string,
    limit: number,
    signal: AbortSignal,
  ): Promise<Deployment[]> {
    return (await this.#newest(path, environment, limit, signal)).map(answers.deploymentOf);
  }

  async applies(path: string, environment: string, limit: number, signal: AbortSignal): Promise<Apply[]> {
    return (await this.#newest(path, environment, limit, signal)).map(answers.applyOf);
  }

  async #newest(path: string, environment: string, limit: number, signal: AbortSignal) {
    // Ascending by default (facts: trap 6); maxPages is ignored without perPage (trap 2).
    const query = {
      environment,
      orderBy: 'id',
      sort: 'desc',
      perPage: Math.min(limit, pageSize),
      maxPages: Math.ceil(limit / pageSize),
    } as const;
    const found = await read(z.array(answers.deployment), () =>
      new Deployments(this.#with(signal)).all(path, query),
    );
    return found.slice(0, limit);
  }

  async mergeRequestsOf(path: string, deploymentId: number, signal: AbortSignal): Promise<MergeRequest[]> {
    const query = { scope: 'all', perPage: pageSize } as const;
    const found = await read(z.array(answers.mergeRequest), () =>
      new Deployments(this.#with(signal)).allMergeRequests(path, deploymentId, query),
    );
    return found.map(({ iid, title, author, labels, web_url, merged_at }) => ({
      iid,
      title,
      author: author?.username ?? 'unknown',
      labels,
      url: web_url,
      mergedAt: merged_at ?? null,
    }));
  }

  async changedPaths(path: string, from: string, to: string, signal: AbortSignal): Promise<string[] | null> {
    // `straight`: what `from` alone has differs too; production may run a hotfix that `to` lacks.
    const found = await read(answers.comparison, () =>
      new Repositories(this.#with(signal)).compare(path, from, to, { straight: true }),
    );
    const { compare_timeout, diffs } = found;
    if (compare_timeout) return null;
    return [...new Set(diffs.flatMap(({ old_path, new_path }) => [old_path, new_path]))].sort();
  }

  async featureFlags(path: string, signal: AbortSignal): Promise<FeatureFlag[]> {
    const found = await read(z.array(answers.featureFlag), () =>
      new FeatureFlags(this.#with(signal)).all(path, { perPage: pageSize }),
    );
    return found.map(({ name, active, strategies }) => ({
      name,
      active,
      strategies: strategies.map((strategy) => ({
        name: strategy.name,
        parameters: Object.fromEntries(
          Object.entries(strategy.parameters).map(([key, value]) => [key, String(value)]),
        ),
        scopes: strategy.scopes.map(({ environment_scope }) => environment_scope),
        userList: strategy.user_list?.name ?? null,
      })),
      url: `${this.#host}/${path}/-/feature_flags`,
    }));
  }

  async jobsOf(path: string, pipelineId: number, signal: AbortSignal): Promise<PipelineJob[]> {
    const found = await read(z.array(answers.pipelineJob), () =>
      new Jobs(this.#with(signal)).all(path, { pipelineId, includeRetried: false, perPage: pageSize }),
    );
    return found.map(({ id, name, status, web_url, allow_failure }) => ({
      id,
      name,
      status,
      url: web_url,
      allowFailure: allow_failure,
    }));
  }

  async jobLog(path: string, jobId: number, signal: AbortSignal): Promise<string> {
    const log = await read(z.string(), () => new Jobs(this.#with(signal, logBytes)).showLog(path, jobId));
    return plainLog(log);
  }

  mergeRequestQuery(path: string, without: { environment: string; label: string }): string {
    const query = new URLSearchParams({
      scope: 'all',
      state: 'merged',
      environment: without.environment,
      'not[label_name][]': without.label,
    });
    return `${this.#host}/${path}/-/merge_requests?${query}`;
  }
}

function read<T>(answer: z.ZodType<T>, ask: () => Promise<unknown>): Promise<T> {
  return reading(unread, async () => answer.parse(await ask()));
}

/** A project that is not there is another matter, though the status is the same. */
function nullWithoutBranch(error: unknown): null {
  if (error instanceof GitLabAnswer && error.status === 404 && /branch/i.test(error.said)) return null;
  throw error;
}
