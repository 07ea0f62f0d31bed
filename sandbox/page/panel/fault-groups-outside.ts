import { control } from '../services.ts';
import type { Worlds } from '../worlds.ts';
import type { Deed, FaultGroup, FaultToggle } from './fault-list.ts';
import { isSpiking, newIssueTitle, startSpike, stopSpike } from './sentry-trouble.ts';

/** The web site answers a path otherwise than it would, until it is given back. */
function pageDeed(path: string, page: (worlds: Worlds) => Record<string, string | number>): Deed {
  const put = (wanted: Record<string, string | number> | null) =>
    control('website', 'POST', 'page', { path, page: wanted });
  return {
    put: async (worlds) => void (await put(page(worlds))),
    takeBack: async () => void (await put(null)),
    isOn: ({ website }) => isChanged(website?.pages[path], path),
  };
}

/** `/build-info` is made anew each time unless it was set; the other pages always stand in the list. */
function isChanged(page: { status?: number } | undefined, path: string): boolean {
  return path === '/build-info' ? page !== undefined : (page?.status ?? 200) >= 400;
}

const json = { contentType: 'application/json' };
const failing = JSON.stringify({ status: 'failing', checks: { database: 'timeout', queue: 'ok' } });
const otherCommit = '5ca1ab1e'.repeat(5);

/** What can go wrong with the site that was deployed. */
export const websiteFaults: FaultGroup = {
  title: 'Web site in staging',
  service: 'website',
  toggles: [
    {
      id: 'site-down',
      label: 'The site answers nothing',
      service: 'website',
      deed: {
        put: async () => void (await control('website', 'POST', 'outage', { on: true })),
        takeBack: async () => void (await control('website', 'POST', 'outage', { on: false })),
        isOn: ({ website }) => website?.outage === true,
      },
    },
    {
      id: 'site-error',
      label: 'Its start page shows an error (500)',
      service: 'website',
      deed: pageDeed('/', () => ({ status: 500, body: 'Something went wrong.' })),
    },
    {
      id: 'site-unhealthy',
      label: 'Its health check fails',
      service: 'website',
      deed: pageDeed('/health', () => ({ status: 503, body: failing, ...json })),
    },
    {
      id: 'site-other-build',
      label: 'It runs another build than was deployed',
      service: 'website',
      deed: pageDeed('/build-info', ({ website }) => ({
        body: JSON.stringify({ ...website?.buildInfo, commit: otherCommit, branch: 'main' }),
        ...json,
      })),
    },
  ],
};

const spikeIn = (project: string): FaultToggle => ({
  id: `sentry-spike-${project}`,
  label: `Errors spike in ${project}`,
  service: 'sentry',
  aboutStaging: true,
  deed: {
    put: (worlds) => startSpike(project, worlds.gitlab?.staging.deployedAt ?? null),
    takeBack: () => stopSpike(project),
    isOn: () => isSpiking(project),
  },
});

const openIssues = ({ sentry }: Worlds) =>
  (sentry?.issues ?? []).filter(({ title, status }) => title === newIssueTitle && status === 'unresolved');

/** What can go wrong in what Sentry sees, and with Sentry itself. */
export const sentryFaults: FaultGroup = {
  title: 'Sentry',
  service: 'sentry',
  toggles: [
    spikeIn('manage-web'),
    spikeIn('manage-backend'),
    {
      id: 'sentry-new-issue',
      label: 'A new issue comes up in manage-web',
      service: 'sentry',
      aboutStaging: true,
      deed: {
        put: async ({ website }) =>
          void (await control('sentry', 'POST', 'issues', {
            project: 'manage-web',
            environment: 'staging',
            title: newIssueTitle,
            // For errors in the browser, Sentry names the page here.
            culprit: '/load',
            firstRelease: website?.buildInfo.commit ?? null,
            count: 14,
            userCount: 3,
          })),
        takeBack: async (worlds) => {
          for (const { id } of openIssues(worlds))
            await control('sentry', 'POST', 'issues/status', { id, status: 'resolved' });
        },
        isOn: (worlds) => openIssues(worlds).length > 0,
      },
    },
    { id: 'sentry-down', label: 'Sentry is down', service: 'sentry', fault: { kind: 'outage' } },
    {
      id: 'sentry-too-many',
      label: 'Sentry says “too many requests” 3 times',
      service: 'sentry',
      fault: { kind: 'http429', times: 3 },
    },
  ],
};

/** What can go wrong with Linear. */
export const linearFaults: FaultGroup = {
  title: 'Linear',
  service: 'linear',
  toggles: [
    { id: 'linear-down', label: 'Linear is down', service: 'linear', fault: { kind: 'outage' } },
    {
      id: 'linear-lost-answer',
      label: 'Linear takes the next change, then loses its answer',
      service: 'linear',
      fault: { kind: 'acceptThenReset', operation: 'issueUpdate', times: 1 },
    },
    {
      id: 'linear-too-many',
      label: 'Linear says “too many requests” 3 times',
      service: 'linear',
      fault: { kind: 'ratelimited', times: 3, retryAfter: 2 },
    },
  ],
};
