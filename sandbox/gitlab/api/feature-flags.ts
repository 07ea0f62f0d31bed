import { forbidden, notFound } from '../grape.ts';
import { botLevel, type Project } from '../model.ts';
import { pageParams, paginate } from '../paging.ts';
import { type ApiRoute, type Call, ok, projectOf } from './context.ts';

/** Feature flags can be read from developer on. */
function readableFlags(call: Call): Project {
  const project = projectOf(call);
  if (botLevel(project) < 30) throw forbidden();
  return project;
}

function listFlags(call: Call) {
  const project = readableFlags(call);
  const scope = call.params.oneOf('scope', ['enabled', 'disabled'] as const);
  const at = pageParams(call.params);
  call.params.check();
  const found = (project.spec.featureFlags ?? [])
    .filter((flag) => scope === undefined || flag.active === (scope === 'enabled'))
    .sort((a, b) => a.name.localeCompare(b.name));
  const page = paginate(found, at, call.url);
  return ok(
    page.items.map((flag) => call.api.review.featureFlag(project, flag)),
    page.headers,
  );
}

function getFlag(call: Call) {
  const project = readableFlags(call);
  const name = call.path['feature_flag_name'];
  const flag = project.spec.featureFlags?.find((candidate) => candidate.name === name);
  if (!flag) throw notFound();
  return ok(call.api.review.featureFlag(project, flag));
}

export const featureFlagRoutes: ApiRoute[] = [
  { method: 'GET', path: '/projects/:id/feature_flags', handle: listFlags },
  { method: 'GET', path: '/projects/:id/feature_flags/:feature_flag_name', handle: getFlag },
];
