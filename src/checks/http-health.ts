import { z } from 'zod';
import { twoLines } from '../core/catalogue/wording.ts';
import type { PageLoad } from '../core/sources.ts';
import { address, addressOf, mostBytes, timeLimit, whyUnloaded } from './addresses.ts';
import { defineCheck, type Judgement } from './define-check.ts';
import { jsonPath, shown, valuesAt } from './json-path.ts';
import { fail, inconclusive, pass, seen } from './judgements.ts';

const params = z
  .strictObject({
    url: address,
    status: z.number().int().min(100).max(599).default(200).describe('The HTTP status of a healthy answer.'),
    path: jsonPath.optional().describe('JSON path of the values that tell the health, such as $.status.'),
    equals: z
      .union([z.string(), z.number(), z.boolean()])
      .optional()
      .describe('What each of those values must be.'),
    'time-limit': timeLimit,
  })
  .refine(({ path, equals }) => (path === undefined) === (equals === undefined), {
    error: twoLines('has one of path and equals', 'Write both or neither.'),
  });
type Params = z.output<typeof params>;

const mend = 'The owner of the service looks at its log and its tasks, then somebody checks again.';

/** A service says itself that it is well (B3). */
export const httpHealth = defineCheck({
  id: 'http-health',
  question: 'Does the service say that it is healthy?',
  needs: ['web'],
  params,
  async collect(candidate, wanted, { web }, signal) {
    const url = addressOf(candidate.url, wanted.url);
    const limits = { timeLimitMs: wanted['time-limit'] * 1_000, maxBytes: mostBytes };
    return { url, load: await web.load(url, limits, signal) };
  },
  evaluate({ url, load }, wanted): Judgement {
    const at = new Date(load.at);
    if (!load.loaded)
      return fail(`${url} did not answer: ${whyUnloaded(load)}.`, mend, [seen(url, load.said, url, at)]);
    const answer = seen(url, `status ${load.status} in ${Math.round(load.tookMs)} ms`, load.url, at);
    if (load.status !== wanted.status)
      return fail(`${url} answered with status ${load.status} instead of ${wanted.status}.`, mend, [answer]);
    const inside = judgeBody(url, load, wanted);
    return { ...inside, evidence: [answer, ...inside.evidence] };
  },
});

function judgeBody(url: string, load: PageLoad & { loaded: true }, { path, equals }: Params): Judgement {
  if (path === undefined) return pass(`${url} is healthy.`, []);
  const read = valuesAt(load.body, path);
  if ('why' in read)
    return inconclusive(
      `The health at ${url} could not be read: ${read.why}.`,
      'The owner of the service looks at the answer; if its shape has changed, an admin corrects the gate in the catalogue.',
    );
  const evidence = read.values
    .slice(0, 20)
    .map((value) => seen(path, shown(value), load.url, new Date(load.at)));
  if (read.values.every((value) => value === equals)) return pass(`${url} is healthy.`, evidence);
  return fail(`${url} does not say ${shown(equals)} at ${path}.`, mend, evidence);
}
