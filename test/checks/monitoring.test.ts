import { describe, expect, test } from 'vitest';
import type { Bucket, ErrorTracker, LogStore, TrackedError } from '../../src/core/sources.ts';
import { ago, candidate, deployment, judged, part } from './support/release.ts';

const minuteMs = 60_000;
const deployedMs = Date.parse(deployment().at);
const url = 'https://source.example/';

/** Buckets of one minute as a source gives them, with a count for each minute. */
function minutes(from: Date, to: Date, countAt: (at: number) => number): Bucket[] {
  const first = Math.ceil(from.getTime() / minuteMs) * minuteMs;
  const length = Math.max(0, Math.floor((to.getTime() - first) / minuteMs));
  return Array.from({ length }, (_, index) => first + index * minuteMs).map((at) => ({
    at: new Date(at).toISOString(),
    count: countAt(at),
  }));
}
/** So many a minute before the deployment and after it. */
const rates = (before: number, after: number) => (at: number) => (at < deployedMs ? before : after);

function issue(id: string, change: Partial<TrackedError> = {}): TrackedError {
  const seen = { firstSeen: ago(60), lastSeen: ago(30), level: 'error' };
  const what = { title: `Error ${id}`, culprit: '/overview', url: `${url}${id}` };
  return { id, ...what, count: 5, users: 2, ...seen, ...change };
}

const noDeployments = { codeHost: { deployments: async () => [] } };
const justDeployed = candidate(part({ deployment: deployment({ at: ago(100) }) }));
const notDeployed = candidate(part({ deployment: null }));

describe('errors in Sentry', () => {
  const searches: string[] = [];
  const errors = (
    countAt: (at: number) => number,
    issues: TrackedError[] = [],
  ): { errors: ErrorTracker } => ({
    errors: {
      errorCounts: async ({ from, to }) => ({ buckets: minutes(from, to, countAt), url }),
      issues: async ({ search, environment }) => {
        searches.push(`${environment} ${search}`);
        return { issues, url };
      },
    },
  });
  const run = (given: { errors: ErrorTracker }, more: object = {}, about = candidate()) =>
    judged('error-spike', { projects: ['manage'], ...more }, { ...given, ...noDeployments }, about);

  test('as many as before are no obvious spike', async () => {
    const finding = await run(errors(rates(1, 1)));
    expect(finding).toMatchObject({ outcome: 'pass', reason: 'No obvious spike.', blockers: [] });
    expect(finding.evidence[0]?.value).toBe('10 errors in 10 min, 10.0 expected');
  });

  test('many more are a spike, named with its signal; the reason holds no count', async () => {
    const finding = await run(errors(rates(1, 5)));
    expect(finding).toMatchObject({ outcome: 'fail', reason: 'manage shows a spike since the deployment.' });
    expect(finding.blockers).toEqual([
      { id: 'spike/manage', title: 'Spike in manage', url, signal: '50 errors in 10 min, 10.0 expected' },
    ]);
  });

  test('that are new are named one by one, with a signal that does not drift', async () => {
    const finding = await run(errors(rates(0, 0), [issue('MANAGE-1'), issue('MANAGE-2', { culprit: '' })]));
    expect(finding.outcome).toBe('fail');
    expect(finding.blockers.map(({ id, title, signal }) => [id, title, signal])).toEqual([
      [
        'sentry/MANAGE-1',
        'MANAGE-1 Error MANAGE-1 (/overview)',
        'first seen since the deployment: Error MANAGE-1',
      ],
      ['sentry/MANAGE-2', 'MANAGE-2 Error MANAGE-2', 'first seen since the deployment: Error MANAGE-2'],
    ]);
  });

  test('are searched by time, or by the release where Sentry knows it', async () => {
    searches.length = 0;
    await run(errors(rates(0, 0)));
    await run(errors(rates(0, 0)), { release: 'manage@{commit}', environment: 'stage' });
    await run(errors(rates(0, 0)), { 'first-seen': false });
    expect(searches).toEqual([
      'staging is:unresolved firstSeen:>2026-11-22T11:00:00',
      'stage is:unresolved firstRelease:"manage@abcdef1234567890abcdef1234567890abcdef12"',
    ]);
  });

  test('of several projects are all named', async () => {
    const finding = await run(errors(rates(0, 9), [issue('A-1')]), { projects: ['one', 'two'] });
    expect(finding.blockers.map(({ id }) => id)).toEqual(['spike/one', 'sentry/A-1', 'spike/two']);
  });

  test.each<[string, Parameters<typeof run>, string]>([
    ['just after the deployment are waited for', [errors(rates(0, 0)), {}, justDeployed], 'waiting'],
    ['without a deployment are not known', [errors(rates(0, 0)), {}, notDeployed], 'inconclusive'],
    ['that never come pass', [errors(() => 0)], 'pass'],
    [
      'by a commit that is not clear are not known',
      [errors(rates(0, 0)), { release: '{commit}' }, candidate(part(), part({ project: 'web' }))],
      'inconclusive',
    ],
  ])('%s', async (_, args, outcome) => {
    const finding = await run(...args);
    expect(finding.outcome).toBe(outcome);
  });

  test('are not known where Sentry leaves out part of the newest stretch, or of the history', async () => {
    const only = (isThere: (at: number) => boolean): { errors: ErrorTracker } => ({
      errors: {
        errorCounts: async ({ from, to }) => ({
          buckets: minutes(from, to, () => 1).filter(({ at }) => isThere(Date.parse(at))),
          url,
        }),
        issues: async () => ({ issues: [], url }),
      },
    });
    expect((await run(only((at) => at < deployedMs))).outcome).toBe('inconclusive');
    const hours = 90 * minuteMs;
    expect((await run(only((at) => at >= deployedMs - hours))).outcome).toBe('inconclusive');
  });

  test('just after earlier deployments are no history', async () => {
    const deployments = Array.from({ length: 11 }, (_, index) =>
      deployment({ at: ago(3_600 + 600 * (index + 1)) }),
    );
    const given = { ...errors(rates(1, 1)), codeHost: { deployments: async () => deployments } };
    const finding = await judged('error-spike', { projects: ['manage'] }, given);
    expect(finding.outcome).toBe('inconclusive');
    expect(finding.remedy).not.toBe('');
  });
});

