import { describe, expect, test } from 'vitest';
import { codeHostOf } from '../../../src/adapters/gitlab/whole-host.ts';
import type { CommitStatus } from '../../../src/core/ports.ts';
import { started } from '../../sandbox/gitlab/started.ts';
import { answering, nobody } from './stub.ts';

const path = 'betterfleet/bf-manage-core';
const never = new AbortController().signal;

function statusOf(change: Partial<CommitStatus> = {}): CommitStatus {
  const url = 'https://slack.example/p1';
  return { name: 'gonogo/eu-west-1', state: 'running', description: 'It is watched.', url, ...change };
}

const hostAt = (url: string) => codeHostOf({ url, token: 't', timeoutMs: 1_000 });

async function committed() {
  const it = await started();
  const { sha } = await it.control.push({ project: path, ref: 'release', title: 'a change' });
  const host = codeHostOf({ url: it.gitlab.url, token: it.gitlab.token, timeoutMs: 5_000 });
  const set = (status: CommitStatus, commit = sha) => host.setCommitStatus(path, commit, status, never);
  const stands = () => it.client.Commits.allStatuses(path, sha);
  return { ...it, sha, set, stands };
}

describe('a commit status', () => {
  test('is written with its name, words and link', async () => {
    const { set, stands } = await committed();
    expect(await set(statusOf())).toEqual({ outcome: 'done', value: null });
    expect(await stands()).toMatchObject([
      {
        name: 'gonogo/eu-west-1',
        status: 'running',
        description: 'It is watched.',
        target_url: 'https://slack.example/p1',
      },
    ]);
  });

  test('that stands so already is done', async () => {
    const { set, stands } = await committed();
    await set(statusOf());
    expect(await set(statusOf())).toEqual({ outcome: 'done', value: null });
    expect(await set(statusOf({ state: 'failed', description: 'NO-GO' }))).toMatchObject({ outcome: 'done' });
    expect(await stands()).toMatchObject([{ status: 'failed', description: 'NO-GO' }]);
  });

  test('is cut to what GitLab takes, and goes without an address that is too long', async () => {
    const { set, stands } = await committed();
    const long = statusOf({ description: 'x'.repeat(300), url: `https://a/${'x'.repeat(300)}` });
    expect(await set(long)).toMatchObject({ outcome: 'done' });
    expect(await stands()).toMatchObject([{ description: `${'x'.repeat(254)}…`, target_url: null }]);
  });

  test('on an unknown commit is refused', async () => {
    const { set } = await committed();
    expect(await set(statusOf(), 'f'.repeat(40))).toMatchObject({
      outcome: 'refused',
      problem: { code: 'gitlab-refused' },
    });
  });

  test.each([
    [429, { outcome: 'busy', retryAfterMs: 3_000 }],
    [502, { outcome: 'unclear' }],
    [401, { outcome: 'refused', problem: { code: 'gitlab-token-refused' } }],
  ])('that GitLab answers with %i is asked for once', async (code, effect) => {
    const { url, seen } = await answering(code, '{"message":"no"}', { 'retry-after': '3' });
    expect(await hostAt(url).setCommitStatus(path, 'a'.repeat(40), statusOf(), never)).toMatchObject(effect);
    expect(seen).toHaveLength(1);
  });

  test('is not sent where nobody listens', async () => {
    const host = hostAt(await nobody());
    expect(await host.setCommitStatus(path, 'a'.repeat(40), statusOf(), never)).toMatchObject({
      outcome: 'unsent',
    });
  });
});

describe('an apply', () => {
  test('is a deployment with when its job began', async () => {
    const { gitlab, control } = await started();
    const host = codeHostOf({ url: gitlab.url, token: gitlab.token, timeoutMs: 5_000 });
    const { id } = await control.deploy({ project: path, environment: 'production', status: 'running' });
    const [apply] = await host.applies(path, 'production', 5, never);
    const [shown] = await host.deployments(path, 'production', 5, never);
    expect(apply).toEqual({
      ...shown,
      id,
      status: 'running',
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  test('begins with its job, and without one when it was made', async () => {
    const base = { sha: 'a', ref: 'main', status: 'running', created_at: '2026-11-16T10:00:00.000+01:00' };
    const begun = { ...base, id: 2, deployable: { started_at: '2026-11-16T10:02:00.000+01:00' } };
    const { url } = await answering(200, JSON.stringify([begun, { ...base, id: 1, deployable: null }]));
    const applies = await hostAt(url).applies(path, 'production', 5, never);
    expect(applies.map(({ startedAt }) => startedAt)).toEqual([
      '2026-11-16T09:02:00.000Z',
      '2026-11-16T09:00:00.000Z',
    ]);
  });
});
