import type { PipelineScript, ScriptName } from './scripts.ts';

/** GitLab's access levels: 0 none, 10 guest, 20 reporter, 30 developer, 40 maintainer, 50 owner. */
export type AccessLevel = 0 | 10 | 20 | 30 | 40 | 50;
export type BranchAccess = 0 | 30 | 40 | 60;

export interface ProtectedBranchSpec {
  /** Exact, or with `*`. */
  name: string;
  pushLevel: BranchAccess;
  mergeLevel: BranchAccess;
}

/** One rule of a feature flag, with GitLab's names and parameters. */
export interface FlagStrategy {
  name: 'default' | 'gradualRolloutUserId' | 'userWithId' | 'gitlabUserList' | 'flexibleRollout';
  /** E.g. `{ groupId: 'default', rollout: '50', stickiness: 'default' }`, `{ userIds: 'a,b' }`. */
  parameters?: Record<string, string>;
  /** Environment scopes, e.g. `staging`, `review/*`; default `*`. */
  scopes?: string[];
  /** Name of the user list of `gitlabUserList`, and who is in it. */
  userList?: { name: string; users: string[] };
}

export interface FeatureFlagSpec {
  name: string;
  description?: string;
  active: boolean;
  strategies: FlagStrategy[];
}

export interface EnvironmentSpec {
  name: string;
  externalUrl?: string;
}

export interface ProjectSpec {
  /** `namespace/name`, e.g. `betterfleet/bf-manage-core`. */
  path: string;
  /** Default `main` and `release`; the first is the default branch. */
  branches?: string[];
  protectedBranches?: ProtectedBranchSpec[];
  /** Who may set pipeline variables; default `developer` (GitLab.com's newer default is `no_one_allowed`). */
  variablesMinimumRole?: 'no_one_allowed' | 'developer' | 'maintainer' | 'owner';
  /** The bot's level; 0 = it gets 404 for this project. Default 40. */
  tokenAccessLevel?: AccessLevel;
  archived?: boolean;
  buildsAccess?: 'enabled' | 'private' | 'disabled';
  /** What every new pipeline plays. Default `passes`. */
  pipeline?: PipelineScript | ScriptName;
  /** Without a `pipeline`: its release pipelines end in a trigger job `deploy` with a pipeline elsewhere. */
  deploysDownstream?: boolean;
  /** Environments that exist before anything is deployed to them, and addresses of others. */
  environments?: EnvironmentSpec[];
  featureFlags?: FeatureFlagSpec[];
  /** What jobs write, by name of the job: lines after its command. A job's own script wins. */
  jobLogs?: Record<string, string[]>;
  /** The orchestration root: its pipelines take action, project and confirm and start these projects. */
  fanOut?: string[];
}

/** A change of a project; null takes its own script away. */
export type ProjectChange = Omit<ProjectSpec, 'pipeline'> & { pipeline?: ProjectSpec['pipeline'] | null };

export interface GitLabWorld {
  projects: ProjectSpec[];
  /** How long each API answer takes. Not scaled. */
  latencyMs?: number;
  /** Pipelines the bot's user may create a (scaled) minute, over all projects; null = no limit. Default 25. */
  pipelineCreationPerMinute?: number | null;
  /**
   * How the refusal looks: 429 as the documentation words it, or 400 `Too many pipelines created in the
   * last minute`, which is what the pipeline creation code of GitLab itself answers. Default 429.
   */
  pipelineLimitAnswer?: 429 | 400;
  /** API requests the user may make a (scaled) minute. Default 2000, as on GitLab.com. */
  requestsPerMinute?: number;
  /** Simulated ms from a deployment's success until its merge requests are known. Default 1000. */
  linkMergeRequestsMs?: number;
  /** Each line of a job's log begins with a time, as runners write it from 17.1 on. Default false. */
  jobLogTimestamps?: boolean;
  /** Reads of a single project a (scaled) minute. Default 400, as on GitLab.com. */
  projectReadsPerMinute?: number;
}

/** The projects of the betterfleet-manage example (requirement A7). */
const exampleProjects = [
  'bf-manage-core',
  'bf-manage-web',
  'bf-manage-connect',
  'bf-manage-incidents',
  'bf-manage-roaming',
  'bf-manage-sitepwrmon',
  'bf-depot-sim',
  'bf-digital-twin',
  'bf-fleet-health',
  'bf-schedule-creator',
  'bf-support-microsite',
  'bf-telematics',
  'bf-route-modelling',
  'bf-bnl-schedule-analysis-compute',
  'bf-bnl-settings',
  'bf-bnl-ui',
] as const;

/** The world when none is given: the example's projects and the root bf-dev that fans out to them. */
export function defaultWorld(): GitLabWorld {
  const paths = exampleProjects.map((name) => `betterfleet/${name}`);
  return {
    projects: [
      { path: 'betterfleet/bf-dev', branches: ['main'], fanOut: paths },
      ...paths.map((path) => ({
        path,
        deploysDownstream: path.endsWith('/bf-manage-core') || path.endsWith('/bf-manage-web'),
        protectedBranches: [{ name: 'release', pushLevel: 40, mergeLevel: 40 } satisfies ProtectedBranchSpec],
      })),
    ],
  };
}
