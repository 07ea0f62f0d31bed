import type { JobScript, PipelineScript } from '../../../sandbox/gitlab/scripts.ts';
import type { ReleaseTown } from '../../support/release-town.ts';
import { until } from '../../support/until.ts';

/** The project whose deployments are played. */
export const core = 'betterfleet/bf-manage-core';

/** A job of a stage of its own, done at once. */
export function job(name: string, change: Partial<JobScript> = {}): JobScript {
  return { name, stage: name, durationMs: 0, ...change };
}

/** The jobs of a pipeline that deploys to staging as it should. */
export const usualJobs = [job('build'), job('migrate'), job('deploy', { environment: 'staging' })];

/** A pipeline that begins at once. */
export function playing(script: Partial<PipelineScript> = {}): PipelineScript {
  return { steps: [{ status: 'running', afterMs: 0 }], jobs: usualJobs, ...script };
}

/** Starts the pipeline that deploys core's release branch to staging, played so; gives its id. */
export async function deploy({ forge }: ReleaseTown, script: Partial<PipelineScript> = {}): Promise<number> {
  await forge.world({ projects: [{ path: core, pipeline: playing(script) }] });
  const variables = [{ key: 'ORCHESTRATION_RELEASE', value: 'true' }];
  const { id } = await forge.runPipeline({ project: core, ref: 'release', variables });
  await forge.world({ projects: [{ path: core, pipeline: null }] });
  return id;
}

/** Waits until a pipeline of core has come to this status. */
export async function ended({ forge }: ReleaseTown, id: number, status: string): Promise<void> {
  await until(`pipeline ${id} is ${status}`, async () => {
    const pipelines = await forge.pipelines(core);
    return pipelines.some((one) => one.id === id && one.status === status);
  });
}

/** Lets the web site and the service in ECS run this commit. */
export async function run({ site, cloud }: ReleaseTown, sha: string): Promise<void> {
  await site.buildInfo({ commit: sha });
  const image = `registry.betterfleet.example/bf-manage-core:${sha}`;
  await cloud.setService({ cluster: 'manage-staging', service: 'bf-manage-core', image });
}
