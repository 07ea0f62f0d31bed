import type { awsControl } from '../aws/control-client.ts';
import type { websiteControl } from '../website/control-client.ts';

/** Where one sees what staging runs; what is left out is not told. */
export interface StagingSite {
  website?: ReturnType<typeof websiteControl>;
  aws?: ReturnType<typeof awsControl>;
}

/** Lets the web site and the service behind it run a build of bf-manage-core. */
export async function runBuild(
  { website, aws }: StagingSite,
  build: { commit: string; branch: string; builtAt: Date },
): Promise<void> {
  const { commit, branch, builtAt } = build;
  await website?.buildInfo({ commit, branch, version: '2026.47.0', builtAt: builtAt.toISOString() });
  await aws?.setService({
    cluster: 'manage-staging',
    service: 'bf-manage-core',
    image: `registry.betterfleet.example/bf-manage-core:${commit}`,
  });
}
