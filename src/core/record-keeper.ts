import type { Effect } from './effect.ts';

/** An issue of ours in Linear as it stands there. */
export interface KeptIssue {
  id: string;
  /** What people call it: REL-12. */
  identifier: string;
  url: string;
  title: string;
  /** Markdown, as Linear gives it back: not always as it was sent. */
  description: string;
  labels: string[];
  /** Ids of its comments. */
  comments: ReadonlySet<string>;
  /** Addresses of its links (attachments). */
  links: ReadonlySet<string>;
}

/**
 * The issue tracker that holds the record of a release (Linear). Ids are ours, so a thing whose end nobody saw is
 * looked for by its id before it is made again (facts: client-supplied UUIDs).
 */
export interface RecordKeeper {
  /** Null when there is none. Throws OutsideError when the tracker does not answer. */
  read(issue: string, signal: AbortSignal): Promise<KeptIssue | null>;
  /** Labels are named; one that is missing in the tracker is refused by name. */
  create(
    issue: { id: string; title: string; description: string; labels: readonly string[] },
    signal: AbortSignal,
  ): Promise<Effect<null>>;
  /** Replaces the whole description, sets the title, adds labels; takes none away. */
  rewrite(
    issue: string,
    change: { title: string; description: string; addLabels: readonly string[] },
    signal: AbortSignal,
  ): Promise<Effect<null>>;
  comment(comment: { id: string; issue: string; body: string }, signal: AbortSignal): Promise<Effect<null>>;
  /** The same address again updates its title. */
  link(link: { issue: string; url: string; title: string }, signal: AbortSignal): Promise<Effect<null>>;
}
