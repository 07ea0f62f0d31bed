import { expect } from 'vitest';
import type { ReasonAgainst } from '../../../src/core/release/events.ts';
import { type Decision, standing as standingDecision } from '../../../src/core/release/state.ts';
import { escapeMrkdwn } from '../../../src/core/slack-payload/stored-length.ts';
import { releaseButtons } from '../../../src/views/release-ids.ts';
import type { ReleaseScene } from './release-scene.ts';
import { wordsOf } from './scene.ts';

/** What is to stand against a GO; what is left out is not looked at. */
export interface Against {
  /** Null for what is no gate. */
  gate: string | null;
  /** `gate` for the gate as a whole. */
  blocker: string;
  why?: RegExp;
  /** Null: it has no link. */
  url?: RegExp | null;
}

/** One thing that goes wrong in a town in which all else is well. */
export interface Turn {
  /** A sentence. */
  name: string;
  wrong: () => Promise<unknown>;
  mended: () => Promise<unknown>;
  /** The only reasons, in the order of the plan. */
  against: () => Against | Against[];
}

/** The turns as a table of tests. */
export function named(scenarios: Turn[]): [name: string, turn: Turn][] {
  return scenarios.map((turn) => [turn.name, turn]);
}

/** Lines of columns break anywhere, so words are compared without what stands between them. */
const compact = (text: string) => text.replace(/\s+/g, '');

export type ReleaseTurns = ReturnType<typeof releaseTurnsOf>;

/** Turns releases of a scene from GO to NO-GO and back, and looks at what is recorded and told each time. */
export function releaseTurnsOf(scene: ReleaseScene) {
  const { open, when, state, setWorkspace, answerAll, press, reply, summary, mismatches } = scene;
  let last: string | null = null;
  let opened = 0;

  /** The decision after those that there were before. */
  const decided = async (id: string, before: number): Promise<Decision> => {
    const what = `decision ${before + 1}`;
    const release = await when(id, what, ({ decisions }) => decisions.length > before);
    const decision = release.decisions[before];
    if (!decision) throw new Error(`${id} has no ${what}`);
    return decision;
  };

  /** Opens a release and has people answer everything with a pass, in a workspace where one is asked for. */
  const answered = async (id: string, except: string[] = []) => {
    await open(id);
    const { plan } = await when(id, 'the candidate', ({ candidate }) => candidate !== null);
    await when(id, 'what applies', ({ gates }) =>
      plan.groups
        .flatMap((group) => group.gates)
        .every(({ id: gate, when: condition }) => condition === null || gates[gate]?.applies),
    );
    if (plan.groups.some(({ workspace }) => workspace)) await setWorkspace(id);
    await answerAll(id, { except });
    return id;
  };

  /** A release that stands at GO: the one of the turn before, or a new one when that turn went wrong. */
  const atGo = async (): Promise<string> => {
    const verdict = last === null ? null : standingDecision(await state(last))?.verdict;
    if (last !== null && verdict === 'GO') return last;
    opened += 1;
    last = `r-${String(opened).padStart(2, '0')}`;
    await answered(last);
    expect(await decided(last, 0)).toMatchObject({ verdict: 'GO', reasons: [] });
    return last;
  };

  /** The thread and `/release decide` say each reason in words, and the thread links it. */
  const told = async (id: string, decision: Decision) => {
    const shown = await reply(id, `Decision ${decision.number} ·`);
    const inThread = compact(wordsOf(shown));
    const asked = compact(await summary(id));
    expect(shown.text).toMatch(new RegExp(`^${decision.verdict}: Release ${id} `));
    expect(asked).toContain(`GO/NO-GOdecision:${decision.verdict}`);
    for (const { title, why, url } of decision.reasons) {
      const seen = why.replace(/^(Inconclusive|tracked|escalated): /, '');
      for (const words of [title.replace(/\.$/, ''), why])
        expect(inThread).toContain(compact(escapeMrkdwn(words.slice(0, 100))));
      for (const words of [title.replace(/\.$/, ''), seen]) expect(asked).toContain(compact(words));
      if (url) expect(JSON.stringify(shown.blocks)).toContain(`<${new URL(url).href}|`);
    }
  };

  /** A NO-GO with exactly these reasons, told in words. */
  const isNoGo = async (id: string, decision: Decision, against: Against | Against[]) => {
    const wanted = [against].flat();
    const which = ({ gate, blocker }: Against | ReasonAgainst) => ({ gate, blocker });
    expect(decision.verdict).toBe('NO-GO');
    expect(decision.reasons.map(which)).toEqual(wanted.map(which));
    for (const [index, { why, url }] of wanted.entries()) {
      const reason = decision.reasons[index];
      if (why) expect(reason?.why).toMatch(why);
      if (url === null) expect(reason?.url).toBeNull();
      if (url) expect(reason?.url).toMatch(url);
    }
    await told(id, decision);
  };

  /** From GO to NO-GO for exactly what went wrong, and back to GO once it is mended; all of it follows from the events. */
  const turn = async ({ wrong, mended, against }: Turn) => {
    const id = await atGo();
    const before = (await state(id)).decisions.length;
    try {
      await wrong();
      await press(id, releaseButtons.recheckAll);
      const noGo = await decided(id, before);
      await isNoGo(id, noGo, against());
      expect((await state(id)).decisions[before - 1]?.withdrawn).not.toBeNull();
    } finally {
      await mended();
    }
    await press(id, releaseButtons.recheckAll);
    expect(await decided(id, before + 1)).toMatchObject({ verdict: 'GO', reasons: [] });
    expect(await mismatches(id)).toEqual([]);
  };

  return { decided, answered, atGo, told, isNoGo, turn };
}