describe('error lines in the log', () => {
  type Rates = (at: number) => number;
  const logs = (matching: Rates, all: Rates): { logs: Pick<LogStore, 'lineCounts'> } => ({
    logs: {
      lineCounts: async ({ from, to }) => ({
        matching: minutes(from, to, matching),
        all: minutes(from, to, all),
        url,
      }),
    },
  });
  const noGroup = { logs: { lineCounts: async () => null } };
  const params = { region: 'eu-west-1', group: '/core' };
  const longAgo = (hours: number) => deployedMs - hours * 60 * minuteMs;

  test.each<[string, { logs: Pick<LogStore, 'lineCounts'> }, string]>([
    ['as many as before pass', logs(rates(1, 1), () => 50), 'pass'],
    ['none among other lines pass', logs(rates(1, 0), () => 50), 'pass'],
    ['many more fail', logs(rates(1, 9), () => 50), 'fail'],
    ['none in a silent log are not known', logs(rates(0, 0), rates(50, 0)), 'inconclusive'],
    ['in no such log are not known', noGroup, 'inconclusive'],
    [
      'in a log that has just begun are not known',
      logs(rates(0, 0), (at) => (at < longAgo(1) ? 0 : 9)),
      'inconclusive',
    ],
    ['in a log that began in time pass', logs(rates(0, 0), (at) => (at < longAgo(2) ? 0 : 9)), 'pass'],
    [
      'in a log that begins with the deployment are not known',
      logs(rates(0, 9), rates(0, 9)),
      'inconclusive',
    ],
  ])('%s', async (_, given, outcome) => {
    const finding = await judged('log-spike', params, { ...given, ...noDeployments });
    expect(finding.outcome).toBe(outcome);
    expect(finding.remedy === '').toBe(outcome === 'pass');
  });

  test('are named with their signal', async () => {
    const given = { ...logs(rates(1, 9), () => 50), ...noDeployments };
    const { blockers } = await judged('log-spike', params, given);
    expect(blockers).toMatchObject([
      { id: 'spike//core', signal: '90 error lines in 10 min, 10.0 expected' },
    ]);
  });

  test('just after the deployment are waited for, without a deployment not known', async () => {
    const given = { ...logs(rates(0, 0), () => 1), ...noDeployments };
    expect(await judged('log-spike', params, given, justDeployed)).toMatchObject({ outcome: 'waiting' });
    expect(await judged('log-spike', params, given, notDeployed)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('errors in the browser', () => {
  const params = { project: 'manage-web', pages: ['/overview', '/depots/*/power', '/chargers/**'] };
  const run = (issues: TrackedError[], about = candidate(), searches: string[] = []) => {
    const issuesOf = async ({ search }: { search: string }) => {
      searches.push(search);
      return { issues, url };
    };
    return judged('frontend-errors', params, { errors: { issues: issuesOf } }, about);
  };

  test.each<[string, Partial<TrackedError>, boolean]>([
    ['on a core page', { culprit: '/overview' }, true],
    ['below a core page', { culprit: '/overview/today' }, true],
    ['on a page that begins alike', { culprit: '/overviews' }, false],
    ['on a page by a glob', { culprit: '/depots/7/power' }, true],
    ['below a page by a deep glob', { culprit: 'GET /chargers/7/connectors' }, true],
    ['on a whole address', { culprit: 'https://staging.example/overview/?depot=7' }, true],
    ['on another page', { culprit: '/settings' }, false],
    ['in no page', { culprit: 'loadDepot(app/depot)' }, false],
    ['too seldom', { count: 2 }, false],
    ['often enough', { count: 3 }, true],
  ])('%s: %j', async (_, change, isNamed) => {
    const finding = await run([issue('WEB-1', change)]);
    expect(finding.outcome).toBe(isNamed ? 'fail' : 'pass');
    expect(finding.blockers.map(({ id }) => id)).toEqual(isNamed ? ['sentry/WEB-1'] : []);
  });

  test('read the same while their number grows', async () => {
    const before = await run([issue('WEB-1', { count: 3 })]);
    const after = await run([issue('WEB-1', { count: 9 })]);
    expect(after.blockers).toEqual(before.blockers);
    expect(after.reason).toBe(before.reason);
  });

  test('are those seen since the deployment', async () => {
    const searches: string[] = [];
    await run([], candidate(), searches);
    expect(searches).toEqual(['is:unresolved lastSeen:>2026-11-22T11:00:00']);
  });

  test('just after the deployment are waited for, without a deployment not known', async () => {
    expect((await run([], justDeployed)).outcome).toBe('waiting');
    expect((await run([], notDeployed)).outcome).toBe('inconclusive');
  });
});
