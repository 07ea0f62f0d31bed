import type { PipelineStatus } from './status.ts';

/** One job as the script plays it. Times are simulated milliseconds, divided by the server's timeScale. */
export interface JobScript {
  name: string;
  stage: string;
  /** How it ends; `manual` waits until somebody plays it, then succeeds. Default `success`. */
  result?: 'success' | 'failed' | 'manual' | 'canceled';
  /** GitLab's code, e.g. `script_failure`, `runner_system_failure`; default `script_failure`. */
  failureReason?: string;
  /** Fails only in its first n attempts; a retry after that succeeds. Default: every attempt. */
  failingAttempts?: number;
  allowFailure?: boolean;
  durationMs?: number;
  /** What it writes after its command; default: the project's `jobLogs`, then a migration's usual lines. */
  log?: string[];
  /** When it succeeds, the branch of its pipeline gets everything of the default branch. */
  bringsDefaultBranch?: boolean;
  /** Name of the environment it deploys to: it then makes a deployment and Deployment Hooks. */
  environment?: string;
}

/** A trigger job: it starts a pipeline in another project. */
export interface BridgeScript {
  name: string;
  stage: string;
  /** Full path, or `./name` for a project in the same namespace. */
  project: string;
  ref?: string;
  /** `none`: green as soon as the downstream pipeline exists (GitLab's default). */
  strategy?: 'depend' | 'mirror' | 'none';
  variables?: { key: string; value: string }[];
  /** What the downstream pipeline plays; its project's own script when absent. */
  script?: PipelineScript | ScriptName;
  /** Makes the downstream project when the world has none (used by the named scripts). */
  createProject?: boolean;
}

/**
 * What a pipeline does. Each step is reached `afterMs` after the one before; the step `running` starts the
 * jobs, stage by stage, and from there the jobs decide the status. A later step forces its status.
 */
export interface PipelineScript {
  steps: { status: PipelineStatus; afterMs: number }[];
  stages?: string[];
  jobs?: JobScript[];
  bridges?: BridgeScript[];
}

export const scriptNames = [
  'passes',
  'fails',
  'slow',
  'manual',
  'downstream-fails',
  'downstream-passes',
  'canceled',
  'skipped',
  'stuck',
] as const;

export type ScriptName = (typeof scriptNames)[number];

/** Which of the two orchestrated pipelines the variables ask for; `none` for an ordinary one. */
export type Signal = 'cut-off' | 'release' | 'none';

/** Reads the signal from pipeline variables (requirement A4). */
export function signalOf(variables: readonly { key: string; value: string }[]): Signal {
  const isSet = (key: string) => variables.some((v) => v.key === key && v.value === 'true');
  if (isSet('ORCHESTRATION_CUT_OFF')) return 'cut-off';
  return isSet('ORCHESTRATION_RELEASE') ? 'release' : 'none';
}

const start: PipelineScript['steps'] = [
  { status: 'pending', afterMs: 500 },
  { status: 'running', afterMs: 1500 },
];

function jobsFor(signal: Signal): JobScript[] {
  if (signal === 'cut-off')
    return [
      { name: 'merge-main-into-release', stage: 'merge', bringsDefaultBranch: true },
      { name: 'tag-candidate', stage: 'tag' },
    ];
  if (signal === 'release')
    return [
      { name: 'build', stage: 'build' },
      { name: 'migrate', stage: 'migrate' },
      { name: 'deploy-staging', stage: 'deploy', environment: 'staging' },
    ];
  return [
    { name: 'build', stage: 'build' },
    { name: 'test', stage: 'test' },
  ];
}

/** The trigger job that hands a release on to the deployments project of the same namespace. */
function deployBridge(script: ScriptName): BridgeScript {
  return {
    name: 'deploy',
    stage: 'downstream',
    project: './deployments',
    ref: 'main',
    strategy: 'depend',
    script,
    createProject: true,
  };
}

const failingJob: Record<Signal, string> = {
  'cut-off': 'merge-main-into-release',
  release: 'deploy-staging',
  none: 'test',
};

/** The script behind a name, for one signal: cut-off and release pipelines have different jobs. */
export function namedScript(name: ScriptName, signal: Signal): PipelineScript {
  const jobs = jobsFor(signal);
  switch (name) {
    case 'passes':
      return { steps: start, jobs };
    case 'fails':
      return { steps: start, jobs: jobs.map((j) => (j.name === failingJob[signal] ? failing(j) : j)) };
    case 'slow':
      return { steps: start, jobs: jobs.map((job) => ({ ...job, durationMs: 120_000 })) };
    case 'manual':
      return { steps: start, jobs: [...jobs, { name: 'confirm', stage: 'confirm', result: 'manual' }] };
    case 'downstream-passes':
      return { steps: start, jobs, bridges: [deployBridge('passes')] };
    case 'downstream-fails':
      return { steps: start, jobs, bridges: [deployBridge('fails')] };
    case 'canceled':
      return { steps: [...start, { status: 'canceled', afterMs: 2000 }], jobs };
    case 'skipped':
      return { steps: [{ status: 'skipped', afterMs: 500 }], jobs };
    case 'stuck':
      return { steps: [{ status: 'pending', afterMs: 500 }], jobs };
  }
}

function failing(job: JobScript): JobScript {
  return { ...job, result: 'failed', failureReason: 'script_failure' };
}
