import type { GitLabProject, Service } from '../services.ts';
import type { Worlds } from '../worlds.ts';

/** A fault that can be switched on and off from the page. */
export interface FaultToggle {
  id: string;
  /** What happens, in plain words. */
  label: string;
  service: Service;
  /** Sent to the service's `faults`; with `onProject` the chosen project is added. */
  fault?: { kind: string; [field: string]: string | number };
  /** Instead of a fault: a change to one project, and what puts it right again. */
  project?: ProjectChange;
  /** Instead of a fault: something done to the service, and what undoes it. */
  deed?: Deed;
  /** It happens to what was deployed to staging, not to the service that tells of it. */
  aboutStaging?: boolean;
  /** The fault is taken back by the page after that many seconds. */
  seconds?: number;
}

/** A change to one field of a project. Taking it back puts in what stood there before. */
export interface ProjectChange {
  field: 'pipeline' | 'variablesMinimumRole' | 'branches';
  value: (project: GitLabProject) => unknown;
  /** What to put back when nobody remembers what stood there. */
  usual: (project: GitLabProject) => unknown;
  /** Whether the project has the change now. */
  isOn: (project: GitLabProject) => boolean;
}

/** Something done to a service through its control calls. */
export interface Deed {
  put: (worlds: Worlds) => Promise<void>;
  takeBack: (worlds: Worlds) => Promise<void>;
  isOn: (worlds: Worlds) => boolean;
}

/** A fault in force. */
export interface ActiveFault {
  toggle: string;
  /** The service's own id of the fault, the path of the changed project, or the toggle's id for a deed. */
  id: string;
}

export interface FaultGroup {
  title: string;
  /** The group is there only where the sandbox has this service. */
  service: Service;
  /** These strike the project chosen above them. */
  aboutProject?: boolean;
  toggles: FaultToggle[];
}

/**
 * Which toggles are on, from what the services say. `wasChanged` tells a change made here from how a project
 * always was: the orchestration root never had a release branch.
 */
export function activeFaults(
  groups: FaultGroup[],
  faults: Partial<Record<Service, Record<string, unknown>[]>>,
  worlds: Worlds,
  wasChanged: (project: GitLabProject, change: ProjectChange) => boolean,
): ActiveFault[] {
  return groups
    .flatMap((group) => group.toggles)
    .flatMap((toggle) => {
      const { project: change, fault: wanted, deed } = toggle;
      if (deed) return deed.isOn(worlds) ? [{ toggle: toggle.id, id: toggle.id }] : [];
      if (change)
        return (worlds.gitlab?.projects ?? [])
          .filter((project) => change.isOn(project) && wasChanged(project, change))
          .map((project) => ({ toggle: toggle.id, id: project.path }));
      return (faults[toggle.service] ?? [])
        .filter(
          (fault) =>
            isInForce(fault) && Object.entries(wanted ?? {}).every(([key, value]) => fault[key] === value),
        )
        .map((fault) => ({ toggle: toggle.id, id: String(fault['id']) }));
    });
}

/** A fault that struck as often as it should is over. */
function isInForce(fault: Record<string, unknown>): boolean {
  const { times, struck } = fault as { times?: number; struck?: number };
  return times === undefined || (struck ?? 0) < times;
}
