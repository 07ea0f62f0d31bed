import { type Acted, type AnswerInput, answer } from '../core/release/acts.ts';
import { type Answer, gateState, type Release } from '../core/release/state.ts';

/**
 * An answer that came so shortly before another, in ms, was given at the same time: nobody could have looked at it.
 * Both are recorded then, and a failure wins.
 */
const sameTimeMs = 2_000;

/** What to record, or the answers that the person has not seen and may want to see first. */
export type Answered = Acted | { unseen: Answer[] };

/**
 * Answers one item for `user` (B4). An answer of somebody else that the form did not show is shown once instead of
 * being replaced unseen. Pressing Save twice records once.
 */
export function answerItem(state: Release, input: AnswerInput, user: string, now: Date): Answered {
  const { answers } = gateState(state, input.gate);
  if (isRepeated(state, answers, input, user)) return { events: [] };
  const acted = answer(state, input);
  if ('problem' in acted) return acted;
  const unseen = answers.filter(
    ({ by, seq, at }) =>
      by !== user && !input.saw.includes(seq) && now.getTime() - Date.parse(at) > sameTimeMs,
  );
  return unseen.length > 0 ? { unseen } : acted;
}

/** The same answer of the same person stands already, and there is no other that this one would replace. */
function isRepeated(
  { pass }: Release,
  answers: readonly Answer[],
  { outcome, note, link, saw }: AnswerInput,
  user: string,
): boolean {
  const own = answers.find(({ by }) => by === user);
  if (!own || answers.some(({ by, seq }) => by !== user && saw.includes(seq))) return false;
  return own.pass === pass && own.outcome === outcome && own.note === note.trim() && own.link === link;
}
