import type { StateType } from './model.ts';

export interface StateSpec {
  name: string;
  type: StateType;
}

export interface TeamSpec {
  key: string;
  name: string;
  states?: StateSpec[];
}

export interface UserSpec {
  name: string;
  email: string;
  active?: boolean;
  admin?: boolean;
}

export interface LabelSpec {
  name: string;
  /** Key of the team whose label it is; without it, the workspace's. */
  team?: string;
  /** A group of labels, which no issue can have itself. */
  isGroup?: boolean;
}

export interface LinearSettings {
  /** Only admins may create labels; the bot's user is none. Default false. */
  restrictLabelManagementToAdmins?: boolean;
  /**
   * What becomes of Markdown that is saved. Linear stores its editor's document and writes Markdown from it:
   * `-` bullets come back as `*`, HTML comments are gone, bare URLs stand in `<…>`. Default `normalised`.
   */
  markdown?: 'normalised' | 'verbatim';
  /** Requests an hour; default 2500, as a personal key's answers say. */
  requestsPerHour?: number;
  /** Complexity points an hour; default 3,000,000, as a personal key's answers say. */
  complexityPerHour?: number;
  /** Points that one document may cost; default 10,000. */
  complexityPerDocument?: number;
  /** HTTP status of a rate-limit refusal: Linear sends 400 with RATELIMITED inside. Default 400. */
  rateLimitStatus?: 400 | 429;
  /** Whether a rate-limit refusal carries Retry-After. Default true. */
  retryAfterHeader?: boolean;
  /** How long each answer takes, in milliseconds. Not scaled. Default 0. */
  latencyMs?: number;
}

export interface LinearWorld extends LinearSettings {
  organization: { name: string; urlKey: string };
  /** The bot's user, whose key the API takes; then everybody else. */
  users: [UserSpec, ...UserSpec[]];
  teams: [TeamSpec, ...TeamSpec[]];
  labels: LabelSpec[];
  projects: string[];
}

/** The states of a new team. */
export const usualStates: StateSpec[] = [
  { name: 'Backlog', type: 'backlog' },
  { name: 'Todo', type: 'unstarted' },
  { name: 'In Progress', type: 'started' },
  { name: 'In Review', type: 'started' },
  { name: 'Done', type: 'completed' },
  { name: 'Canceled', type: 'canceled' },
  { name: 'Duplicate', type: 'duplicate' },
];

/** The world when none is given: the example's people; the label `Kind: validation` is still to be made. */
export function defaultWorld(): LinearWorld {
  return {
    organization: { name: 'BetterFleet', urlKey: 'betterfleet' },
    users: [
      { name: 'gonogo', email: 'gonogo@example.com' },
      { name: 'Rita Release', email: 'rita@example.com' },
      { name: 'Dan On Duty', email: 'dan@example.com' },
      { name: 'Ada Admin', email: 'ada@example.com', admin: true },
    ],
    teams: [
      { key: 'MAN', name: 'Manage' },
      { key: 'PLT', name: 'Platform' },
    ],
    labels: [
      { name: 'SEV-1' },
      { name: 'SEV-2' },
      { name: 'Bug' },
      { name: 'Kind', isGroup: true },
      { name: 'Chargers', team: 'MAN' },
    ],
    projects: ['Manage staging releases'],
  };
}
