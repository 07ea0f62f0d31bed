import { ApiError, forbidden, notFound } from './api-error.ts';
import type { Events } from './events.ts';
import type { Issues } from './issue-store.ts';
import type { SentryProject, SentryWorld } from './world.ts';

/** One authenticated request as an endpoint sees it. */
export interface Call {
  world: SentryWorld;
  events: Events;
  issues: Issues;
  /** Address of the request, for Link headers. */
  url: URL;
  query: URLSearchParams;
  /** Parts of the path, decoded. */
  path: Record<string, string>;
  /** Ms since 1970. */
  now: number;
}

/** The projects of `project=ID` (or slug); all that the token sees when there is none or it is -1. */
export function projectsOf({ query, world }: Call): SentryProject[] {
  const visible = world.projects.filter((project) => !project.hidden);
  const asked = query.getAll('project');
  if (asked.some((id) => !/^-?\d+$/.test(id)))
    throw new ApiError(400, { detail: 'Invalid project parameter. Values must be numbers.' });
  const slugs = query.getAll('projectSlug');
  if (asked.includes('-1') || (asked.length === 0 && slugs.length === 0)) return visible;
  const found = visible.filter(({ id, slug }) => asked.includes(id) || slugs.includes(slug));
  // A project that is not there is refused like one that may not be seen.
  if (found.length < new Set([...asked, ...slugs]).size) throw forbidden();
  return found;
}

/** The environments of `environment=NAME`; 404 for one that Sentry has never heard of. */
export function environmentsOf({ query, world }: Call): string[] {
  const asked = query.getAll('environment').filter((name) => name !== '');
  if (asked.some((name) => !world.environments.includes(name))) throw notFound();
  return asked;
}
