import { Branches, Commits, Jobs, Pipelines, Projects, ProtectedBranches, Users } from '@gitbeaker/rest';
import { z } from 'zod';
import type { Effect } from '../../core/effect.ts';
import type { Bridge, PipelineRef, PipelineTree } from '../../core/pipeline.ts';
import type { CodeHost, CommitStatus, FoundPipeline } from '../../core/ports.ts';
import { problem } from '../../core/problem.ts';
import type { TargetFacts } from '../../core/target-facts.ts';
import * as answers from './answers.ts';
import { effectOf } from './effects.ts';
import { orNull, reading, type Unread } from './reading.ts';
import { GitLabAnswer, requesterWith } from './request.ts';

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
/** The longest description and address of a commit status that GitLab takes, in characters. */
const longestStatusText = 255;
const unread: Unread = (said) => problem('gitlab-unread', { said });
const unchecked: Unread = (said) => problem('gitlab-unreachable', { said });

/** The parts of GitLab's API that are used: all of them at once take 2 MB, for together they have thousands of rate limiters. */
function partsOf(options: ConstructorParameters<typeof Projects>[0]) {
  return {
    Projects: new Projects(options),
    Branches: new Branches(options),
    ProtectedBranches: new ProtectedBranches(options),
    Users: new Users(options),
    Pipelines: new Pipelines(options),
    Commits: new Commits(options),
    Jobs: new Jobs(options),
  };
}

/** GitLab through gitbeaker, every answer validated for what is read of it. */
export class GitLabCodeHost implements CodeHost {
  readonly #api: ReturnType<typeof partsOf>;
  #me: number | null = null;

  constructor({ url, token, timeoutMs }: GitLabOptions) {
    this.#api = partsOf({
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

  async setCommitStatus(path: string, sha: string, status: CommitStatus): Promise<Effect<null>> {
    const { name, state, description, url } = status;
    // GitLab takes no longer address; a status without one says more than none.
    const targetUrl = url !== null && url.length <= longestStatusText ? { targetUrl: url } : {};
    try {
      const text = shortened(description, longestStatusText);
      await this.#api.Commits.editStatus(path, sha, state, { name, description: text, ...targetUrl });
      return { outcome: 'done', value: null };
    } catch (error) {
      // It stands so already: GitLab knows no way from a state to itself while that is not an end.
      if (
        error instanceof GitLabAnswer &&
        error.status === 400 &&
        /cannot transition status/i.test(error.said)
      )
        return { outcome: 'done', value: null };
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

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;
}

/** For what a role below Reporter may not look at. */
function hiddenOn403(error: unknown): 'hidden' {
  if (error instanceof GitLabAnswer && error.status === 403) return 'hidden';
  throw error;
}
