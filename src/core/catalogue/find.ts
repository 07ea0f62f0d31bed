import type { Catalogue, CatalogueProject } from './catalogue.ts';
import type { Phase } from './phase.ts';

/** The project with this id, as people type it. */
export function findProject(catalogue: Catalogue, id: string): CatalogueProject | undefined {
  return catalogue.projects.find((project) => project.id === id);
}

/** The project with this GitLab path; GitLab ignores the case of paths. */
export function projectByPath(catalogue: Catalogue, path: string): CatalogueProject | undefined {
  const wanted = path.toLowerCase();
  return catalogue.projects.find((project) => project.path.toLowerCase() === wanted);
}

/**
 * What an invocation means by `all` or by one id: never both (requirement A6), in the order of the catalogue.
 * Undefined for an id that is not in the catalogue, so that nobody mistakes it for "nothing to do".
 */
export function targetsOf(catalogue: Catalogue, choice: string): readonly CatalogueProject[] | undefined {
  if (choice === 'all') return catalogue.projects;
  const project = findProject(catalogue, choice);
  return project && [project];
}

/** The release branch of a project, or undefined when there is no such project. */
export function branchOf(catalogue: Catalogue, id: string): string | undefined {
  return findProject(catalogue, id)?.releaseBranch;
}

/** The phase that a release was opened for, by the name in its plan; undefined when it is not there any more. */
export function findPhase({ phases }: Pick<Catalogue, 'phases'>, name: string): Phase | undefined {
  return phases.find((phase) => phase.name === name);
}
