import type { ProductionState } from '../production/state.ts';
import { control, type GitLabState } from './services.ts';

/** What the services said last; null: nothing yet. */
export interface Worlds {
  gitlab: GitLabState | null;
  sentry: SentryState | null;
  website: WebsiteState | null;
  aws: AwsState | null;
}

/** What the page draws of the simulated Linear. */
export interface LinearState {
  /** Oldest first. */
  issues: LinearIssue[];
}

export interface LinearIssue {
  identifier: string;
  url: string;
  title: string;
  description: string | null;
  boxes: { checked: boolean }[];
  labels: string[];
  state: string;
  assignee: string | null;
  /** ISO. */
  updatedAt: string;
  comments: { id: string; body: string; user: string; createdAt: string }[];
  attachments: { id: string; title: string; subtitle: string | null; url: string }[];
}

/** What the page draws of the simulated Sentry. */
export interface SentryState {
  issues: { id: string; project: string; title: string; status: string }[];
}

/** What the page draws of the simulated web site. */
export interface WebsiteState {
  url: string;
  pages: Record<string, { status?: number }>;
  buildInfo: { commit: string; branch: string; version: string; builtAt: string };
  outage: boolean;
}

/** What the page draws of the simulated AWS. */
export interface AwsState {
  regions: AwsRegion[];
  /** Operations that the bot may not use. */
  denied: string[];
}

export interface AwsRegion {
  name: string;
  clusters: { name: string; services: EcsService[]; tasks: EcsTask[] }[];
  logGroups: { name: string; background: { id: number; text: string }[] }[];
}

export interface EcsService {
  name: string;
  status: string;
  desiredCount: number;
  /** The PRIMARY one first. */
  deployments: EcsDeployment[];
  /** What moves a service that another controller than ECS deploys. */
  taskSets: {
    id: string;
    status: string;
    stability: string;
    definition: { revision: number; image: string };
  }[];
  /** The newest first; times in ms since 1970. */
  events: { id: string; createdAt: number; message: string }[];
}

export interface EcsDeployment {
  id: string;
  /** Id of the deployment whose tasks it took over when it rolled back to it; null: none. */
  adopted: string | null;
  status: string;
  definition: { revision: number; image: string };
  desiredCount: number;
  failedTasks: number;
  rolloutState: string;
  rolloutStateReason: string;
}

export interface EcsTask {
  id: string;
  service: string;
  /** Id of its deployment or task set. */
  startedBy: string;
  lastStatus: string;
  health: string;
  stoppedAt: number | null;
  stoppedReason: string | null;
  exitCode: number | null;
}

/** One thing that the simulated ECS can play, with a line for people. */
export interface EcsScript {
  id: string;
  group: string;
  says: string;
}

/** Reads the issues of the simulated Linear. Throws ServiceError when it can't be reached, as the others here. */
export async function readLinear(): Promise<LinearState> {
  return (await control('linear', 'GET', 'issues')) as LinearState;
}

export async function readSentry(): Promise<SentryState> {
  return (await control('sentry', 'GET', 'state')) as SentryState;
}

export async function readWebsite(): Promise<WebsiteState> {
  return (await control('website', 'GET', 'state')) as WebsiteState;
}

export async function readAws(): Promise<AwsState> {
  return (await control('aws', 'GET', 'state')) as AwsState;
}

export async function readProduction(): Promise<ProductionState> {
  return (await control('production', 'GET', 'state')) as ProductionState;
}

export async function readEcsScripts(): Promise<EcsScript[]> {
  return ((await control('aws', 'GET', 'scripts')) as { scripts: EcsScript[] }).scripts;
}
