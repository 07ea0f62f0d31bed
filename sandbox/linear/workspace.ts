import { createHash, randomUUID } from 'node:crypto';
import type {
  Attachment,
  Comment,
  DescriptionVersion,
  HistoryEntry,
  Issue,
  Label,
  Project,
  ProjectStatus,
  State,
  Team,
  User,
} from './model.ts';
import { type LinearSettings, type LinearWorld, usualStates } from './world.ts';

/** What happened, for the event stream and waiting tests. */
export type Change =
  | { kind: 'issue'; issue: Issue; created: boolean }
  | { kind: 'comment'; comment: Comment }
  | { kind: 'attachment'; attachment: Attachment }
  | { kind: 'label'; label: Label };

/** Everything that the simulated Linear knows. */
export class Workspace {
  readonly organization: { id: string; name: string; urlKey: string; createdAt: Date; updatedAt: Date };
  readonly users: User[];
  readonly teams: Team[];
  readonly states: State[];
  readonly labels: Label[];
  readonly projects: Project[];
  readonly issues: Issue[] = [];
  readonly comments: Comment[] = [];
  readonly attachments: Attachment[] = [];
  readonly history: HistoryEntry[] = [];
  readonly versions = new Map<Issue, DescriptionVersion[]>();
  readonly settings: LinearSettings;
  /** Address of the pages, without a slash at the end. */
  readonly base: string;
  /** The user whose key the API takes. */
  readonly viewer: User;
  #changes = 0;
  #lastMoment = 0;
  readonly #listeners = new Set<(change: Change) => void>();

  constructor(world: LinearWorld, base: string) {
    const { organization, users, teams, labels, projects, ...settings } = world;
    this.settings = settings;
    this.base = base;
    this.organization = { ...this.#made('organization', organization.urlKey), ...organization };
    this.users = users.map(({ name, email, active = true, admin = false }, i) => ({
      ...this.#made('user', email),
      name,
      displayName: email.split('@')[0] ?? name,
      email,
      active,
      admin,
      app: i === 0,
      url: `${base}/${organization.urlKey}/profiles/${email.split('@')[0]}`,
    }));
    const [viewer] = this.users;
    if (!viewer) throw new Error('the world has no user whose key the API could take');
    this.viewer = viewer;
    this.teams = teams.map(({ key, name }) => ({
      ...this.#made('team', key),
      key,
      name,
      displayName: name,
      private: false,
    }));
    this.states = this.teams.flatMap((team, i) =>
      (teams[i]?.states ?? usualStates).map(({ name, type }, position) => {
        return {
          ...this.#made('state', `${team.key}/${name}`),
          name,
          type,
          color: '#95a2b3',
          position,
          team,
        };
      }),
    );
    this.labels = labels.map(({ name, team, isGroup = false }) => ({
      ...this.#made('label', `${team ?? ''}/${name}`),
      name,
      color: '#5e6ad2',
      description: null,
      team: team === undefined ? null : this.teamWithKey(team),
      creator: null,
      isGroup,
    }));
    const underWay: ProjectStatus = {
      ...this.#made('project status', 'In Progress'),
      name: 'In Progress',
      type: 'started',
      color: '#f2c94c',
    };
    this.projects = projects.map((name) => {
      const made = this.#made('project', name);
      const slugId = made.id.slice(0, 12);
      const url = `${base}/${organization.urlKey}/project/${slugId}`;
      return { ...made, name, slugId, status: underWay, state: underWay.type, description: '', url };
    });
  }

  /** The same id for the same name, in the form of a UUID v4. */
  #made(kind: string, name: string) {
    const hex = createHash('sha1').update(`${kind}:${name}`).digest('hex');
    const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    const now = this.now();
    return { id, createdAt: now, updatedAt: now };
  }

  /** A moment later than every earlier one, so that lists by time have one order. */
  now(): Date {
    this.#lastMoment = Math.max(Date.now(), this.#lastMoment + 1);
    return new Date(this.#lastMoment);
  }

  /** Identity and times of something new; `id` as the client wants it, if it does. */
  fresh(id?: string | null): { id: string; createdAt: Date; updatedAt: Date } {
    const now = this.now();
    return { id: id ?? randomUUID(), createdAt: now, updatedAt: now };
  }

  /** Throws for a key that no team has. */
  teamWithKey(key: string): Team {
    const team = this.teams.find((candidate) => candidate.key === key);
    if (!team) throw new Error(`no team has the key ${key}`);
    return team;
  }

  statesOf(team: Team): State[] {
    return this.states.filter((state) => state.team === team);
  }

  /** Where a new issue of the team begins: its first unstarted state, or its first. */
  firstState(team: Team): State {
    const states = this.statesOf(team);
    const first = states.find((state) => state.type === 'backlog') ?? states[0];
    if (!first) throw new Error(`team ${team.key} has no states`);
    return first;
  }

  /** An issue by id or by identifier (`MAN-12`). */
  findIssue(idOrIdentifier: string): Issue | undefined {
    const wanted = idOrIdentifier.toLowerCase();
    return this.issues.find((issue) => issue.id === wanted || issue.identifier.toLowerCase() === wanted);
  }

  /** Number of changes so far, which mutations answer as `lastSyncId`. */
  get syncId(): number {
    return this.#changes;
  }

  /** Records that something changed and tells whoever listens. */
  tell(change: Change): void {
    this.#changes += 1;
    for (const listener of this.#listeners) listener(change);
  }

  /** Hears of every change from now on; the answer stops it. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#listeners.clear();
  }
}
