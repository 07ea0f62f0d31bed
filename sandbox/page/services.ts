import type { Screen } from '../slack/screen.ts';

/** What the page draws of the simulated GitLab, see gitlab-state.ts. */
export interface GitLabState {
  projects: GitLabProject[];
  pipelines: GitLabPipeline[];
  staging: Staging;
}

/** What staging has and production has not. */
export interface Staging {
  mergeRequests: StagedMergeRequest[];
  /** When staging was last deployed to, in milliseconds since 1970; null: never. */
  deployedAt: number | null;
}

export interface StagedMergeRequest {
  project: string;
  iid: number;
  title: string;
  author: string;
  labels: string[];
  webUrl: string;
}

export interface GitLabProject {
  path: string;
  branches: string[];
  variablesMinimumRole: string;
  /** What its pipelines play: a script's name, a script, or null for what they play by themselves. */
  pipeline: unknown;
  /** The orchestration root: its pipelines take action, project and confirm and start the others. */
  isRoot: boolean;
}

export interface GitLabPipeline {
  id: number;
  project: string;
  ref: string;
  status: string;
  source: string;
  variables: { key: string; value: string }[];
  /** The job that waits for somebody to press play, or null. */
  waitingJob: number | null;
}

/** One step of "Try this". `command` fills the command box; a step without one only tells what to do. */
export interface GuideStep {
  title: string;
  detail: string;
  command?: string;
}

/** What an action answers once the app has acknowledged it, or three seconds later. */
export interface Acknowledged {
  acknowledged?: boolean;
  /** What Slack tells the person when the app did not acknowledge. */
  trouble?: string;
}

export type Service = 'slack' | 'gitlab' | 'linear' | 'sentry' | 'website' | 'aws' | 'production';

/** How the page calls them. */
const serviceNames: Record<Service, string> = {
  slack: 'Slack',
  gitlab: 'GitLab',
  linear: 'Linear',
  sentry: 'Sentry',
  website: 'web site',
  aws: 'AWS',
  production: 'pipelines',
};

export type Connection = 'connecting' | 'live';

/** One event of the stream that tells of changes: something of the service may be different now. */
export interface ServiceEvent {
  service: Service;
  connection: Connection;
}

/** A control call that was refused or never answered; the message is fit for the page. */
export class ServiceError extends Error {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/**
 * Calls `/_control/PATH` of a simulated service through the page's own server.
 * Throws ServiceError when it can't be reached or refuses.
 */
export async function control(
  service: Service,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: Record<string, unknown>,
): Promise<unknown> {
  const request = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const name = serviceNames[service];
  const response = await fetch(`/${service}/_control/${path}`, { method, ...request }).catch(() => {
    throw new ServiceError(
      `The simulated ${name} cannot be reached. Is \`npm run sandbox\` still running?`,
      0,
    );
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  const reason =
    isRecord(answer) && typeof answer['error'] === 'string' ? answer['error'] : `status ${response.status}`;
  throw new ServiceError(`The simulated ${name} refused: ${reason}`, response.status);
}

/** What a person sees; with null, what the first person sees. */
export async function fetchScreen(user: string | null): Promise<Screen> {
  return (await control(
    'slack',
    'GET',
    user === null ? 'screen' : `screen?user=${encodeURIComponent(user)}`,
  )) as Screen;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
