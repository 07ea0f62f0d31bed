import { expect } from 'vitest';
import { sha256 } from '../../../src/adapters/store/hash-chain.ts';
import { decide } from '../../../src/core/release/decide.ts';
import { releaseKeys } from '../../../src/core/release/orders.ts';
import type { Release } from '../../../src/core/release/state.ts';
import { recordComments } from '../../../src/views/linear-comments.ts';
import type { ReleaseScene } from '../../acceptance/support/release-scene.ts';
import { pages } from './ending.ts';
import type { Played } from './release-play.ts';
import type { ReleaseFaultTown } from './release-town.ts';

/** What a disturbed validation must end with: the same as the undisturbed one, and nothing twice. */
export async function expectSameEnd(
  town: ReleaseFaultTown,
  scene: ReleaseScene,
  played: Played,
  undisturbed: Played,
): Promise<void> {
  const { final, id } = played;
  expect(played.refused, 'the same NO-GO').toEqual(undisturbed.refused);
  expect(played.refusedGaps, 'the same gaps in its record').toEqual(undisturbed.refusedGaps);
  expect(final.decisions.at(-1)).toMatchObject({ verdict: 'GO', reasons: [], withdrawn: null });
  expect(final.record?.gaps, 'the same gaps in the end').toEqual(undisturbed.final.record?.gaps);
  expect(final.recordProblem).toBeNull();
  expect(await scene.mismatches(id), 'every decision follows from the events').toEqual([]);
  await expectOneRecord(town, final);
  await expectEachMessageOnce(town, final);
}

/** The one GO is the last decision, after the label was set and outside the spans (ms) in which a service was blind. */
export function expectNoEarlyGo({ final, labelledAt }: Played, blind: { from: number; to: number }[]): void {
  const gos = final.decisions.filter(({ verdict }) => verdict === 'GO');
  expect(gos, 'one GO').toHaveLength(1);
  expect(gos[0]?.number, 'it is the last decision').toBe(final.decisions.length);
  const at = Date.parse(gos[0]?.at ?? '');
  expect(at, 'no GO before the label').toBeGreaterThan(Date.parse(labelledAt));
  for (const { from, to } of blind) expect(at < from || at > to, 'no GO in between').toBe(true);
}

async function expectOneRecord({ tracker }: ReleaseFaultTown, final: Release): Promise<void> {
  const issues = (await tracker.issues()).filter(({ title }) => title.endsWith(` ${final.name}`));
  expect(
    issues.map(({ identifier }) => identifier),
    'one issue',
  ).toEqual([final.record?.identifier]);
  const [issue] = issues;
  const bodies = issue?.comments.map(({ body }) => body) ?? [];
  expect(new Set(bodies).size, 'no two comments say the same').toBe(bodies.length);
  expect(bodies, 'each comment once').toHaveLength(recordComments(final, new Map()).length);
  expect(issue?.attachments, 'one link').toHaveLength(1);
  const unticked = (issue?.boxes ?? []).filter(({ checked }) => !checked).map(({ text }) => text);
  expect(unticked, 'every box is ticked but that of a NO-GO').toEqual(['Blocked: issue(s) recorded below']);
  expect(issue?.boxes, 'a box a gate and two for the outcome').toHaveLength(
    decide(final, new Date(), sha256).statuses.length + 2,
  );
}

/** By our mark in Slack; a reply that is broadcast too is one message. */
async function expectEachMessageOnce(town: ReleaseFaultTown, final: Release): Promise<void> {
  const { id, plan, decisions, notices } = final;
  const expected = [
    releaseKeys.parent(id),
    ...plan.groups.map((group) => releaseKeys.group(id, group.id)),
    ...decisions.map(({ number }) => releaseKeys.decision(id, number)),
    ...decisions.flatMap(({ number, withdrawn }) => (withdrawn ? [releaseKeys.withdrawal(id, number)] : [])),
    ...notices.map(({ seq }) => releaseKeys.notice(id, seq)),
  ];
  const top = await pages(town.slack, 'conversations.history', {});
  const threads = await Promise.all(top.map(({ ts }) => pages(town.slack, 'conversations.replies', { ts })));
  const byTs = new Map([...top, ...threads.flat()].map((message) => [message.ts, message]));
  const keys = [...byTs.values()]
    .map(({ metadata }) => metadata?.event_payload.key ?? '')
    .filter((key) => key.startsWith(`release/${id}/`));
  expect(keys.sort(), 'each message once').toEqual(expected.sort());
  const refused = (await town.people.refusals()).filter(({ method }) => method.startsWith('chat.'));
  expect(refused, 'Slack refused no message').toEqual([]);
}
