import { describe, expect, test } from 'vitest';
import { type CandidateChange, collectChange, heldOver } from '../../src/checks/held-over.ts';
import type { Candidate } from '../../src/core/release/candidate.ts';
import type { ReleaseEvent } from '../../src/core/release/events.ts';
import type { GatePlan } from '../../src/core/release/plan.ts';
import type { Sources } from '../../src/core/sources.ts';
import { answeredAll, begun } from '../core/release/life.ts';
import {
  answered,
  barePlan,
  bot,
  candidateSample,
  deployed,
  deploymentSample,
  judged,
  passStarted,
  planSample,
  rita,
  sam,
  tess,
} from '../core/release/samples.ts';

/** A plan whose `login` gate has these parts. */
function planWith(parts: Partial<GatePlan>) {
  const plan = planSample({ approvals: [], recorded: false });
  const groups = plan.groups.map((group) => ({
    ...group,
    gates: group.gates.map((gate) => (gate.id === 'login' ? { ...gate, ...parts } : gate)),
  }));
  return { ...plan, groups };
}

/** Pass 2 has begun after everything was answered with yes but what `but` says. */
function nextPassAfter(but: Record<string, ReleaseEvent | null>, plan = barePlan) {
  const life = answeredAll(plan, but);
  life.record(bot, deployed(900));
  life.record(rita, passStarted(2));
  return life.state;
}

const nothing: CandidateChange = { paths: [], labels: [] };
const docs: CandidateChange = { paths: ['docs/a.md'], labels: [] };
const when = (parts: Partial<NonNullable<GatePlan['when']>>) => ({
  labels: [],
  paths: [],
  flags: [],
  ...parts,
});

describe('an answer', () => {
  test.each<[string, Partial<GatePlan>, ReleaseEvent | null, CandidateChange | null, string | null]>([
    [
      'holds when nothing that it names was touched',
      { touchedBy: ['web/**'] },
      answered('login'),
      docs,
      null,
    ],
    ['holds when nothing was changed at all', { touchedBy: ['web/**'] }, answered('login'), nothing, null],
    [
      'that says it does not apply holds as well',
      { touchedBy: ['web/**'] },
      answered('login', 'not-applicable'),
      docs,
      null,
    ],
    [
      'is asked again when a path that it names has changed',
      { touchedBy: ['web/**'] },
      answered('login'),
      { paths: ['docs/a.md', 'web/.env'], labels: [] },
      'web/.env has changed.',
    ],
    [
      'is asked again after any change when it names no paths',
      { touchedBy: [] },
      answered('login'),
      nothing,
      'It is asked again after any change.',
    ],
    [
      'is asked again when it did not pass',
      { touchedBy: ['web/**'] },
      answered('login', 'fail'),
      docs,
      'It did not pass before.',
    ],
    [
      'is asked again when nobody knows what has changed',
      { touchedBy: ['web/**'] },
      answered('login'),
      null,
      'It is not known what has changed.',
    ],
    [
      'is asked again when the paths are not known',
      { touchedBy: ['web/**'] },
      answered('login'),
      { paths: null, labels: [] },
      'It is not known what has changed.',
    ],
    [
      'is asked again when the labels are not known',
      { touchedBy: ['web/**'] },
      answered('login'),
      { paths: [], labels: null },
      'It is not known what has changed.',
    ],
    [
      'is asked again when a path of its condition has changed',
      { when: when({ paths: ['web/**'] }) },
      answered('login'),
      { paths: ['web/a.ts'], labels: [] },
      'web/a.ts has changed.',
    ],
    [
      'is asked again when a merge request with its label was added, however it is written',
      { when: when({ labels: ['Reports'] }) },
      answered('login'),
      { paths: [], labels: ['reports'] },
      'A merge request with the label Reports was added.',
    ],
    [
      'holds when another label was added',
      { when: when({ labels: ['reports'] }) },
      answered('login'),
      { paths: [], labels: ['roaming'] },
      null,
    ],
    [
      'is asked again when its condition is a feature flag',
      { when: when({ flags: ['roaming-*'], paths: ['web/**'] }), touchedBy: ['web/**'] },
      answered('login'),
      nothing,
      'Feature flags may have changed.',
    ],
  ])('%s', (_, parts, given, change, why) => {
    const { kept, again } = heldOver(nextPassAfter({ login: given }, planWith(parts)), change);
    expect(kept.includes('login')).toBe(why === null);
    expect(again.find(({ gate }) => gate === 'login')?.why ?? null).toBe(why);
  });

  test('that was contradicted is asked again', () => {
    const life = answeredAll();
    life.record(sam, answered('login', 'not-applicable'));
    life.record(bot, deployed(900));
    life.record(rita, passStarted(2));
    expect(heldOver(life.state, docs).again).toContainEqual({
      gate: 'login',
      why: 'It did not pass before.',
    });
  });

  test('that nobody gave is neither kept nor asked again', () => {
    const { kept, again } = heldOver(nextPassAfter({ login: null }), docs);
    expect([...kept, ...again.map(({ gate }) => gate)]).toEqual(['roaming', 'charts']);
  });

  test('of a waived failure is asked again', () => {
    const life = answeredAll(barePlan, { login: answered('login', 'fail') });
    const waiver = { waiver: 'w', gate: 'login', blocker: 'gate', signal: 'as seen', title: '', reason: 'x' };
    life.record(rita, { type: 'WaiverProposed', data: { ...waiver, expiresAt: '2026-11-30T00:00:00.000Z' } });
    life.record(sam, { type: 'WaiverConfirmed', data: { waiver: 'w' } });
    expect(life.status('login').word).toBe('waived');
    life.record(bot, deployed(900));
    life.record(rita, passStarted(2));
    expect(heldOver(life.state, docs).kept).not.toContain('login');
  });

  test('of an add-on holds whether it was proposed or not', () => {
    const life = begun(barePlan);
    life.record(tess, answered('roaming'), judged({ roaming: 'does-not-apply' }));
    life.record(bot, deployed(900));
    life.record(rita, passStarted(2));
    expect(heldOver(life.state, docs).kept).toEqual(['roaming']);
  });
});

