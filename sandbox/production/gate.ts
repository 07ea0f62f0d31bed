import { randomUUID } from 'node:crypto';
import { answers, gateReport } from '../../src/core/promotion/gate-report.ts';
import { isObject } from '../shared/json.ts';
import type { GateSaid } from './state.ts';

/** Where the bot listens, and the token that it lets pipelines in with. */
export interface Bot {
  url: string;
  token: string;
}

const patienceMs = 5000;

/** Asks the bot for the gate of a region, as `gonogo gate` does in a pipeline. Never rejects: no answer is shut. */
export async function askGate(
  bot: Bot,
  about: { service: string; region: string; commit: string },
): Promise<GateSaid> {
  const question = { ...about, asked: randomUUID() };
  const { service, region, commit, asked } = question;
  const path = ['api', 'gates', service, region].map(encodeURIComponent).join('/');
  const query = new URLSearchParams({ commit, asked });
  try {
    const response = await fetch(`${bot.url}/${path}?${query}`, {
      headers: { authorization: `Bearer ${bot.token}` },
      signal: AbortSignal.timeout(patienceMs),
      redirect: 'error',
    });
    const body: unknown = await response.json();
    if (!response.ok) return { trouble: whyNot(body) ?? `The bot answered ${response.status}.` };
    const report = gateReport.safeParse(body);
    if (!report.success || !answers(report.data, question))
      return { trouble: 'The bot’s answer could not be read.' };
    return { open: report.data.open, holds: report.data.holds };
  } catch {
    return { trouble: 'The bot did not answer.' };
  }
}

/** What and why of a problem that the bot's HTTP interface tells. */
function whyNot(body: unknown): string | null {
  const error = isObject(body) ? body['error'] : null;
  return isObject(error) ? [error['what'], error['why']].filter(Boolean).join(' ') : null;
}
