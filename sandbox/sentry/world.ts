/** What a token may have; the endpoints here need org:read, and event:read for issues. */
export type Scope = 'org:read' | 'project:read' | 'event:read';

export interface SentryProject {
  /** Numeric id as a text, as Sentry writes it. */
  id: string;
  slug: string;
  platform: string;
  /** The token is no member of its team: 403. */
  hidden?: boolean;
}

/** Errors that come all the time, in one project and environment. */
export interface Background {
  /** Slug. */
  project: string;
  environment: string;
  /** Mean of errors a minute. */
  perMinute: number;
}

export interface SentryWorld {
  /** Slug of the only organization. */
  organization: string;
  projects: SentryProject[];
  environments: string[];
  background: Background[];
  scopes: Scope[];
  /** Requests a second for each endpoint; issues have 10, time series 30, others 40. */
  requestsPerSecond?: number;
  /** How long an error takes until a query finds it. Default 20 000 ms. */
  ingestionDelayMs: number;
}

/** The world when none is given: two projects that err a little all the time. */
export function defaultWorld(): SentryWorld {
  return {
    organization: 'betterfleet',
    projects: [
      { id: '4501', slug: 'manage-backend', platform: 'python-django' },
      { id: '4502', slug: 'manage-web', platform: 'javascript-react' },
    ],
    environments: ['staging', 'production'],
    background: [
      { project: 'manage-backend', environment: 'staging', perMinute: 0.4 },
      { project: 'manage-web', environment: 'staging', perMinute: 0.2 },
      { project: 'manage-backend', environment: 'production', perMinute: 2 },
      { project: 'manage-web', environment: 'production', perMinute: 1 },
    ],
    scopes: ['org:read', 'project:read', 'event:read'],
    ingestionDelayMs: 20_000,
  };
}
