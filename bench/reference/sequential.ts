import { Gitlab } from '@gitbeaker/rest';

/**
 * The loop that people write: look at each project and its branch, then start its pipeline, one request after the
 * other. Gives the milliseconds from the first request to the last answer.
 */
export async function sequentialLoop(
  gitlab: { url: string; token: string },
  paths: readonly string[],
): Promise<number> {
  const api = new Gitlab({ host: gitlab.url, token: gitlab.token });
  const began = performance.now();
  for (const path of paths) {
    await api.Projects.show(path);
    await api.Branches.show(path, 'release');
    await api.Pipelines.create(path, 'release', {
      variables: [{ key: 'ORCHESTRATION_CUT_OFF', value: 'true' }],
    });
  }
  return performance.now() - began;
}
