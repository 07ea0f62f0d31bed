import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { sentryControl } from '../../sandbox/sentry/control-client.ts';
import { startSentry } from '../../sandbox/sentry/server.ts';
import { websiteControl } from '../../sandbox/website/control-client.ts';
import { startWebsite } from '../../sandbox/website/server.ts';
import { codeHostOf } from '../../src/adapters/gitlab/whole-host.ts';
import { SentryTracker } from '../../src/adapters/sentry/sentry-tracker.ts';
import { HttpWebProbe } from '../../src/adapters/web/web-probe.ts';
import { collectScope, judge } from '../../src/checks/applicability.ts';
import type { Part } from '../../src/core/release/candidate.ts';
import { started } from '../sandbox/gitlab/started.ts';
import { candidate, commit, deployment, judged, other, part } from './support/release.ts';

/** The checks against the simulated services, through the clients that the bot uses. */

const core = 'betterfleet/bf-manage-core';
const label = 'Validated in Staging';
const signal = new AbortController().signal;

async function gitlab() {
  const { gitlab: server, control } = await started();
  const codeHost = codeHostOf({ url: `${server.url}/`, token: server.token, timeoutMs: 5_000 });
  const merge = (title: string, paths: string[] = ['a.py']) =>
    control.addMergeRequest({ project: core, title, author: 'mia', paths });
  /** What the bot would read of the newest deployment, which is to ship these merge requests. */
  const deployedFrom = async (ref: string, ...shipped: number[]): Promise<Part> => {
    const before = await codeHost.branchHead(core, 'release', signal);
    const mergeRequests = ref === 'release' ? shipped : [];
    const { id, sha } = await control.deploy({ project: core, ref, mergeRequests });
    await vi.waitFor(
      async () => expect(await codeHost.mergeRequestsOf(core, id, signal)).toHaveLength(shipped.length),
      { timeout: 10_000 },
    );
    const [newest] = await codeHost.deployments(core, 'staging', 1, signal);
    const baseline = before?.sha ?? null;
    return part({ path: core, commit: sha, deployment: newest ?? null, shipped: [id], baseline });
  };
  const deployed = (...shipped: number[]) => deployedFrom('release', ...shipped);
  return { codeHost, control, merge, deployed, deployedFrom };
}

describe('with GitLab', () => {
  test('an unlabelled merge request is named until it is labelled', async () => {
    const { codeHost, control, merge, deployed } = await gitlab();
    await merge('one');
    await merge('two');
    await control.label({ project: core, iid: 1, add: [label] });
    const about = candidate(await deployed(1, 2));
    const before = await judged('merge-requests', {}, { codeHost }, about);
    expect(before.blockers).toMatchObject([{ id: `mr/${core}!2`, title: '!2 two by mia' }]);
    await control.label({ project: core, iid: 2, add: [label] });
    expect(await judged('merge-requests', {}, { codeHost }, about)).toMatchObject({ outcome: 'pass' });
  });

  test('what was deployed is the intended commit until the branch moves on', async () => {
    const { codeHost, control, merge, deployed } = await gitlab();
    await merge('one');
    const it = await deployed(1);
    const params = { project: 'core', deployment: true };
    expect(await judged('deployed-identity', params, { codeHost }, candidate(it))).toMatchObject({
      outcome: 'pass',
    });
    expect(await judged('pipeline', {}, { codeHost }, candidate(it))).toMatchObject({ outcome: 'pass' });
    await control.push({ project: core, ref: 'release', title: 'hotfix' });
    await control.deploy({ project: core });
    expect(await judged('deployed-identity', params, { codeHost }, candidate(it))).toMatchObject({
      outcome: 'fail',
    });
  });

  test('what a release touches decides which gates apply', async () => {
    const { codeHost, control, merge, deployedFrom } = await gitlab();
    await merge('one', ['src/load_management/limits.py']);
    await control.label({ project: core, iid: 1, add: ['reports'] });
    // Straight from main: what was picked onto a branch shows no changes in the simulated GitLab.
    const scope = await collectScope(
      candidate(await deployedFrom('main', 1)),
      { codeHost },
      signal,
      new Date(),
    );
    const verdict = (change: object) => judge({ labels: [], paths: [], flags: [], ...change }, scope).verdict;
    expect(verdict({ labels: ['Reports'] })).toBe('applies');
    expect(verdict({ paths: ['src/load_management/**'] })).toBe('applies');
    expect(verdict({ paths: ['src/roaming/**'], labels: ['roaming'] })).toBe('does-not-apply');
  });
});

test('with a web site: it loads, is healthy, and shows the build before until it settles', async () => {
  const site = await startWebsite({ tls: false, buildInfo: { commit } });
  onTestFinished(() => site.close());
  const web = new HttpWebProbe();
  const about = { ...candidate(), url: site.url };
  const run = (id: string, params: object, at?: Date) => judged(id, params, { web }, about, at);
  const loads = { url: '/overview', contains: 'data-app="betterfleet-manage"' };
  const loadedPage = await run('url-loads', loads);
  expect(loadedPage).toMatchObject({ outcome: 'pass' });
  expect(loadedPage.evidence[0]?.label).toBe('Redirect 302');
  const health = { url: '/health', path: '$.checks.*', equals: 'ok' };
  expect(await run('http-health', health)).toMatchObject({ outcome: 'pass' });
  const identity = { project: 'core', 'build-info': { url: '/build-info' } };
  expect(await run('deployed-identity', identity)).toMatchObject({ outcome: 'pass' });
  await websiteControl(site.controlUrl).buildInfo({ commit: other });
  const justAfter = new Date(Date.parse(deployment().at) + 1_000);
  expect(await run('deployed-identity', identity, justAfter)).toMatchObject({ outcome: 'waiting' });
  expect(await run('deployed-identity', identity)).toMatchObject({ outcome: 'fail' });
});

test('with Sentry: quiet, then a spike and a new error, the repeated one on a core page too', async () => {
  const server = await startSentry({ world: { background: [], ingestionDelayMs: 0 } });
  onTestFinished(() => server.close());
  const { url, token, organization } = server;
  const errors = new SentryTracker({ url: `${url}/`, token, organization, timeoutMs: 5_000 });
  const codeHost = { deployments: async () => [] };
  const now = new Date();
  const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
  const about = candidate(part({ deployment: deployment({ at: minutesAgo(60) }) }));
  const spike = () => judged('error-spike', { projects: ['manage-web'] }, { errors, codeHost }, about, now);
  const frontend = () =>
    judged('frontend-errors', { project: 'manage-web', pages: ['/overview'] }, { errors }, about, now);
  expect(await spike()).toMatchObject({ outcome: 'pass', reason: 'No obvious spike.' });
  expect(await frontend()).toMatchObject({ outcome: 'pass' });
  const place = { project: 'manage-web', environment: 'staging' };
  await sentryControl(url).errors({ ...place, from: minutesAgo(15), perMinute: Array(15).fill(5) });
  await sentryControl(url).addIssue({
    ...place,
    title: 'TypeError: x is undefined',
    culprit: '/overview',
    firstSeen: minutesAgo(30),
    lastSeen: minutesAgo(5),
    count: 7,
  });
  expect((await spike()).blockers.map(({ id }) => id)).toEqual([
    'spike/manage-web',
    expect.stringMatching(/^sentry\//),
  ]);
  expect((await frontend()).blockers).toMatchObject([
    { title: expect.stringContaining('TypeError: x is undefined') },
  ]);
});
