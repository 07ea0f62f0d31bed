import type { PromotionPlan } from '../promotion/plan.ts';
import type { LogRules, Signature } from '../rollout/rules.ts';
import type { AccountFile, ServiceFile } from './service-sections.ts';

/** An AWS account that is read by an assumed role. */
export interface Account {
  id: string;
  roleArn: string;
  externalId: string | null;
}

export function resolveAccount({ id, role, 'external-id': externalId }: AccountFile): Account {
  return { id, roleArn: role, externalId: externalId ?? null };
}

/** What a promotion of the service opened now has to pass. `paths` leads from a project's id to its GitLab path. */
export function resolveService(file: ServiceFile, paths: ReadonlyMap<string, string>): PromotionPlan {
  return {
    service: file.id,
    name: file.name ?? file.id,
    project: file.project,
    path: paths.get(file.project) ?? '',
    owner: file.owner,
    regions: file.regions.map(({ account = null, service = file.id, ...region }) => ({
      ...region,
      account,
      service,
    })),
    freshMinutes: file['fresh-minutes'],
    rules: {
      soakSeconds: file['soak-seconds'],
      deadlineSeconds: file['deadline-minutes'] * 60,
      emptyPasses: file['empty-passes'],
      imageTag: file['image-tag'],
      logs: file.logs ? { ...lines(file.logs), container: file.logs.container ?? null } : null,
      migration: file.migration ? { ...lines(file.migration), container: file.migration.container } : null,
    },
    after: file.checks.map(({ with: params = {}, ...check }) => ({ ...check, with: params })),
  };
}

type LinesFile = Omit<NonNullable<ServiceFile['logs']>, 'container'>;

function lines(file: LinesFile): Omit<LogRules, 'container'> {
  return {
    group: file.group ?? null,
    success: file.success.map(({ name, pattern, tasks: quorum }): Signature => ({ name, pattern, quorum })),
    failure: file.failure.map(({ name, pattern, cause = null }) => ({ name, pattern, cause })),
    timeoutSeconds: file['timeout-seconds'],
  };
}
