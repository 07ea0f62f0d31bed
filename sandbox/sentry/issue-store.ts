export interface Issue {
  id: string;
  /** Slug. */
  project: string;
  environment: string;
  title: string;
  culprit: string;
  level: 'fatal' | 'error' | 'warning' | 'info';
  status: 'unresolved' | 'resolved' | 'ignored';
  /** Version in which it was first seen; null when events carry no release. */
  firstRelease: string | null;
  /** Ms since 1970. */
  firstSeen: number;
  lastSeen: number;
  count: number;
  userCount: number;
  tags: Record<string, string>;
}

/** The issues that Sentry has, by number. */
export class Issues {
  readonly #all: Issue[] = [];

  add(issue: Omit<Issue, 'id'>): Issue {
    const made = { ...issue, id: String(6_600_001 + this.#all.length) };
    this.#all.push(made);
    return made;
  }

  all(): Issue[] {
    return this.#all;
  }

  find(id: string): Issue | undefined {
    return this.#all.find((issue) => issue.id === id);
  }

  clear(): void {
    this.#all.splice(0);
  }
}
