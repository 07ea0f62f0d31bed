import type { GroupPlan, Plan } from '../release/plan.ts';
import type { PhaseFile } from './phase-sections.ts';
import type { RoleMembers } from './role-members.ts';

/** One phase of a release with every default filled in. */
export interface Phase {
  id: string;
  name: string;
  environment: string;
  /** Without a slash at the end. */
  url: string;
  /** Ids of projects. */
  projects: readonly string[];
  /** Environment that runs what was released before. */
  baseline: string;
  workspaces: { suggested: { workspace: string; depot: string } | null; reserved: readonly string[] };
  record: { team: string; title: string; labels: readonly string[]; runbook: string | null } | null;
  approvals: readonly (RoleMembers & { id: string; name: string })[];
  groups: readonly GroupPlan[];
}

export function resolvePhase(file: PhaseFile): Phase {
  const { suggested, reserved } = file.workspaces;
  const { record } = file;
  return {
    id: file.id,
    name: file.name,
    environment: file.environment,
    url: file.url.replace(/\/+$/, ''),
    projects: file.projects,
    baseline: file.baseline,
    workspaces: { suggested: suggested ?? null, reserved },
    record: record
      ? { team: record.team, title: record.title, labels: record.labels, runbook: record.runbook ?? null }
      : null,
    approvals: file.approvals,
    groups: file.groups.map(({ gates, ...group }) => ({
      ...group,
      gates: gates.map((gate) => ({
        id: gate.id,
        title: gate.title,
        check: gate.check ?? null,
        with: gate.with ?? {},
        when: gate.when ?? null,
        rule: gate.rule ?? null,
        touchedBy: gate['touched-by'] ?? [],
      })),
    })),
  };
}

/** What a release opened now has to pass. */
export function planOf(phase: Phase): Plan {
  return {
    phase: phase.name,
    groups: [...phase.groups],
    approvals: phase.approvals.map(({ id, name }) => ({ id, name })),
    recorded: phase.record !== null,
  };
}
