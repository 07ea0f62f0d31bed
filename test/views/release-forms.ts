import type { Phase } from '../../src/core/catalogue/phase.ts';
import { decide } from '../../src/core/release/decide.ts';
import { gateStatuses } from '../../src/core/release/gate-status.ts';
import type { Release } from '../../src/core/release/state.ts';
import {
  answered,
  gateOf,
  identified,
  phase,
  releaseOf,
  sha256,
  workspace,
} from '../commands/sample-release.ts';

/** What the forms of a release are drawn from, as small or as large as a test needs. */

export const now = new Date('2026-11-20T12:00:00.000Z');
export const statuses = (release: Release) => gateStatuses(release, now);
export const standingOf = (release: Release) => decide(release, now, sha256);
export const item = (release: Release, gate: string) => {
  const found = statuses(release).find((status) => status.gate.id === gate);
  if (!found) throw new Error(`no gate ${gate}`);
  return found;
};

/** What a catalogue or Slack would have let through: so many units, no half character. */
export function cut(text: string, units: number): string {
  return text.slice(0, units).toWellFormed();
}

/** `sections` sections of `each` items, every text in them `text`. */
export function longPhase(sections: number, each: number, text: string): Phase {
  const groups = Array.from({ length: sections }, (_, section) => ({
    id: `section-${section}`,
    name: cut(text, 75) || 'Section',
    answers: 'checks' as const,
    workspace: section === 0,
    gates: Array.from({ length: each }, (_, index) =>
      gateOf(`item-${section}-${index}`, { title: cut(text, 200), rule: cut(text, 2_000) }),
    ),
  }));
  return { ...phase, groups };
}

/** The same with every item failed, and `text` noted at length. */
export function longRelease(sections: number, each: number, text: string): Release {
  const of = longPhase(sections, each, text);
  const items = of.groups.flatMap((group) => group.gates);
  const note = cut(text, 1_000) || 'x';
  const link = `https://gitlab.test/${'p'.repeat(480)}`;
  return releaseOf(
    [
      identified(),
      workspace(),
      ...items.map(({ id }) => answered(id, { outcome: 'fail' as const, note, link })),
    ],
    of,
  );
}

interface Shown {
  text?: { text: string };
  accessory?: { action_id: string; value: string; text: { text: string }; style?: string };
  elements?: { action_id?: string; value?: string; text?: { text: string } | string }[];
}

/** The lines that people read, one entry a block. */
export function linesOf({ blocks }: { blocks: object[] }): string[] {
  return (blocks as Shown[]).flatMap(({ text, elements = [] }) => [
    ...(text ? [text.text] : []),
    ...elements.flatMap((one) => (typeof one.text === 'string' ? [one.text] : [])),
  ]);
}

/** Every button and list with what it carries, in the order of the keyboard. */
export function buttonsOf({ blocks }: { blocks: object[] }): string[] {
  return (blocks as Shown[]).flatMap(({ accessory, elements = [] }) =>
    [accessory, ...elements]
      .filter((one) => one?.action_id !== undefined)
      .map((one) => `${one?.action_id} ${one?.value ?? ''}`.trim()),
  );
}
