import type { Forge } from './forge.ts';
import {
  branchesOf,
  type Job,
  mayWrite,
  type Pipeline,
  type Project,
  type User,
  type Variable,
} from './model.ts';
import { rootInputs, rootScript } from './root.ts';
import { namedScript, type PipelineScript, type ScriptName, signalOf } from './scripts.ts';

export interface PipelineRequest {
  project: Project;
  ref: string;
  variables: Variable[];
  inputs: Record<string, unknown>;
  user: User;
  /** The user's access level in the project. */
  level: number;
  source: Pipeline['source'];
  upstream?: Job;
  script?: PipelineScript | ScriptName;
}

const roleLevel = { no_one_allowed: 100, developer: 30, maintainer: 40, owner: 50 };

/** Why GitLab would refuse the pipeline, in its own words and its own order; empty when it would not. */
function refusals(request: PipelineRequest): string[] {
  const { project, ref, variables, level } = request;
  const keys = variables.map((variable) => variable.key);
  const twice = [...new Set(keys.filter((key, i) => keys.indexOf(key) !== i))];
  const needed = roleLevel[project.spec.variablesMinimumRole ?? 'developer'];
  if (variables.length > 0 && level < needed) return ['Insufficient permissions to set pipeline variables'];
  if (twice.length > 0) return [`Duplicate variable name${twice.length > 1 ? 's' : ''}: ${twice.join(', ')}`];
  if (project.spec.buildsAccess === 'disabled') return ['Pipelines are disabled!'];
  if (level < 30) return ['Insufficient permissions to create a new pipeline'];
  if (!branchesOf(project).includes(ref)) return ['Reference not found'];
  if (!mayWrite(project, ref, level))
    return [
      `You do not have sufficient permission to run a pipeline on '${ref}'. Please select a different branch or contact your administrator for assistance. <a href=https://docs.gitlab.com/ee/ci/pipelines/#pipeline-security-on-protected-branches>Learn more</a>`,
    ];
  return project.spec.fanOut ? rootInputs.refusals(request.inputs, project) : unknownInputs(request);
}

function unknownInputs(request: PipelineRequest): string[] {
  if (Object.keys(request.inputs).length === 0) return [];
  return ['Given inputs not defined in the `spec` section of the included configuration file'];
}

/** Creates the pipeline, or says why not. Two equal requests make two pipelines: GitLab has no idempotency key. */
export function createPipeline(
  forge: Forge,
  request: PipelineRequest,
): { pipeline: Pipeline } | { refused: string[] } {
  const refused = refusals(request);
  if (refused.length > 0) return { refused };
  const script = chooseScript(request);
  if ((script.jobs ?? []).length + (script.bridges ?? []).length === 0)
    return {
      refused: [
        'Pipeline will not run for the selected trigger. The rules configuration prevented any jobs from being added to the pipeline.',
      ],
    };
  const now = new Date();
  const pipeline: Pipeline = {
    id: forge.nextPipelineId(),
    iid: request.project.pipelines.length + 1,
    project: request.project,
    ref: request.ref,
    sha: forge.headOf(request.project, request.ref),
    source: request.source,
    status: 'created',
    variables: request.variables,
    inputs: request.inputs,
    user: request.user,
    script,
    jobs: [],
    upstream: request.upstream ?? null,
    createdAt: now,
    updatedAt: now,
    startedAt: null,
    finishedAt: null,
  };
  pipeline.jobs = plannedJobs(forge, pipeline);
  forge.addPipeline(pipeline);
  return { pipeline };
}

function chooseScript(request: PipelineRequest): PipelineScript {
  if (request.project.spec.fanOut && request.script === undefined) return rootScript(request);
  const signal = signalOf(request.variables);
  const { pipeline, deploysDownstream } = request.project.spec;
  const usual = deploysDownstream && signal === 'release' ? 'downstream-passes' : 'passes';
  const chosen = request.script ?? pipeline ?? usual;
  return typeof chosen === 'string' ? namedScript(chosen, signal) : chosen;
}

/** The stages of a script in order: as declared, otherwise as they first appear. */
export function stagesOf(script: PipelineScript): string[] {
  const named = [...(script.jobs ?? []), ...(script.bridges ?? [])].map((job) => job.stage);
  return [...new Set([...(script.stages ?? []), ...named])];
}

function plannedJobs(forge: Forge, pipeline: Pipeline): Job[] {
  const { jobs = [], bridges = [] } = pipeline.script;
  const plans: Job['plan'][] = [
    ...jobs.map((script) => ({ kind: 'job' as const, script })),
    ...bridges.map((script) => ({ kind: 'bridge' as const, script })),
  ];
  const stages = stagesOf(pipeline.script);
  plans.sort((a, b) => stages.indexOf(a.script.stage) - stages.indexOf(b.script.stage));
  return plans.map((plan) => newJob(forge, pipeline, plan, 1));
}

/** A job that has not started; `attempt` counts from 1. */
export function newJob(forge: Forge, pipeline: Pipeline, plan: Job['plan'], attempt: number): Job {
  return {
    id: forge.nextJobId(),
    pipeline,
    name: plan.script.name,
    stage: plan.script.stage,
    plan,
    status: 'created',
    attempt,
    retried: false,
    played: false,
    failureReason: null,
    createdAt: new Date(),
    startedAt: null,
    finishedAt: null,
    downstream: null,
  };
}
