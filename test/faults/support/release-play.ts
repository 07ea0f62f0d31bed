import { validatedLabel } from '../../../sandbox/scenes/staging-release.ts';
import { gatesOf } from '../../../src/core/release/plan.ts';
import type { Decision, Release } from '../../../src/core/release/state.ts';
import { gateState, standing } from '../../../src/core/release/state.ts';
import { releaseButtons } from '../../../src/views/release-ids.ts';
import type { ReleaseScene } from '../../acceptance/support/release-scene.ts';
import { releases, rita } from '../../support/catalogue.ts';
import { until } from '../../support/until.ts';
import type { ReleaseFaultTown } from './release-town.ts';
import type { Moment } from './release-troubles.ts';

/** Every wait ends when what is awaited is there; so long at the most, in ms. */
export const patienceMs = 120_000;
/** Answered last: with it everything has ended. */
const lastItem = 'warnings';

/** How a validation went, to be compared with one that nothing disturbed. */
export interface Played {
  id: string;
  /** The NO-GO that stood before the missing label was set. */
  refused: Pick<Decision, 'verdict' | 'reasons'>;
  /** What the record held of it then. */
  refusedGaps: string[];
  final: Release;
  /** When somebody set the label: before that there can be no GO. ISO 8601. */
  labelledAt: string;
}

/** Plays one step of a validation; a disturbed one does something before, meanwhile or after. */
export type AtMoment = (moment: Moment, step: () => Promise<unknown>) => Promise<unknown>;

/**
 * Plays a whole validation of release `id`: one merge request lacks its label, so it is a NO-GO; labelled and all
 * checked again it is a GO. Resolves when no work is left. The label is taken off again for the next one.
 */
export async function playRelease(
  town: ReleaseFaultTown,
  scene: ReleaseScene,
  id: string,
  at: AtMoment = (_, step) => step(),
): Promise<Played> {
  const { iid, project } = town.scene.unlabelled;
  let labelledAt = '';
  const when = (what: string, isSo: (release: Release) => boolean) =>
    scene.when(id, what, isSo, patienceMs).catch(async (cause: unknown) => {
      throw new Error(`${id}, in vain: ${what}\n${await whatStands(town, await scene.state(id))}`, { cause });
    });
  await at('open', () => open(town, id));
  await at('checks', () => when('checks have begun', (release) => phases(release).some(hasBegun)));
  await when('the automated gates have ended', haveEnded);
  await at('record', async () => {
    await scene.setWorkspace(id);
    await scene.answerAll(id, { except: [lastItem] });
  });
  await at('decision', () => scene.answerAll(id));
  const blocked = await when('a NO-GO for the label, and recorded', (release) => {
    const isWritten = release.record?.gaps.includes('mrs/fail') && !release.recordProblem;
    const { verdict, reasons } = standing(release) ?? { reasons: [] };
    return Boolean(isWritten) && verdict === 'NO-GO' && reasons.length === 1;
  });
  await at('recheck', async () => {
    labelledAt = new Date().toISOString();
    await town.forge.label({ project, iid, add: [validatedLabel] });
    await scene.press(id, releaseButtons.recheckAll);
  });
  const released = await when(
    'a GO that stands',
    (release) => standing(release)?.verdict === 'GO' && haveEnded(release),
  );
  await untilNothingIsOpen(town, released);
  await town.forge.label({ project, iid, remove: [validatedLabel] });
  const { verdict, reasons } = standing(blocked) ?? { verdict: 'GO', reasons: [] };
  return {
    id,
    refused: { verdict, reasons },
    refusedGaps: blocked.record?.gaps ?? [],
    final: await scene.state(id),
    labelledAt,
  };
}

/** On a busy machine Slack's three seconds may pass: then a person types again. */
async function open({ people }: ReleaseFaultTown, id: string): Promise<void> {
  await until(
    `${id} to be opened`,
    async () => {
      if ((await people.screen(rita)).views.length === 0) {
        await people.command({ user: rita, channel: releases, command: '/release', text: 'validate' });
        return false;
      }
      await people.type({ user: rita, blockId: 'name', actionId: 'name', value: id });
      return (await people.submit({ user: rita })).acknowledged;
    },
    patienceMs,
  );
}

function hasBegun(phase: string): boolean {
  return phase === 'running' || phase === 'done';
}

function phases(release: Release): string[] {
  return gatesOf(release.plan).map(({ gate }) => gateState(release, gate.id).phase);
}

/** Every automated gate has been answered by its source, or does not apply. */
function haveEnded(release: Release): boolean {
  if (!release.candidate) return false;
  return gatesOf(release.plan)
    .filter(({ gate }) => gate.check !== null)
    .every(({ gate }) => {
      const { phase, finding, applies } = gateState(release, gate.id);
      if (phase === 'idle') return applies?.verdict === 'does-not-apply';
      return phase === 'done' && finding?.outcome !== 'inconclusive';
    });
}

/** Where everything stands: what to read when a run does not end. */
async function whatStands({ ledger, bots }: ReleaseFaultTown, release: Release): Promise<string> {
  const gates = Object.entries(release.gates).map(
    ([gate, { phase, run, finding, applies }]) =>
      `${gate}: ${phase}, run ${run}, ${applies?.verdict ?? ''} ${finding?.outcome ?? ''} ${finding?.reason ?? ''}`,
  );
  const logs = bots.map((bot) => bot.log().slice(-15).join('\n'));
  return [...gates, await ledger.whatIsOpen(), ...logs].join('\n');
}

/** Whether no work is open, but for the standing watch of a release. */
export async function isAllDone({ ledger }: ReleaseFaultTown): Promise<boolean> {
  const { watch: _, ...open } = await ledger.openWork();
  return Object.keys(open).length === 0;
}

/** No work is left but the standing looks. Rejects with the open rows and the ends of the logs. */
async function untilNothingIsOpen(town: ReleaseFaultTown, release: Release): Promise<void> {
  try {
    await until('no work to be open', () => isAllDone(town), patienceMs);
  } catch (cause) {
    throw new Error(await whatStands(town, release), { cause });
  }
}

/** Waits until people can read it in the release's message or its thread. */
export async function untilSaid(town: ReleaseFaultTown, id: string, words: RegExp): Promise<void> {
  await town.people.until(
    rita,
    ({ channels }) =>
      channels
        .flatMap(({ messages }) => messages)
        .some((message) => {
          const text = JSON.stringify(message);
          return text.includes(id) && words.test(text);
        }) || undefined,
    { timeoutMs: patienceMs },
  );
}
