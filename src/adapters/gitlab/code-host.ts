import { Gitlab } from '@gitbeaker/rest';
import { z } from 'zod';
import type { Effect } from '../../core/effect.ts';
import type { Bridge, PipelineRef, PipelineTree } from '../../core/pipeline.ts';
import type { CodeHost, FoundPipeline } from '../../core/ports.ts';
import { problem } from '../../core/problem.ts';
import type { TargetFacts } from '../../core/target-facts.ts';
import * as answers from './answers.ts';
import { orNull, reading, type Unread } from './reading.ts';
import { GitLabAnswer, GitLabSilence, requesterWith } from './request.ts';

export interface GitLabOptions {
  url: string;
  token: string;
  /** How long one answer may take, in ms. */
  timeoutMs: number;
}

/** How deep downstream pipelines are followed; GitLab itself allows two levels below a parent. */
const deepestDownstream = 4;
/** Candidates that are looked through for a run id: more than anyone starts on one branch while an answer is awaited. */
const candidates = { perPage: 100, maxPages: 3 };
const unread: Unread = (said) => problem('gitlab-unread', { said });
const unchecked: Unread = (said) => problem('gitlab-unreachable', { said });

/** GitLab through gitbeaker, every answer validated for what is read of it. */
export class GitLabCodeHost implements CodeHost {
  readonly #api: InstanceType<typeof Gitlab>;
  #me: number | null = null;