test('in the first pass there is nothing to hold', () => {
  expect(heldOver(answeredAll().state, docs)).toEqual({ kept: [], again: [] });
});

test('what the bot checks is never held: it is checked anew', () => {
  const { kept, again } = heldOver(nextPassAfter({}), nothing);
  expect([...kept, ...again.map(({ gate }) => gate)]).toEqual(['login', 'roaming', 'charts']);
});

describe('what has changed between two candidates', () => {
  const labelled = (label: string) => ({ labels: [label] });
  type Host = Pick<Sources['codeHost'], 'changedPaths' | 'mergeRequestsOf'>;
  const host = (paths: Record<string, string[] | null>): Host => ({
    changedPaths: async (path) => paths[path] ?? null,
    mergeRequestsOf: async (_, id) => [labelled(`of ${id}`), labelled('both')] as never,
  });
  const known = host({ 'betterfleet/core': ['src/a.ts'], 'betterfleet/web': [] });
  const before = candidateSample(1);
  const after = candidateSample(2);
  const ran = (candidate: Candidate, parts: object | null): Candidate => ({
    ...candidate,
    parts: candidate.parts.map((part, index) =>
      index === 0 ? { ...part, deployment: parts && { ...deploymentSample(1), ...parts } } : part,
    ),
  });
  const at = (seconds: number) => new Date(Date.parse('2026-11-20T08:00:00.000Z') + seconds * 1_000);
  const collect = (one: Candidate, other: Candidate, from = known, now = at(600)) =>
    collectChange(one, other, from, new AbortController().signal, now);

  test('are the paths of all projects and the labels of what the newer one ships besides', async () => {
    expect(await collect(before, after)).toEqual({
      paths: ['src/a.ts'],
      labels: ['of 200', 'both', 'of 201'],
    });
  });

  test('is nothing for the same commits', async () => {
    expect(await collect(before, { ...before, pass: 2 })).toEqual({ paths: [], labels: [] });
  });

  test.each<[string, Candidate, Candidate, Host]>([
    ['GitLab does not tell them', before, after, host({ 'betterfleet/core': null })],
    ['a project was not part of it before', { ...before, parts: before.parts.slice(1) }, after, known],
    ['nothing was deployed before', ran(before, null), after, known],
    ['nothing is deployed now', before, ran(after, null), known],
    ['the deployment before had failed', ran(before, { status: 'failed' }), after, known],
    ['the deployment now has failed', before, ran(after, { status: 'failed' }), known],
    [
      'the same commit failed before and runs now',
      ran(before, { status: 'failed', sha: 'x' }),
      ran(after, { sha: 'x' }),
      known,
    ],
  ])('is not known when %s', async (_, one, other, from) => {
    expect((await collect(one, other, from)).paths).toBe(null);
  });

  test.each([
    ['are not known while GitLab may still be linking what the newest deployment brought', 59, null],
    ['are none when it brought nothing', 60, []],
  ])('by labels %s', async (_, seconds, labels) => {
    const silent: Host = { ...known, mergeRequestsOf: async () => [] };
    expect((await collect(before, after, silent, at(seconds))).labels).toEqual(labels);
  });
});
