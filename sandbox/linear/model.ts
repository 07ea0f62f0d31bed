/** Kinds of workflow states, as Linear has them; a duplicate is neither completed nor canceled. */
export const stateTypes = [
  'triage',
  'backlog',
  'unstarted',
  'started',
  'completed',
  'canceled',
  'duplicate',
] as const;
export type StateType = (typeof stateTypes)[number];

interface Entity {
  id: string;
  createdAt: Date;
  updatedAt: Date;
}

export interface User extends Entity {
  name: string;
  displayName: string;
  email: string;
  active: boolean;
  admin: boolean;
  app: boolean;
  url: string;
}

export interface Team extends Entity {
  key: string;
  name: string;
  displayName: string;
  private: boolean;
}

export interface State extends Entity {
  name: string;
  type: StateType;
  color: string;
  position: number;
  team: Team;
}

export interface Label extends Entity {
  name: string;
  color: string;
  description: string | null;
  /** Null: of the whole workspace. */
  team: Team | null;
  creator: User | null;
  isGroup: boolean;
}

export interface ProjectStatus extends Entity {
  name: string;
  type: 'backlog' | 'planned' | 'started' | 'paused' | 'completed' | 'canceled';
  color: string;
}

export interface Project extends Entity {
  name: string;
  slugId: string;
  status: ProjectStatus;
  /** The type of its status, which Linear calls deprecated. */
  state: string;
  description: string;
  url: string;
}

export interface Issue extends Entity {
  number: number;
  identifier: string;
  team: Team;
  title: string;
  description: string | null;
  /** 0 none, 1 urgent … 4 low; it says nothing about severity (facts: SEV is not priority). */
  priority: number;
  labelSet: Label[];
  state: State;
  assignee: User | null;
  creator: User;
  project: Project | null;
  parent: Issue | null;
  /** ISO date without time. */
  dueDate: string | null;
  startedAt: Date | null;
  completedAt: Date | null;
  canceledAt: Date | null;
  url: string;
}

export interface Comment extends Entity {
  issue: Issue;
  body: string;
  user: User;
  parent: Comment | null;
  editedAt: Date | null;
  url: string;
}

export interface Attachment extends Entity {
  issue: Issue;
  title: string;
  subtitle: string | null;
  url: string;
  metadata: Record<string, unknown>;
  groupBySource: boolean;
  creator: User;
}

/** One change of an issue; only the fields that changed are there. */
export interface HistoryEntry extends Entity {
  issue: Issue;
  actor: User;
  updatedDescription?: true;
  fromTitle?: string;
  toTitle?: string;
  fromPriority?: number;
  toPriority?: number;
  fromState?: State;
  toState?: State;
  fromAssignee?: User | null;
  toAssignee?: User | null;
  fromProject?: Project | null;
  toProject?: Project | null;
  fromParent?: Issue | null;
  toParent?: Issue | null;
  fromDueDate?: string | null;
  toDueDate?: string | null;
  addedLabels?: Label[];
  removedLabels?: Label[];
  attachment?: Attachment;
}

/** A description as it stood after somebody saved it, for looking back; Linear's API does not show these. */
export interface DescriptionVersion {
  at: Date;
  by: User;
  text: string | null;
}
