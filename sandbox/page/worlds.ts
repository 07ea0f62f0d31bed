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
  regions: { logGroups: { name: string; background: { id: number; text: string }[] }[] }[];
  /** Operations that the bot may not use. */
  denied: string[];
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
