import type { z } from 'zod';
import { controlCall } from '../shared/control-call.ts';
import type { bodies } from './control-schema.ts';
import type { Fault, FaultSpec } from './faults.ts';
import type { LoggedRequest } from './request-log.ts';
import type { DeploymentView, MergeRequestView, PipelineView, ProjectView } from './snapshot.ts';
import type { Delivery } from './webhooks.ts';
import type { GitLabWorld } from './world.ts';

type Body<K extends keyof typeof bodies> = z.infer<(typeof bodies)[K]>;

export interface GitLabState {
  url: string;
  timeScale: number;
  settings: Omit<GitLabWorld, 'projects'>;
  projects: ProjectView[];
  faults: Fault[];
  webhook: HookStatus;
}

export interface HookStatus {
  url: string | null;
  consecutiveFailures: number;
  disabled: 'no' | 'temporarily' | 'permanently';
}

/** Steers a simulated GitLab at `url` over HTTP. Each method rejects with the endpoint's own words. */
export function gitlabControl(url: string) {
  const call = controlCall(url);
  const query = (name: string, value: string | undefined) =>
    value === undefined ? '' : `?${name}=${encodeURIComponent(value)}`;
  return {
    state: () => call<GitLabState>('GET', 'state'),
    /** All pipelines, or those of one project, oldest first. */
    pipelines: async (project?: string) =>
      (await call<{ pipelines: PipelineView[] }>('GET', `pipelines${query('project', project)}`)).pipelines,
    /** The API requests so far, e.g. of `POST /pipeline`. */
    requests: async (route?: string) =>
      (await call<{ requests: LoggedRequest[] }>('GET', `requests${query('route', route)}`)).requests,
    /** Changes settings and the given fields of projects, or adds projects. */
    world: (change: Body<'world'>) => call<{ projects: ProjectView[] }>('POST', 'world', change),
    /** Somebody presses Run pipeline in GitLab's own screen. */
    runPipeline: (wish: Body<'runPipeline'>) => call<PipelineView>('POST', 'act/run-pipeline', wish),
    /** Ends a pipeline at once. */
    finish: (wish: Body<'finish'>) => call<PipelineView>('POST', 'act/finish', wish),
    cancel: (wish: Body<'pipeline'>) => call<PipelineView>('POST', 'act/cancel', wish),
    retry: (wish: Body<'pipeline'>) => call<PipelineView>('POST', 'act/retry', wish),
    retryJob: (wish: Body<'job'>) => call<PipelineView>('POST', 'act/retry-job', wish),
    /** Presses play on a manual job. */
    playJob: (wish: Body<'job'>) => call<PipelineView>('POST', 'act/play-job', wish),
    /** Makes a merge request: merged into the default branch unless told otherwise. */
    addMergeRequest: (wish: Body<'mergeRequest'>) =>
      call<MergeRequestView>('POST', 'act/merge-request', wish),
    merge: (wish: Body<'merge'>) => call<MergeRequestView>('POST', 'act/merge', wish),
    /** Somebody adds or removes labels. */
    label: (wish: Body<'label'>) => call<MergeRequestView>('POST', 'act/label', wish),
    /** Puts a commit straight on a branch. */
    push: (wish: Body<'push'>) => call<{ sha: string }>('POST', 'act/push', wish),
    /** Cherry-picks a merged merge request to a branch, unless that has it. */
    pick: (wish: Body<'pick'>) => call<MergeRequestView>('POST', 'act/pick', wish),
    /** Makes everything that happened so far that many minutes older. */
    age: (minutes: number) => call<{ aged: number }>('POST', 'act/age', { minutes }),
    /** Deploys at once, to staging unless told otherwise, and ships the given merge requests. */
    deploy: (wish: Body<'deploy'>) => call<DeploymentView>('POST', 'act/deploy', wish),
    addFault: (fault: FaultSpec) => call<Fault>('POST', 'faults', fault),
    faults: async () => (await call<{ faults: Fault[] }>('GET', 'faults')).faults,
    /** Ends one fault, or all of them. */
    removeFault: (id?: number) =>
      call<{ removed: number }>('DELETE', id === undefined ? 'faults' : `faults/${id}`),
    webhooks: () => call<{ hook: HookStatus; deliveries: Delivery[] }>('GET', 'webhooks'),
    setWebhook: (hook: Body<'hook'>) => call<HookStatus>('POST', 'webhook', hook),
    redeliver: (n: number) => call<Delivery>('POST', 'webhook/redeliver', { n }),
    /** Sends a webhook of one's own making; gives the receiver's status. */
    forge: (wish: Body<'forge'>) => call<{ status: number | null }>('POST', 'webhook/forge', wish),
  };
}

export type GitLabControl = ReturnType<typeof gitlabControl>;
