import { createHash } from 'node:crypto';
import type { Phase } from '../../src/core/catalogue/phase.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { Candidate, Deployment } from '../../src/core/release/candidate.ts';
import { decide, gapsOf, type Standing } from '../../src/core/release/decide.ts';
import type { ReleaseEvent, ReleaseEventType } from '../../src/core/release/events.ts';
import { foldRelease } from '../../src/core/release/fold.ts';
import { releaseChange } from '../../src/core/release/orders.ts';
import type { GatePlan, GroupPlan, Plan } from '../../src/core/release/plan.ts';
import type { Release } from '../../src/core/release/state.ts';

/** The parts of sample releases, and how one comes to be: by folding events, as the bot does it. */

export const rita = 'U0RELENG';
export const tess = 'U0TESTER';
export const olga = 'U0OWNER';
const started = '2026-11-20T10:00:00.000Z';
export const digest = (text: string) => createHash('sha256').update(text).digest('hex');

type DataOf<T extends ReleaseEventType> = Extract<ReleaseEvent, { type: T }>['data'];
export const event = <T extends ReleaseEventType>(type: T, data: DataOf<T>) =>
  ({ type, data }) as ReleaseEvent;

export function gateOf(id: string, parts: Partial<GatePlan> = {}): GatePlan {
  return { id, title: id, check: null, with: {}, when: null, rule: null, touchedBy: [], ...parts };
}

export function groupOf(id: string, gates: GatePlan[], parts: Partial<GroupPlan> = {}): GroupPlan {
  return { id, name: id, answers: 'checks', workspace: false, gates, ...parts };
}

const when = { labels: ['roaming'], paths: [], flags: [] };

const groups: GroupPlan[] = [
  groupOf(
    'mrs',
    [
      gateOf('labels', {
        title: 'GitLab query has no unresolved MRs missing `Validated in Staging`',
        check: 'merge-requests',
      }),
    ],
    { name: 'MR staging validation' },
  ),
  groupOf(
    'identity',
    [
      gateOf('loads', { title: '`staging.test` loads', check: 'url-loads' }),
      gateOf('pipeline', { title: 'Staging deploy pipeline passed', check: 'pipeline' }),
    ],
    { name: 'Deployment identity' },
  ),
  groupOf(
    'smoke',
    [
      gateOf('login', { title: 'Login succeeds for a normal admin user' }),
      gateOf('logout', { title: 'Logout works' }),
    ],
    { name: 'Core smoke', workspace: true },
  ),
  groupOf('add-ons', [gateOf('roaming', { title: 'Roaming checks', when })], {
    name: 'Release-specific add-ons',
    answers: 'add-ons',
  }),
];

export function planOf(parts: Partial<Plan> = {}): Plan {
  return { phase: 'Staging validation', groups, approvals: [], recorded: true, ...parts };
}

export const owners = [
  { id: 'platform', name: 'Platform owner' },
  { id: 'security', name: 'Security owner' },
];

export const phase: Phase = {
  id: 'staging',
  name: 'Staging validation',
  environment: 'staging',
  url: 'https://staging.test',
  projects: ['bf-core'],
  baseline: 'production',
  workspaces: { suggested: null, reserved: [] },
  record: {
    team: 'REL',
    title: 'Validate Manage staging release {name}',
    labels: ['Kind: validation'],
    runbook: 'docs/runbook.md',
  },
  approvals: [],
  groups,
};

export function deploymentOf(id: number, sha: string): Deployment {
  const url = `https://gitlab.test/group/bf-core/-/jobs/${id}`;
  return { id, sha, ref: 'release', status: 'success', at: started, url, pipelineId: 7 };
}

function candidateOf(pass = 1): Candidate {
  const commit = String(pass).repeat(40);
  return {
    release: '2026.47',
    environment: 'staging',
    url: 'https://staging.test',
    pass,
    parts: [
      {
        project: 'bf-core',
        path: 'group/bf-core',
        ref: 'release',
        commit,
        deployment: deploymentOf(pass, commit),
        shipped: [pass],
        baseline: null,
      },
    ],
  };
}