  constructor({ url, token, timeoutMs }: GitLabOptions) {
    this.#api = new Gitlab({
      host: url.replace(/\/+$/, ''),
      token,
      requesterFn: requesterWith({ timeoutMs, getRetries: 3 }),
    });
  }

  async targetFacts(path: string, ref: string): Promise<TargetFacts> {
    const shown = await orNull(unchecked, () => this.#api.Projects.show(path));
    if (shown === null) return { project: null, branch: null };
    const project = answers.project.parse(shown);
    return { project: answers.projectFacts(project), branch: await this.#branchFacts(path, ref, project) };
  }

  async #branchFacts(path: string, ref: string, project: answers.Project): Promise<TargetFacts['branch']> {
    const shown = await orNull(unchecked, () => this.#api.Branches.show(path, ref).catch(hiddenOn403));
    if (shown === null || shown === 'hidden') return shown;
    const branch = answers.branch.parse(shown);
    if (!branch.protected || branch.can_push)
      return { protected: branch.protected, mayPush: true, mayMerge: true };
    // Whether the token may merge there is only said by the rule itself; without sight of it the answer is no.
    const rule = await orNull(unchecked, () => this.#api.ProtectedBranches.show(path, ref), [403, 404]);
    if (rule === null) return { protected: true, mayPush: false, mayMerge: false };
    const me = { id: await this.#myId(), level: answers.accessLevelOf(project) };
    return {
      protected: true,
      mayPush: false,
      mayMerge: answers.mayMerge(answers.protectedBranch.parse(rule), me),
    };
  }

  async #myId(): Promise<number> {
    this.#me ??= answers.user.parse(await reading(unchecked, () => this.#api.Users.showCurrentUser())).id;
    return this.#me;
  }

  async startPipeline(
    path: string,
    ref: string,
    variables: { key: string; value: string }[],
  ): Promise<Effect<PipelineRef>> {
    try {
      const created = await this.#api.Pipelines.create(path, ref, { variables });
      const { id, web_url } = answers.pipeline.parse(created);
      return { outcome: 'done', value: { id, url: web_url } };
    } catch (error) {
      return effectOf(error);
    }
  }

  async pipelinesSince(path: string, ref: string | null, since: Date): Promise<FoundPipeline[]> {
    const query = {
      ...(ref === null ? {} : { ref }),
      createdAfter: since.toISOString(),
      orderBy: 'id',
      sort: 'desc',
      ...candidates,
    } as const;
    const found = await reading(unread, () => this.#api.Pipelines.all(path, query));
    return z
      .array(answers.pipeline)
      .parse(found)
      .map((pipeline) => ({
        id: pipeline.id,
        url: pipeline.web_url,
        source: pipeline.source ?? '',
        status: pipeline.status,
        createdAt: new Date(pipeline.created_at),
      }));
  }

  async variablesOf(path: string, pipelineId: number): Promise<Record<string, string> | null> {
    const found = await orNull(unread, () => this.#api.Pipelines.allVariables(path, pipelineId), [403, 404]);
    if (found === null) return null;
    return Object.fromEntries(
      z
        .array(answers.variable)
        .parse(found)
        .map(({ key, value }) => [key, value]),
    );
  }

  async pipelineOrigin(path: string, pipelineId: number): Promise<{ url: string; user: string }> {
    const shown = await reading(unread, () => this.#api.Pipelines.show(path, pipelineId));
    const { web_url, user } = answers.pipeline.parse(shown);
    return { url: web_url, user: user?.username ?? 'unknown' };
  }

  async downstreamOf(path: string, pipelineId: number): Promise<{ path: string; pipelineId: number }[]> {
    const found = await reading(unread, () => this.#api.Jobs.allPipelineBridges(path, pipelineId));
    return z
      .array(answers.bridge)
      .parse(found)
      .flatMap(({ downstream_pipeline: below }) =>
        below ? [{ path: answers.projectOfUrl(below.web_url), pipelineId: below.id }] : [],
      );
  }

  async pipelineTree(path: string, pipelineId: number, signal: AbortSignal): Promise<PipelineTree> {
    const shown = await reading(unread, () => this.#api.Pipelines.show(path, pipelineId));
    const { status, web_url } = answers.pipeline.parse(shown);
    return this.#tree({ path, name: path, id: pipelineId, status, url: web_url }, deepestDownstream, signal);
  }

  async #tree(
    top: { path: string | number; name: string; id: number; status: string; url: string },
    depth: number,
    signal: AbortSignal,
  ): Promise<PipelineTree> {
    signal.throwIfAborted();
    const { path, name, id, status, url } = top;
    const jobs = status === 'failed' || status === 'manual' ? await this.#jobs(path, id) : [];
    return {
      id,
      url,
      status,
      project: name,
      failedJobs: jobs.filter((job) => job.status === 'failed' && !job.allow_failure).map((job) => job.name),
      manualJobs: jobs.filter((job) => job.status === 'manual').map((job) => job.name),
      downstream: depth > 0 ? await this.#bridges(path, id, depth, signal) : [],
    };
  }

  async #jobs(path: string | number, id: number): Promise<answers.Job[]> {
    const found = await reading(unread, () =>
      this.#api.Jobs.all(path, { pipelineId: id, perPage: 100, maxPages: 3 }),
    );
    return z.array(answers.job).parse(found);
  }

  async #bridges(path: string | number, id: number, depth: number, signal: AbortSignal): Promise<Bridge[]> {
    const found = await reading(unread, () => this.#api.Jobs.allPipelineBridges(path, id));
    const bridges = z.array(answers.bridge).parse(found);
    const result: Bridge[] = [];
    for (const { name, status, allow_failure, downstream_pipeline: below } of bridges) {
      const pipeline = below
        ? await this.#tree(
            {
              path: below.project_id,
              name: answers.projectOfUrl(below.web_url),
              id: below.id,
              status: below.status,
              url: below.web_url,
            },
            depth - 1,
            signal,
          )
        : null;
      result.push({ name, status, allowFailure: allow_failure, pipeline });
    }
    return result;
  }
}

/** For what a role below Reporter may not look at. */
function hiddenOn403(error: unknown): 'hidden' {
  if (error instanceof GitLabAnswer && error.status === 403) return 'hidden';
  throw error;
}

/** A wait that GitLab asks for without saying how long, in ms. */
const defaultBusyMs = 10_000;
/** GitLab counts pipeline creations by the minute; after a third of it there may be room again, in ms. */
const creationBusyMs = 20_000;

/**
 * What a failed POST means. A 4xx is GitLab's own no, and 429 comes before anything is done. Everything else
 * that was sent, a 5xx above all, may hide a pipeline that now exists.
 */
function effectOf(error: unknown): Effect<PipelineRef> {
  if (error instanceof GitLabSilence)
    return error.sent
      ? { outcome: 'unclear', cause: error.message }
      : { outcome: 'unsent', cause: error.message };
  if (error instanceof GitLabAnswer) {
    const { status, said, retryAfterMs } = error;
    // GitLab words its limit on pipeline creation as a 400 of the pipeline itself.
    if (status === 400 && /too many pipelines/i.test(said))
      return { outcome: 'busy', retryAfterMs: creationBusyMs };
    if (status === 429) return { outcome: 'busy', retryAfterMs: retryAfterMs ?? defaultBusyMs };
    if (status === 401) return { outcome: 'refused', problem: problem('gitlab-token-refused') };
    // 408 and 499 are a proxy's words for a request whose end nobody saw.
    if (status >= 500 || status === 408 || status === 499)
      return { outcome: 'unclear', cause: `${status}: ${said}` };
    return { outcome: 'refused', problem: problem('gitlab-refused', { status, said }) };
  }
  // An answer that says 201 and cannot be read: a pipeline exists, we do not know which.
  if (error instanceof z.ZodError)
    return { outcome: 'unclear', cause: 'GitLab’s answer could not be understood' };
  throw error;
}
