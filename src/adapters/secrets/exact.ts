import type { Found } from './found.ts';

/** A shorter one is a word that stands in many places. */
const shortest = 6;

/** Each value as it stands, in an address, and in JSON. */
export function formsOf(secrets: readonly string[]): string[] {
  const forms = secrets
    .filter((secret) => secret.length >= shortest)
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret.toWellFormed()),
      JSON.stringify(secret).slice(1, -1),
    ]);
  return [...new Set(forms)];
}

/** Every place where one of the values stands, to the letter. */
export function byValue(text: string, values: readonly string[]): Found[] {
  return values.flatMap((value) => {
    const found: Found[] = [];
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
      found.push({ start: at, end: at + value.length, kind: 'setting' });
    return found;
  });
}
