import { heldOver } from '../../../src/checks/held-over.ts';
import { answerItem } from '../../../src/commands/item-answer.ts';
import {
  type Acted,
  answerWaiver,
  approve,
  assign,
  automated,
  handle,
  nextPass,
  proposeWaiver,
  recheck,
  recordWorkspace,
} from '../../../src/core/release/acts.ts';
import { gapsOf } from '../../../src/core/release/decide.ts';
import type { ReleaseEvent } from '../../../src/core/release/events.ts';
import { gateState } from '../../../src/core/release/state.ts';
import { begun, Life, minute } from './life.ts';
import {
  answered,
  blockerSample,
  bot,
  candidateSample,
  deployed,
  findingSample,
  found,
  judged,
  owner,
  rita,
  started,
  tess,
  unidentified,
  unwritten,
  written,
} from './samples.ts';
import type { Kinds, Step } from './steps.ts';

/** Whole lives of a release: in any order everybody tries to do what they do, while the clock moves. */

/** What one step asks for: by whom, and the act that answers to it, which can be asked again. */
interface Try {
  actor: string;
  act(life: Life): Acted;
}

const events = (...all: ReleaseEvent[]): Acted => ({ events: all });
const observed = (make: (life: Life) => ReleaseEvent[]): Try => ({
  actor: bot,
  act: (life) => events(...make(life)),
});

function tryOf(one: Step, number: number): Try {
  switch (one.do) {
    case 'find':
      return observed(({ state }) => {
        const { run } = gateState(state, one.gate);
        const blockers = one.blockers.map((id) => blockerSample(id, one.signal));
        const reason = `It is ${one.outcome}: ${one.signal}.`;
        return [found(one.gate, findingSample(one.outcome, { blockers, reason }), run - one.late)];
      });
    case 'start':
      return observed(({ state }) => [started(one.gate, gateState(state, one.gate).run)]);
    case 'judge':
      return observed(({ state }) => {
        const isNew = one.verdict === 'applies' && gateState(state, one.gate).phase === 'idle';
        const run = isNew && automated(state, 'conditional').includes(one.gate) ? [one.gate] : [];
        return [
          judged({ [one.gate]: one.verdict }, state.pass),
          ...(run.length > 0 ? [{ type: 'RunRequested' as const, data: { gates: run } }] : []),
        ];
      });
    case 'deploy':
      return observed(({ state }) => (state.candidate ? [deployed(10_000 + number)] : []));
    case 'write':
      return observed((life) => {
        const gaps = gapsOf(life.state, life.standing().statuses);
        return [written(gaps.slice(0, Math.ceil(gaps.length * one.share)))];
      });
    case 'unwrite':
      return observed(({ state }) => (state.recordProblem ? [] : [unwritten]));
    case 'wait':
    case 'mend':
    case 'waive':
    case 'close':
      return observed(() => []);
    default:
      return actOf(one, number);
  }
}

function actOf(
  one: Exclude<
    Step,
    { do: 'find' | 'start' | 'judge' | 'deploy' | 'write' | 'unwrite' | 'wait' | 'mend' | 'waive' | 'close' }
  >,
  number: number,
): Try {
  switch (one.do) {
    case 'recheck': {
      const { which } = one;
      const asked = which === 'all' || which === 'failed' ? which : { gate: which };
      return { actor: rita, act: ({ state, now }) => recheck(state, asked, now) };
    }
    case 'answer':
      return answering(one);
    case 'place': {
      const where = { workspace: one.workspace, depot: 'North', approval: null };
      return { actor: one.user, act: ({ state }) => recordWorkspace(state, where, []) };
    }
    case 'assign':
      return { actor: one.user, act: ({ state }) => assign(state, one.gate, one.user) };
    case 'handle':
    case 'propose':
      return aboutBlocker(one, number);
    case 'voice': {
      let waiver: string | null = null;
      return {
        actor: one.user,
        act: ({ state, now }) => {
          waiver ??= state.waivers.at(-1 - (one.pick % Math.max(1, state.waivers.length)))?.id ?? 'none';
          return answerWaiver(state, waiver, one.yes, one.user, now);
        },
      };
    }
    case 'approve': {
      const { approval, user: by, isStale } = one;
      return {
        actor: by,
        act: (life) => {
          const current = life.standing();
          const shown = isStale ? 'stale' : current.digest;
          return approve(life.state, { approval, user: by, shown }, current);
        },
      };
    }
    case 'pass': {
      let seen: number | null = null;
      return {
        actor: one.user,
        act: ({ state }) => {
          seen ??= state.pass;
          return nextPass(state, seen);
        },
      };
    }
  }
}

function answering(one: Kinds['answer']): Try {
  let saw: number[] | null = null;
  let pass: number | null = null;
  const { gate, outcome, note } = one;
  return {
    actor: one.user,
    act: ({ state, now }) => {
      const all = gateState(state, gate).answers.map(({ seq }) => seq);
      saw ??= { all, none: [], first: all.slice(0, 1) }[one.saw] ?? [];
      pass ??= state.pass;
      const input = { gate, pass, outcome, note: outcome === 'pass' ? '' : note, link: null, saw };
      const done = answerItem(state, input, one.user, now);
      return 'unseen' in done ? events() : done;
    },
  };
}

