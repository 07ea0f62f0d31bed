import type { Finding } from '../core/finding.ts';
import type { SecretFinder } from '../core/sources.ts';

/** How long what is kept of a text may be, in characters: evidence and blockers, and whole sentences of ours. */
const mostOfEvidence = 200;
const mostOfSentence = 600;

/**
 * A finding as it may be kept and shown. What others wrote is freed of secrets first and cut to length afterwards: a
 * secret that was cut in two would not be recognised.
 */
export async function cleanFinding(found: Finding, secrets: SecretFinder): Promise<Finding> {
  const clean = (text: string, most: number) => cleanText(text, most, secrets);
  const address = async (url: string | null) => (url === null ? null : secrets.remove(url));
  const { outcome } = found;
  const [reason, remedy] = await Promise.all([
    clean(found.reason, mostOfSentence),
    clean(found.remedy, mostOfSentence),
  ]);
  const evidence = await Promise.all(
    found.evidence.map(async ({ label, value, url, at }) => ({
      label: await clean(label, mostOfEvidence),
      value: await clean(value, mostOfEvidence),
      url: await address(url),
      at,
    })),
  );
  const blockers = await Promise.all(
    found.blockers.map(async ({ id, title, url, signal }) => ({
      id,
      title: await clean(title, mostOfEvidence),
      url: await address(url),
      signal: await clean(signal, mostOfEvidence),
    })),
  );
  return { outcome, reason, remedy, evidence, blockers };
}

/** Text of others, freed of secrets, at most `most` characters of it. */
export async function cleanText(foreign: string, most: number, secrets: SecretFinder): Promise<string> {
  const text = await secrets.remove(foreign);
  return text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;
}
