import { control, type GitLabState } from './services.ts';

/** The part of the answer of `GET /_control/state` that is read here. */
interface ServiceState {
  projects: {
    path: string;
    spec: { branches?: string[]; fanOut?: string[]; variablesMinimumRole?: string; pipeline?: unknown };
    pipelines: {
      id: number;
      ref: string;
      status: string;
      source: string;
      variables: { key: string; value: string }[];
      jobs: { id: number; status: string; retried: boolean }[];
    }[];
  }[];
}

/** Reads the simulated GitLab's projects and pipelines. Throws ServiceError when it can't be reached. */
export async function readGitLab(): Promise<GitLabState> {
  const { projects } = (await control('gitlab', 'GET', 'state')) as ServiceState;
  return {
    projects: projects.map(({ path, spec }) => ({
      path,
      branches: spec.branches ?? ['main', 'release'],
      variablesMinimumRole: spec.variablesMinimumRole ?? 'developer',
      pipeline: spec.pipeline ?? null,
      isRoot: spec.fanOut !== undefined,
    })),
    pipelines: projects.flatMap((project) =>
      project.pipelines.map(({ id, ref, status, source, variables, jobs }) => ({
        id,
        project: project.path,
        ref,
        status,
        source,
        variables,
        waitingJob: jobs.find((job) => job.status === 'manual' && !job.retried)?.id ?? null,
      })),
    ),
  };
}
