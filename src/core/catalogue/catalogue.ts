import type { Waves } from '../promotion/gate.ts';
import type { PromotionPlan } from '../promotion/plan.ts';
import { type Phase, resolvePhase } from './phase.ts';
import { brokenPhaseRules, type KnownChecks } from './phase-rules.ts';
import type { RoleMembers } from './role-members.ts';
import { brokenRules } from './rules.ts';
import { type CatalogueFile, catalogueFileSchema } from './schema.ts';
import { type Account, resolveAccount, resolveService } from './service.ts';
import { brokenServiceRules, type PatternFault } from './service-rules.ts';
import { type CatalogueIssue, describeIssue, wordIssue } from './wording.ts';

/** One project that can be released. */
export interface CatalogueProject {
  /** What people type and pick. */
  id: string;
  /** Full path in GitLab. */
  path: string;
  /** Id of its group, when it has one. */
  group?: string;
  /** The branch that is cut and deployed: its own or the catalogue's. */
  releaseBranch: string;
}

/** The catalogue, checked and with every default filled in (requirement A7). */
export interface Catalogue {
  name: string;
  gitlab: { root: string; releaseBranch: string };
  groups: readonly { id: string; name: string }[];
  projects: readonly CatalogueProject[];
  roles: { releaseEngineer: RoleMembers; tester: RoleMembers; admin: RoleMembers };
  /** Slack channel ids. */
  channels: { releases: string };
  limits: { pipelinesPerMinute: number; followPollSeconds: number; followHours: number };
  /** What a release has to pass, in order; `/release validate` works on the first. */
  phases: readonly Phase[];
  accounts: readonly Account[];
  /** How deployments of each service are validated. */
  services: readonly PromotionPlan[];
  waves: Waves;
}

/** A catalogue, or everything that is wrong with it. */
export type CatalogueResult = { ok: true; catalogue: Catalogue } | { ok: false; issues: CatalogueIssue[] };

function resolve(file: CatalogueFile): Catalogue {
  const releaseBranch = file.gitlab['release-branch'];
  const paths = new Map(file.projects.map(({ id, path }) => [id, path]));
  return {
    name: file.name,
    gitlab: { root: file.gitlab.root, releaseBranch },
    groups: file.groups,
    projects: file.projects.map(({ id, path, group, 'release-branch': own }) => ({
      id,
      path,
      ...(group !== undefined && { group }),
      releaseBranch: own ?? releaseBranch,
    })),
    roles: {
      releaseEngineer: file.roles['release-engineer'],
      tester: file.roles.tester ?? { users: [], groups: [] },
      admin: file.roles.admin ?? { users: [], groups: [] },
    },
    channels: file.channels,
    limits: {
      pipelinesPerMinute: file.limits['pipelines-per-minute'],
      followPollSeconds: file.limits['follow-poll-seconds'],
      followHours: file.limits['follow-hours'],
    },
    phases: file.phases.map(resolvePhase),
    accounts: file.accounts.map(resolveAccount),
    services: file.services.map((service) => resolveService(service, paths)),
    waves: file.waves,
  };
}

/** What a catalogue is held against besides its own shape. */
export interface CatalogueKnowledge {
  /** The checks that a gate may name, with the shapes of their parameters. */
  checks: KnownChecks;
  patternFault: PatternFault;
}
const nothingKnown: CatalogueKnowledge = { checks: {}, patternFault: () => null };

/** Checks the content of a catalogue file, as parsed from YAML or JSON, and fills in the defaults. */
export function checkCatalogue(
  content: unknown,
  { checks, patternFault }: CatalogueKnowledge = nothingKnown,
): CatalogueResult {
  const parsed = catalogueFileSchema.safeParse(content, { error: wordIssue });
  const rules = [
    ...brokenRules(content),
    ...brokenPhaseRules(content, checks),
    ...brokenServiceRules(content, checks, patternFault),
  ];
  if (parsed.success && rules.length === 0) return { ok: true, catalogue: resolve(parsed.data) };
  const issues = parsed.success ? [] : parsed.error.issues.flatMap(describeIssue);
  return { ok: false, issues: [...issues, ...rules] };
}
