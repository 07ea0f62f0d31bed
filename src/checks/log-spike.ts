import { z } from 'zod';
import type { Bucket, LogStore } from '../core/sources.ts';
import { defineCheck, type Judgement } from './define-check.ts';
import { deployedProject, deployedSpan } from './deployed-span.ts';
import { earlierDeployments } from './earlier-deployments.ts';
import { inconclusive, seen, waiting } from './judgements.ts';
import { judgeCounted } from './spike-judgement.ts';
import { countIn, minuteMs, type Window, type Windows, windowMinutes, windowsFor } from './windows.ts';

const params = z.strictObject({
  region: z.string().min(1),
  group: z.string().min(1).describe('The log group in CloudWatch.'),
  'stream-prefix': z.string().min(1).optional().describe('Only streams that begin so.'),
  terms: z
    .array(z.string().min(1))
    .min(1)
    .default(['ERROR', 'CRITICAL', 'Traceback'])
    .describe('A line with any of these counts.'),
  window: windowMinutes,
  project: deployedProject,
});

type Counts = NonNullable<Awaited<ReturnType<LogStore['lineCounts']>>>;
/** `newest` null: there is no such log group. */
type Facts = { judged: Judgement } | { windows: Windows; newest: Counts | null; before: Counts | null };

/** Error lines of a log since the deployment against those before it (B6). */
export const logSpike = defineCheck({
  id: 'log-spike',
  question: 'Are there no more error lines in the log than before?',
  needs: ['logs', 'codeHost'],
  params,
  handling: 'accept',
  async collect(candidate, wanted, { logs, codeHost }, signal, now): Promise<Facts> {
    const deployed = deployedSpan(candidate, wanted.project);
    if ('unknown' in deployed) return { judged: deployed.unknown };
    const earlier = await earlierDeployments(candidate, wanted.project, deployed.span, codeHost, signal);
    const windows = windowsFor(deployed.span, wanted.window, earlier, now);
    if ('waitMs' in windows)
      return { judged: waiting('Too little time has passed since the deployment.', windows.waitMs) };
    const { region, group, terms } = wanted;
    const count = ({ from, to }: Window) => {
      const stretch = { from, to, bucketMs: minuteMs };
      return logs.lineCounts(
        { region, group, streamPrefix: wanted['stream-prefix'] ?? null, terms, ...stretch },
        signal,
      );
    };
    const [first, last] = [windows.before[0], windows.before.at(-1)];
    const newest = await count(windows.newest);
    return { windows, newest, before: first && last ? await count({ from: first.from, to: last.to }) : null };
  },
  evaluate(facts, { group }, now): Judgement {
    if ('judged' in facts) return facts.judged;
    const { windows, newest, before } = facts;
    const look = 'The owner of the service looks whether it runs and writes its log there.';
    if (newest === null) return inconclusive(`There is no log group ${group}.`, look);
    // Silence counts only when the channel works (facts: logs).
    if (countIn(windows.newest, newest.all) === 0)
      return inconclusive(`There are no logs at all in ${group} since the deployment.`, look, [
        seen(group, 'no lines', newest.url, now),
      ]);
    const counted = { newest: newest.matching, before: sinceFirstLine(before), url: newest.url };
    return judgeCounted({ place: group, unit: 'error lines', ...counted }, windows);
  },
});

/** What was counted once the log had begun: before its first line nothing could be counted. */
function sinceFirstLine(counts: Counts | null): Bucket[] {
  const first = counts?.all.find(({ count }) => count > 0);
  if (!counts || !first) return [];
  return counts.matching.filter(({ at }) => Date.parse(at) >= Date.parse(first.at));
}