export function findingOf(outcome: Finding['outcome'], parts: Partial<Finding> = {}): Finding {
  return { outcome, reason: `It is ${outcome}.`, remedy: '', evidence: [], blockers: [], ...parts };
}

export const seen = {
  label: 'Pipeline 7',
  value: 'success',
  url: 'https://gitlab.test/group/bf-core/-/pipelines/7',
  at: started,
};

/** Appends events with all that follows from them, as the store does; each step is a minute after the one before. */
export class Story {
  state: Release | null = null;
  seq = 0;
  #minute = 0;

  at(): Date {
    return new Date(Date.parse(started) + this.#minute * 60_000);
  }

  does(actor: string, ...events: ReleaseEvent[]): this {
    this.#minute += 1;
    const at = this.at();
    const change = releaseChange('2026.47', { state: this.state, seq: this.seq }, events, {
      actor,
      at,
      digest,
    });
    for (const one of change.events) {
      this.seq += 1;
      this.state = foldRelease('2026.47', this.state, { ...one, seq: this.seq, at: at.toISOString(), actor });
    }
    return this;
  }

  get release(): Release {
    if (!this.state) throw new Error('The story has not begun');
    return this.state;
  }

  get standing(): Standing {
    return decide(this.release, this.at(), digest);
  }

  opened(plan: Plan = planOf()): this {
    const { environment, url } = phase;
    return this.does(
      rita,
      event('ReleaseOpened', { name: '2026.47', plan, environment, url, channel: 'C0RELEASES' }),
      event('PassStarted', { pass: 1 }),
    );
  }

  identified(pass = 1, kept: string[] = [], again: { gate: string; why: string }[] = []): this {
    const gates = this.release.plan.groups.flatMap((group) => group.gates);
    const conditional = gates
      .filter((gate) => gate.when !== null)
      .map((gate) => ({
        gate: gate.id,
        verdict: 'does-not-apply' as const,
        reason: 'Nothing of it is touched.',
      }));
    const automated = gates.filter((gate) => gate.check !== null).map((gate) => gate.id);
    return this.does(
      'gonogo',
      event('CandidateIdentified', { candidate: candidateOf(pass), kept, again }),
      event('ApplicabilityJudged', { pass, gates: conditional }),
      event('RunRequested', { gates: automated }),
    );
  }

  found(gate: string, finding: Finding): this {
    const run = this.release.gates[gate]?.run ?? 0;
    return this.does('gonogo', event('CheckFound', { gate, run, finding }));
  }

  placed(): this {
    return this.does(
      tess,
      event('WorkspaceRecorded', { workspace: 'Smoke', depot: 'Depot A', approval: null }),
    );
  }

  answered(gate: string, outcome: 'pass' | 'fail' | 'not-applicable', note = '', by = tess): this {
    const saw = this.release.gates[gate]?.answers.map(({ seq }) => seq) ?? [];
    const { pass } = this.release;
    return this.does(by, event('ItemAnswered', { gate, pass, outcome, note, link: null, saw }));
  }

  recorded(): this {
    const gaps = gapsOf(this.release, this.standing.statuses);
    const url = 'https://linear.test/REL-12';
    return this.does('gonogo', event('RecordWritten', { identifier: 'REL-12', url, gaps }));
  }

  approved(approval: string, by: string): this {
    return this.does(by, event('ApprovalGiven', { approval, digest: this.standing.digest }));
  }

  waived(blocker: { gate: string; id: string; signal: string; title: string }, expiresAt: string): this {
    const { gate, id, signal, title } = blocker;
    const proposal = { waiver: 'w1', gate, blocker: id, signal, title, reason: 'Known.', expiresAt };
    return this.does(rita, event('WaiverProposed', proposal));
  }

  /** Every automated gate passes but those named. */
  machinesPass(...but: string[]): this {
    for (const { gates } of this.release.plan.groups)
      for (const { id, check } of gates)
        if (check !== null && !but.includes(id)) this.found(id, findingOf('pass', { evidence: [seen] }));
    return this;
  }

  peoplePass(...but: string[]): this {
    this.placed();
    for (const id of ['login', 'logout']) if (!but.includes(id)) this.answered(id, 'pass');
    return this;
  }
}
