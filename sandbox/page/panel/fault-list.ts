import type { GitLabProject, Service } from '../services.ts';

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

/** A fault in force. */
export interface ActiveFault {
  toggle: string;
  /** The service's own id of the fault, or the path of the changed project. */
  id: string;
}

export interface FaultGroup {
  title: string;
  /** These strike the project chosen above them. */
  aboutProject?: boolean;
  toggles: FaultToggle[];
}

const script = (name: string): ProjectChange => ({
  field: 'pipeline',
  value: () => name,
  usual: () => null,
  isOn: (project) => project.pipeline === name,
});

const releaseBranch = 'release';

/** What can go wrong, in plain words, grouped as the panel shows it. */
export const faultGroups: FaultGroup[] = [
  {
    title: 'Slack',
    toggles: [
      {
        id: 'slack-down',
        label: 'Slack is down for 20 seconds',
        service: 'slack',
        fault: { kind: 'outage' },
        seconds: 20,
      },
      {
        id: 'slack-slow',
        label: 'Slack answers slowly (2 s a call)',
        service: 'slack',
        fault: { kind: 'slow', delayMs: 2000 },
      },
      {
        id: 'slack-lost-answer',
        label: 'Slack takes the next message, then loses its answer',
        service: 'slack',
        fault: { kind: 'acceptThenReset', method: 'chat.postMessage', times: 1 },
      },
      {
        id: 'slack-too-many',
        label: 'Slack says “too many requests” 3 times',
        service: 'slack',
        fault: { kind: 'ratelimited', times: 3, retryAfter: 2 },
      },
      {
        id: 'slack-twice',
        label: 'Slack delivers your next action twice',
        service: 'slack',
        fault: { kind: 'duplicateDelivery', times: 1 },
      },
    ],
  },
  {
    title: 'GitLab',
    toggles: [
      {
        id: 'gitlab-lost-answer',
        label: 'GitLab starts the next pipeline, then answers 502',
        service: 'gitlab',
        fault: { kind: 'acceptThen502', route: 'POST /pipeline', times: 1 },
      },
      { id: 'gitlab-down', label: 'GitLab is down', service: 'gitlab', fault: { kind: 'outage' } },
      { id: 'webhooks-lost', label: 'Webhooks get lost', service: 'gitlab', fault: { kind: 'dropWebhook' } },
    ],
  },
  {
    title: 'One project',
    aboutProject: true,
    toggles: [
      {
        id: 'variables-forbidden',
        label: 'Forbids pipeline variables',
        service: 'gitlab',
        project: {
          field: 'variablesMinimumRole',
          value: () => 'no_one_allowed',
          usual: () => 'developer',
          isOn: (project) => project.variablesMinimumRole === 'no_one_allowed',
        },
      },
      {
        id: 'branch-missing',
        label: 'Has no release branch',
        service: 'gitlab',
        project: {
          field: 'branches',
          value: (project) => project.branches.filter((branch) => branch !== releaseBranch),
          usual: (project) => [...project.branches, releaseBranch],
          isOn: (project) => !project.branches.includes(releaseBranch),
        },
      },
      { id: 'pipeline-fails', label: 'Its next pipelines fail', service: 'gitlab', project: script('fails') },
      {
        id: 'downstream-fails',
        label: 'Its downstream pipelines fail',
        service: 'gitlab',
        project: script('downstream-fails'),
      },
      {
        id: 'pipeline-waits',
        label: 'Its pipelines wait for a person',
        service: 'gitlab',
        project: script('manual'),
      },
    ],
  },
];

/**
 * Which toggles are on, from what the services say. `wasChanged` tells a change made here from how a project
 * always was: the orchestration root never had a release branch.
 */
export function activeFaults(
  faults: Record<Service, Record<string, unknown>[]>,
  projects: GitLabProject[],
  wasChanged: (project: GitLabProject, change: ProjectChange) => boolean,
): ActiveFault[] {
  return faultGroups
    .flatMap((group) => group.toggles)
    .flatMap((toggle) => {
      const { project: change, fault: wanted } = toggle;
      if (change)
        return projects
          .filter((project) => change.isOn(project) && wasChanged(project, change))
          .map((project) => ({ toggle: toggle.id, id: project.path }));
      return faults[toggle.service]
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
