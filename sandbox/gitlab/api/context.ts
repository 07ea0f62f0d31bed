import type { JsonObject } from '../../shared/json.ts';
import type { Entities } from '../entities.ts';
import type { ReviewEntities } from '../entities-review.ts';
import type { Forge } from '../forge.ts';
import { ApiError, forbidden, notFound, Params } from '../grape.ts';
import type { Limits } from '../limits.ts';
import type { MergeRequests } from '../merge-requests.ts';
import { botLevel, type Job, type Pipeline, type Project } from '../model.ts';
import type { Runner } from '../runner.ts';

/** What the routes work on. */
export interface Api {
  forge: Forge;
  runner: Runner;
  limits: Limits;
  entities: Entities;
  review: ReviewEntities;
  mergeRequests: MergeRequests;
}

/** One authenticated request as a route sees it. */
export interface Call {
  api: Api;
  url: URL;
  /** The parts of the path, decoded. */
  path: Record<string, string>;
  /** Query and body together, as GitLab reads them. */
  params: Params;
  values: JsonObject;
}

export interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

export interface ApiRoute {
  method: string;
  /** With GitLab's names, e.g. `/projects/:id/pipelines/:pipeline_id`. */
  path: string;
  handle: (call: Call) => Answer;
}

/** The project of the path; 404 when there is none or the token can't see it. */
export function projectOf(call: Call): Project {
  const project = call.api.forge.findProject(call.path['id'] ?? '');
  if (!project || botLevel(project) === 0) throw notFound('Project');
  return project;
}

/** The same for reading code: guests of a private project may not. */
export function readableRepository(call: Call): Project {
  const project = projectOf(call);
  if (botLevel(project) < 20) throw forbidden();
  return project;
}

/** The same for reading pipelines: from reporter, where CI is on. */
export function readableBuilds(call: Call): Project {
  const project = projectOf(call);
  if (botLevel(project) < 20 || project.spec.buildsAccess === 'disabled') throw forbidden();
  return project;
}

export function numberIn(call: Call, name: string): number {
  const text = call.path[name] ?? '';
  if (!/^\d+$/.test(text)) throw new ApiError(400, { error: `${name} is invalid` });
  return Number(text);
}

/** The pipeline of the path, within its project. */
export function pipelineOf(call: Call): Pipeline {
  const project = readableBuilds(call);
  const id = numberIn(call, 'pipeline_id');
  const pipeline = project.pipelines.find((candidate) => candidate.id === id);
  if (!pipeline) throw notFound();
  return pipeline;
}

/** The job of the path (not a trigger job: GitLab's job routes do not know those). */
export function jobOf(call: Call): Job {
  const project = readableBuilds(call);
  const id = numberIn(call, 'job_id');
  const jobs = project.pipelines.flatMap((pipeline) => pipeline.jobs);
  const job = jobs.find((candidate) => candidate.id === id && candidate.plan.kind === 'job');
  if (!job) throw notFound();
  return job;
}

export const ok = (body: unknown, headers?: Record<string, string>): Answer => ({
  status: 200,
  body,
  ...(headers ? { headers } : {}),
});

export const created = (body: unknown): Answer => ({ status: 201, body });
