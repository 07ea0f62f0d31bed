import { control, type GitLabState, type Staging } from './services.ts';

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
    mergeRequests: { iid: number; title: string; author: string; labels: string[]; webUrl: string }[];
    deployments: {
      environment: string;
      status: string;
      finishedAt: string | null;
      mergeRequests: number[];
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
    staging: stagingOf(projects),
  };
}

function stagingOf(projects: ServiceState['projects']): Staging {
  const passed = projects.flatMap(({ deployments }) =>
    deployments.filter(({ environment, status }) => environment === 'staging' && status === 'success'),
  );
  const times = passed.map(({ finishedAt }) => Date.parse(finishedAt ?? '')).filter(Number.isFinite);
  return {
    mergeRequests: projects.flatMap(({ path, mergeRequests, deployments }) => {
      const shippedTo = (name: string) =>
        deployments
          .filter(({ environment, status }) => environment === name && status === 'success')
          .flatMap((deployment) => deployment.mergeRequests);
      const [staged, live] = [shippedTo('staging'), shippedTo('production')];
      return mergeRequests
        .filter(({ iid }) => staged.includes(iid) && !live.includes(iid))
        .map(({ iid, title, author, labels, webUrl }) => ({
          project: path,
          iid,
          title,
          author,
          labels,
          webUrl,
        }));
    }),
    deployedAt: times.length > 0 ? Math.max(...times) : null,
  };
}
