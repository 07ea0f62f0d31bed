import { awsFaults } from './fault-groups-aws.ts';
import { linearFaults, sentryFaults, websiteFaults } from './fault-groups-outside.ts';
import type { FaultGroup, ProjectChange } from './fault-list.ts';

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
    service: 'slack',
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
    service: 'gitlab',
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
    service: 'gitlab',
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
  websiteFaults,
  sentryFaults,
  awsFaults,
  linearFaults,
];
