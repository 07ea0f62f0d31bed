import type { Bucket } from '../core/sources.ts';
import type { Judgement } from './define-check.ts';
import { fail, inconclusive, pass, seen } from './judgements.ts';
import { judgeSpike } from './spike.ts';
import { countIn, minutesOf, type Windows } from './windows.ts';

/** What was counted in one place, minute by minute. */
export interface Counted {
  /** A project of Sentry, a log group. */
  place: string;
  /** What the numbers count: errors, lines. */
  unit: string;
  newest: readonly Bucket[];
  before: readonly Bucket[];
  url: string;
}

/** The spike rule on what was counted in one place, as blocker `spike/<place>`. */
export function judgeCounted({ place, unit, ...counted }: Counted, windows: Windows): Judgement {
  const { newest } = windows;
  const count = countIn(newest, counted.newest);
  const before = windows.before.flatMap((window) => countIn(window, counted.before) ?? []);
  const minutes = minutesOf(newest);
  const { verdict, expected } = judgeSpike(count ?? 0, before);
  const seenIn = (value: string) => [
    seen(
      `${place}, ${minutes} min since ${newest.from.toISOString().slice(11, 16)} UTC`,
      value,
      counted.url,
      newest.to,
    ),
  ];
  const later = 'The release engineer checks again in a while';
  if (count === null)
    return inconclusive(
      `The newest ${unit} of ${place} could not be counted whole.`,
      `${later}; if it stays so, an admin looks at the source.`,
      seenIn('incomplete'),
    );
  if (verdict === 'too-little-history')
    return inconclusive(
      `There is too little history before the deployment to say what is normal for ${place}.`,
      `${later}, or looks at ${place} and has this gate waived with a reason.`,
      seenIn(`${count} ${unit}; only ${before.length} stretches of time to compare with`),
    );
  const signal = `${count} ${unit} in ${minutes} min, ${expected.toFixed(1)} expected`;
  if (verdict === 'no-obvious-spike') return pass('No obvious spike.', seenIn(signal));
  return fail(
    `${place} shows a spike since the deployment.`,
    'The service owner looks at what is new there; a signal that is known is accepted with a reason, anything else is escalated.',
    seenIn(signal),
    [{ id: `spike/${place}`, title: `Spike in ${place}`, url: counted.url, signal }],
  );
}