function aboutBlocker(
  one: (Kinds['handle'] & { do: 'handle' }) | (Kinds['propose'] & { do: 'propose' }),
  number: number,
): Try {
  let target: { gate: string; blocker: string } | null = null;
  let expiresAt: string | null = null;
  return {
    actor: one.user,
    act: (life) => {
      const { state, now } = life;
      const all = life.standing().against.flatMap(({ gate, blocker }) => (gate ? [{ gate, blocker }] : []));
      target ??= all[one.pick % Math.max(1, all.length)] ?? { gate: 'mrs', blocker: 'none' };
      if (one.do === 'handle') {
        const link = one.as === 'tracked' || one.as === 'escalated' ? 'https://linear.example/1' : null;
        const may = one.may === 'exclude' ? 'exclude' : 'accept';
        return handle(state, { ...target, as: one.as, reason: 'known', link }, may, now);
      }
      expiresAt ??= new Date(now.getTime() + one.minutes * minute).toISOString();
      return proposeWaiver(state, { waiver: `w${number}`, ...target, reason: 'harmless', expiresAt }, now);
    },
  };
}

/** What the jobs and people do when all goes well. */
function mend(life: Life, { pick: which, isAll }: Kinds['mend']): void {
  if (life.state.newer.length > 0) life.record(rita, ...eventsOf(nextPass(life.state, life.state.pass)));
  identify(life, null);
  if (!life.state.workspace)
    life.record(
      tess,
      ...eventsOf(recordWorkspace(life.state, { workspace: 'Smoke', depot: 'North', approval: null }, [])),
    );
  const unwell = life
    .standing()
    .statuses.filter(({ word }) => !['pass', 'not-applicable', 'waived'].includes(word));
  const chosen = isAll ? unwell : unwell.slice(which % Math.max(1, unwell.length)).slice(0, 1);
  for (const { gate } of chosen) mendGate(life, gate.id, gate.check !== null, gate.when !== null);
}

function mendGate(life: Life, gate: string, isAutomated: boolean, isConditional: boolean): void {
  const { state } = life;
  if (isConditional && gateState(state, gate).applies?.verdict !== 'applies')
    life.record(bot, judged({ [gate]: 'applies' }, state.pass));
  if (isAutomated) {
    life.record(bot, { type: 'RunRequested', data: { gates: [gate] } });
    life.record(bot, found(gate, 'pass', gateState(life.state, gate).run));
    return;
  }
  const saw = gateState(state, gate).answers.map(({ seq }) => seq);
  life.record(tess, answered(gate, 'pass', { saw, pass: state.pass }));
}

function waive(life: Life, { pick: which, second, minutes }: Kinds['waive'], waiver: string): void {
  const { against } = life.standing();
  const { gate = null, blocker } = against[which % Math.max(1, against.length)] ?? { blocker: '' };
  if (gate === null) return;
  const expiresAt = new Date(life.now.getTime() + minutes * minute).toISOString();
  const input = { waiver, gate, blocker, reason: 'harmless', expiresAt };
  life.record(rita, ...eventsOf(proposeWaiver(life.state, input, life.now)));
  life.record(second, ...eventsOf(answerWaiver(life.state, waiver, true, second, life.now)));
}

function close(life: Life, { second }: Kinds['close']): void {
  if (life.state.plan.recorded) life.writeRecord();
  for (const [approval, user] of [
    ['platform', owner],
    ['security', second],
  ] as const) {
    const current = life.standing();
    life.record(user, ...eventsOf(approve(life.state, { approval, user, shown: current.digest }, current)));
  }
}

function eventsOf(acted: Acted): ReleaseEvent[] {
  return 'events' in acted ? acted.events : [];
}

/** As the job does it: the candidate, what holds of the pass before, and the checks that need not wait. */
function identify(life: Life, touched: string | null): void {
  const { state } = life;
  if (state.candidate) return;
  const change = touched === null ? null : { paths: [touched], labels: [] };
  life.record(
    bot,
    {
      type: 'CandidateIdentified',
      data: { candidate: candidateSample(state.pass), ...heldOver(state, change) },
    },
    { type: 'RunRequested', data: { gates: automated(state, 'mandatory') } },
  );
}

export interface Look {
  life: Life;
  step: Step;
  /** What the step itself recorded, without what followed. */
  recorded: ReleaseEvent[];
  /** Asks the same once more, without recording it. */
  again(): Acted;
}

/** Walks a life and shows it after each step. */
export function live(all: readonly Step[], look: (seen: Look) => void): Life {
  const life = begun();
  for (const [number, one] of all.entries()) {
    const { actor, act } = tryOf(one, number);
    const recorded = eventsOf(act(life));
    if (one.do === 'wait') life.wait(one.minutes * minute);
    else if (one.do === 'mend') mend(life, one);
    else if (one.do === 'waive') waive(life, one, `both-${number}`);
    else if (one.do === 'close') close(life, one);
    else if (recorded.length > 0) life.record(actor, ...recorded);
    if (one.do === 'pass' && recorded.length > 0) {
      if (one.isKnown) identify(life, one.touched);
      else life.record(bot, unidentified(life.state.pass));
    }
    look({ life, step: one, recorded, again: () => act(life) });
  }
  return life;
}
