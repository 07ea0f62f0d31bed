import type { Catalogue } from '../../../src/core/catalogue/catalogue.ts';
import type { Phase } from '../../../src/core/catalogue/phase.ts';
import type { PromotionPlan } from '../../../src/core/promotion/plan.ts';
import { planWith } from '../promotion/samples.ts';

/** Waves for tests: each service has the name of its project, and regions whose environments are given. */

const stagingPhase: Phase = {
  id: 'staging',
  name: 'Staging',
  environment: 'staging',
  url: 'https://staging.test',
  projects: [],
  baseline: 'production',
  workspaces: { suggested: null, reserved: [] },
  record: null,
  approvals: [],
  groups: [],
};

/** `environments`: one region each, eu-west-1 first. */
export function serviceOf(
  project: string,
  environments: readonly string[] = ['production'],
  service = project,
): PromotionPlan {
  const names = ['eu-west-1', 'us-east-1', 'ap-south-1', 'sa-east-1'];
  const regions = environments.map((environment, at) => ({
    region: names[at] ?? '',
    account: null,
    cluster: 'main',
    service,
    environment,
  }));
  return planWith({ service, name: service, project, path: `group/${project}`, regions, after: [] });
}

/** A catalogue's part with waves of these services; services are made for names that are not given. */
export function wavesOf(
  waves: string[][],
  given: PromotionPlan[] = [],
): Pick<Catalogue, 'services' | 'waves' | 'phases'> {
  const made = waves
    .flat()
    .filter((name) => !given.some(({ service }) => service === name))
    .map((name) => serviceOf(name));
  return {
    services: [...given, ...made],
    waves: waves.map((services, at) => ({ name: `Wave ${at + 1}`, services })),
    phases: [stagingPhase],
  };
}
