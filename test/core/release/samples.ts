import type { Finding, Outcome } from '../../../src/core/finding.ts';
import type { Candidate, Deployment } from '../../../src/core/release/candidate.ts';
import type { AnswerOutcome, Handling, ReleaseEvent } from '../../../src/core/release/events.ts';
import type { GatePlan, GroupPlan, Plan } from '../../../src/core/release/plan.ts';

/** A release of two projects with every kind of gate; tests replace parts of it. */

export const [rita, tess, sam, owner, guard] = ['U0RITA', 'U0TESS', 'U0SAM', 'U0OWNER', 'U0GUARD'];
export const bot = 'gonogo';

function gate(id: string, parts: Partial<GatePlan> = {}): GatePlan {
  return {
    id,
    title: `Is ${id} right?`,
    check: null,
    with: {},
    when: null,
    rule: null,
    touchedBy: [],
    ...parts,
  };
}

function group(id: string, gates: GatePlan[], parts: Partial<GroupPlan> = {}): GroupPlan {
  return { id, name: `Group ${id}`, answers: 'checks', workspace: false, gates, ...parts };
}

export function planSample(parts: Partial<Plan> = {}): Plan {
  return {
    phase: 'Staging validation',
    groups: [
      group('requests', [gate('mrs', { check: 'merge-requests' })]),
      group('identity', [
        gate('site', { check: 'url-loads' }),
        gate('migrations', {
          check: 'migrations',
          when: { labels: [], paths: ['migrations/**'], flags: [] },
        }),
      ]),
      group('smoke', [gate('login', { touchedBy: ['web/**'] }), gate('charts')], { workspace: true }),
      group(
        'add-ons',
        [gate('roaming', { when: { labels: ['roaming'], paths: ['roaming/**'], flags: [] } })],
        {
          answers: 'add-ons',
        },
      ),
    ],
    approvals: [
      { id: 'platform', name: 'Platform owner' },
      { id: 'security', name: 'Security owner' },
    ],
    recorded: true,
    ...parts,
  };
}

/** Needs neither record nor approvals: GO follows from the gates alone. */
export const barePlan = planSample({ approvals: [], recorded: false });

export function deploymentSample(id: number, parts: Partial<Deployment> = {}): Deployment {
  return {
    id,
    sha: `${id}`.padStart(40, 'a'),
    ref: 'release',
    status: 'success',
    at: '2026-11-20T08:00:00.000Z',
    url: `https://gitlab.example/deployments/${id}`,
    pipelineId: id * 10,
    ...parts,
  };
}

export function candidateSample(pass = 1, deployed = pass * 100): Candidate {
  return {
    release: '2026.47',
    environment: 'staging',
    url: 'https://staging.example',
    pass,
    parts: ['core', 'web'].map((project, index) => ({
      project,
      path: `betterfleet/${project}`,
      ref: 'release',
      commit: `${pass}`.padStart(40, 'c'),
      deployment: deploymentSample(deployed + index),
      shipped: [deployed + index],
      baseline: 'b'.repeat(40),
    })),
  };
}

export function findingSample(outcome: Outcome, parts: Partial<Finding> = {}): Finding {
  return {
    outcome,
    reason: `It is ${outcome}.`,
    remedy: outcome === 'pass' ? '' : 'Mend it.',
    evidence: [],
    blockers: [],
    ...parts,
  };
}

export function blockerSample(id: string, signal = `signal of ${id}`) {
  return { id, title: `Blocker ${id}`, url: `https://gitlab.example/${id}`, signal };
}

/** A finding that fails with these blockers. */
export function failing(...ids: string[]): Finding {
  return findingSample('fail', { blockers: ids.map((id) => blockerSample(id)) });
}

