import type { Call } from './call.ts';
import { pageOf } from './paging.ts';

/** `/organizations/:org/projects/`. */
export function listProjects(call: Call) {
  const { world, query, url } = call;
  const visible = world.projects.filter((project) => !project.hidden);
  const page = pageOf(visible, query, url);
  const body = page.items.map(({ id, slug, platform }) => ({
    id,
    slug,
    name: slug,
    platform,
    dateCreated: '2026-01-01T00:00:00.000Z',
    isBookmarked: false,
    isMember: true,
    hasAccess: true,
    firstEvent: '2026-01-01T00:00:00.000Z',
    environments: world.environments,
    features: ['alert-filters'],
    teams: [{ id: '1', name: 'manage', slug: 'manage' }],
  }));
  return { body, headers: page.headers };
}
