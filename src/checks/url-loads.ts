import { z } from 'zod';
import type { Evidence } from '../core/finding.ts';
import type { PageLoad } from '../core/sources.ts';
import { address, addressOf, mostBytes, timeLimit, whyUnloaded } from './addresses.ts';
import { defineCheck, type Judgement } from './define-check.ts';
import { fail, inconclusive, pass, seen } from './judgements.ts';

const dayMs = 24 * 60 * 60_000;

const params = z.strictObject({
  url: address,
  status: z.number().int().min(100).max(599).default(200).describe('The HTTP status of the last answer.'),
  contains: z.string().min(1).optional().describe('Text that the page must hold.'),
  'certificate-days': z
    .number()
    .int()
    .nonnegative()
    .default(14)
    .describe('How many days the certificate must still be valid.'),
  'time-limit': timeLimit,
});
type Params = z.output<typeof params>;
type Loaded = Extract<PageLoad, { loaded: true }>;

/** A page loads as a visitor would load it (B3). */
export const urlLoads = defineCheck({
  id: 'url-loads',
  question: 'Does the page load?',
  needs: ['web'],
  params,
  async collect(candidate, wanted, { web }, signal) {
    const url = addressOf(candidate.url, wanted.url);
    const limits = { timeLimitMs: wanted['time-limit'] * 1_000, maxBytes: mostBytes };
    return { url, load: await web.load(url, limits, signal) };
  },
  evaluate({ url, load }, wanted, now): Judgement {
    const evidence = evidenceOf(url, load);
    if (!load.loaded)
      return fail(
        `${url} did not load: ${whyUnloaded(load)}.`,
        'The owner of the site looks whether it runs and can be reached from here, then somebody checks again.',
        evidence,
      );
    return judgeLoaded(url, load, wanted, evidence, now);
  },
});

function judgeLoaded(url: string, load: Loaded, wanted: Params, evidence: Evidence[], now: Date): Judgement {
  const { status, body, certificateUntil } = load;
  const mend = 'The owner of the site mends it, then somebody checks again.';
  if (status !== wanted.status)
    return fail(`${url} answered with status ${status} instead of ${wanted.status}.`, mend, evidence);
  if (wanted.contains !== undefined && !body.includes(wanted.contains)) {
    if (Buffer.byteLength(body) >= mostBytes)
      return inconclusive(
        `${url} is too long to be read whole, and what was read does not hold "${wanted.contains}".`,
        'An admin names a text near the beginning of the page in the catalogue.',
        evidence,
      );
    return fail(`${url} does not hold the text "${wanted.contains}".`, mend, evidence);
  }
  const days = daysLeft(certificateUntil, now);
  if (Number.isNaN(days))
    return inconclusive(
      `When the certificate of ${url} ends could not be read.`,
      'The owner of the site looks at its certificate.',
      evidence,
    );
  if (days < wanted['certificate-days'])
    return fail(
      `The certificate of ${url} ends in less than ${wanted['certificate-days']} days.`,
      'The owner of the site renews its certificate, then somebody checks again.',
      evidence,
    );
  return pass(`${url} loads.`, evidence);
}

/** Plain HTTP has no certificate that could end. */
function daysLeft(until: string | null, now: Date): number {
  return until === null ? Number.POSITIVE_INFINITY : (Date.parse(until) - now.getTime()) / dayMs;
}

function evidenceOf(url: string, load: PageLoad): Evidence[] {
  const at = new Date(load.at);
  const redirects = load.redirects.map(({ status, from, to }) =>
    seen(`Redirect ${status}`, `${from} → ${to}`, to, at),
  );
  if (!load.loaded) return [...redirects, seen(url, load.said, url, at)];
  const { status, tookMs, certificateUntil } = load;
  return [
    ...redirects,
    seen(url, `status ${status} in ${Math.round(tookMs)} ms`, load.url, at),
    seen(
      'Certificate',
      certificateUntil ? `valid until ${certificateUntil}` : 'none: plain HTTP',
      load.url,
      at,
    ),
  ];
}