export const releaseOpened = (plan = planSample()): ReleaseEvent => ({
  type: 'ReleaseOpened',
  data: {
    name: '2026.47',
    plan,
    environment: 'staging',
    url: 'https://staging.example',
    channel: 'C0RELEASES',
  },
});
export const passStarted = (pass = 1): ReleaseEvent => ({ type: 'PassStarted', data: { pass } });
export const identified = (
  pass = 1,
  kept: string[] = [],
  again: { gate: string; why: string }[] = [],
): ReleaseEvent => ({
  type: 'CandidateIdentified',
  data: { candidate: candidateSample(pass), kept, again },
});
export const problemSample = {
  code: 'some-problem',
  what: 'GitLab is away.',
  why: 'It said 502.',
  todo: 'Wait.',
};
export const unidentified = (pass = 1): ReleaseEvent => ({
  type: 'CandidateUnknown',
  data: { pass, problem: problemSample },
});
type Applies = 'applies' | 'does-not-apply' | 'unknown';
export const judged = (verdicts: Record<string, Applies>, pass = 1): ReleaseEvent => ({
  type: 'ApplicabilityJudged',
  data: {
    pass,
    gates: Object.entries(verdicts).map(([id, verdict]) => ({
      gate: id,
      verdict,
      reason: `It ${verdict} by the paths.`,
    })),
  },
});
export const requested = (...gates: string[]): ReleaseEvent => ({ type: 'RunRequested', data: { gates } });
export const started = (id: string, run = 1): ReleaseEvent => ({
  type: 'CheckStarted',
  data: { gate: id, run },
});
export const found = (id: string, finding: Finding | Outcome, run = 1): ReleaseEvent => ({
  type: 'CheckFound',
  data: { gate: id, run, finding: typeof finding === 'string' ? findingSample(finding) : finding },
});
export const placed = (workspace = 'Smoke test', approval: string | null = null): ReleaseEvent => ({
  type: 'WorkspaceRecorded',
  data: { workspace, depot: 'Depot North', approval },
});
export const answered = (
  id: string,
  outcome: AnswerOutcome = 'pass',
  parts: { note?: string; link?: string | null; saw?: number[]; pass?: number } = {},
): ReleaseEvent => ({
  type: 'ItemAnswered',
  data: {
    gate: id,
    outcome,
    note: outcome === 'pass' ? '' : 'as seen',
    link: null,
    saw: [],
    pass: 1,
    ...parts,
  },
});
export const assigned = (id: string, to: string | null): ReleaseEvent => ({
  type: 'ItemAssigned',
  data: { gate: id, to },
});
export const handledAs = (
  as: Handling,
  id: string,
  blocker: string,
  signal = `signal of ${blocker}`,
): ReleaseEvent => ({
  type: 'BlockerHandled',
  data: {
    gate: id,
    blocker,
    signal,
    title: `Blocker ${blocker}`,
    as,
    reason: 'known',
    link: as === 'tracked' || as === 'escalated' ? 'https://linear.example/REL-1' : null,
  },
});
export const proposed = (
  waiver: string,
  id: string,
  blocker: string,
  parts: { signal?: string; expiresAt?: string } = {},
): ReleaseEvent => ({
  type: 'WaiverProposed',
  data: {
    waiver,
    gate: id,
    blocker,
    signal: `signal of ${blocker}`,
    title: `Blocker ${blocker}`,
    reason: 'It does no harm.',
    expiresAt: '2026-11-21T10:00:00.000Z',
    ...parts,
  },
});
export const confirmed = (waiver: string): ReleaseEvent => ({ type: 'WaiverConfirmed', data: { waiver } });
export const declined = (waiver: string): ReleaseEvent => ({ type: 'WaiverDeclined', data: { waiver } });
export const approved = (approval: string, digest: string): ReleaseEvent => ({
  type: 'ApprovalGiven',
  data: { approval, digest },
});
export const deployed = (id: number, project = 'core'): ReleaseEvent => ({
  type: 'DeploymentSeen',
  data: { project, deployment: deploymentSample(id) },
});
export const written = (gaps: string[]): ReleaseEvent => ({
  type: 'RecordWritten',
  data: { identifier: 'REL-1', url: 'https://linear.example/REL-1', gaps },
});
export const unwritten: ReleaseEvent = { type: 'RecordFailed', data: { problem: problemSample } };
