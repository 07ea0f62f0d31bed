import type { RolloutMemory } from '../../core/rollout/memory.ts';
import type { LogExcerpt, RolloutVerdict, TaskFailure } from '../../core/rollout/verdict.ts';
import type { SecretFinder } from '../../core/sources.ts';

/** How long what is kept of a text may be, in characters. */
const mostOfValue = 300;
const mostOfSentence = 600;
const mostOfLine = 1_000;

/** Texts that were looked through; the same ones come with each look at a rollout. */
const knownBy = new WeakMap<SecretFinder, Map<string, Promise<string>>>();
const mostKnown = 10_000;

/** Makes text of others fit to be kept and shown, at most `most` characters of it. */
export type Clean = (foreign: string, most: number) => Promise<string>;

/**
 * Frees text of secrets first and cuts it afterwards: a secret that was cut in two would not be recognised. What
 * PostgreSQL does not take goes too: NUL, and half a character.
 */
export function cleaner(secrets: SecretFinder): Clean {
  const known = knownBy.get(secrets) ?? new Map<string, Promise<string>>();
  knownBy.set(secrets, known);
  const freed = (text: string): Promise<string> => {
    const before = known.get(text);
    if (before) return before;
    const fresh = secrets.remove(text).then((free) => free.replaceAll('\0', '').toWellFormed());
    if (known.size >= mostKnown) known.clear();
    known.set(text, fresh);
    // Whoever asked learns of it; the next one asks anew.
    fresh.catch(() => known.delete(text));
    return fresh;
  };
  return async (foreign, most) => {
    const text = await freed(foreign);
    return text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;
  };
}

/** A verdict as it may be recorded: whatever AWS or a container wrote stands in it cleaned. */
export async function cleanVerdict(verdict: RolloutVerdict, clean: Clean): Promise<RolloutVerdict> {
  const [reason, remedy] = await Promise.all([
    clean(verdict.reason, mostOfSentence),
    clean(verdict.remedy, mostOfSentence),
  ]);
  const evidence = verdict.evidence.map(async ({ label, value, url, at }) => ({
    label: await clean(label, mostOfValue),
    value: await clean(value, mostOfValue),
    url: url === null ? null : await clean(url, Number.POSITIVE_INFINITY),
    at,
  }));
  return {
    ...verdict,
    reason,
    remedy,
    failures: await cleanFailures(verdict.failures, clean),
    excerpts: await Promise.all(verdict.excerpts.map((excerpt) => cleanExcerpt(excerpt, clean))),
    evidence: await Promise.all(evidence),
  };
}

/** The same for what is carried to the next look, which the store keeps too. */
export async function cleanMemory(memory: RolloutMemory, clean: Clean): Promise<RolloutMemory> {
  return { ...memory, failures: await cleanFailures(memory.failures, clean) };
}

function cleanFailures(failures: readonly TaskFailure[], clean: Clean): Promise<TaskFailure[]> {
  return Promise.all(
    failures.map(async (failure) => ({
      ...failure,
      stoppedReason: await clean(failure.stoppedReason, mostOfSentence),
      cause: await clean(failure.cause, mostOfSentence),
    })),
  );
}

async function cleanExcerpt(excerpt: LogExcerpt, clean: Clean): Promise<LogExcerpt> {
  const lines = excerpt.lines.map(async (line) => ({ ...line, text: await clean(line.text, mostOfLine) }));
  return { ...excerpt, title: await clean(excerpt.title, mostOfValue), lines: await Promise.all(lines) };
}
