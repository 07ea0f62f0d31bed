import { type Router, readJson, sendJson } from '../shared/http.ts';
import { readAs } from '../shared/read-as.ts';
import { bodies } from './control-schema.ts';
import type { Forge } from './forge.ts';
import { branchesOf, type Commit, type Project } from './model.ts';

const minute = 60_000;

/** Adds `POST /_control/act/age`: what happened so far happened that much earlier. */
export function addAge(router: Router, forge: Forge): void {
  router.add('POST', '/_control/act/age', async ({ request, response }) => {
    const { minutes } = readAs(bodies.age, await readJson(request));
    const aged = everything(forge);
    for (const thing of aged) moveBack(thing, minutes * minute);
    sendJson(response, 200, { aged: aged.length });
  });
}

/** Everything that has times, each once. */
function everything(forge: Forge): object[] {
  const { projects, mergeRequests, deployments } = forge;
  const pipelines = projects.flatMap((project) => project.pipelines);
  return [
    ...projects,
    ...pipelines,
    ...pipelines.flatMap((pipeline) => pipeline.jobs),
    ...mergeRequests,
    ...deployments,
    ...projects.flatMap((project) => forge.environmentsOf(project)),
    ...projects.flatMap((project) => commitsOf(forge, project)),
  ];
}

function commitsOf(forge: Forge, project: Project): Commit[] {
  const onBranches = branchesOf(project).flatMap((branch) => [
    forge.history.head(project, branch),
    ...forge.history.between(project, undefined, branch),
  ]);
  return [...new Set(onBranches)];
}

/** A new Date each time: two things may share one. */
function moveBack(thing: object, ms: number): void {
  for (const [field, value] of Object.entries(thing))
    if (value instanceof Date) Object.assign(thing, { [field]: new Date(value.getTime() - ms) });
}
