import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Where the example's product would run in staging. */
const exampleSite = 'https://manage-staging.betterfleet.example';

/**
 * Writes a copy of a catalogue in which the example's site is the simulated one, so that the bot can visit it. The
 * answer takes the copy away again.
 */
export async function copyCatalogue(from: string, to: string, siteUrl: string): Promise<() => Promise<void>> {
  const text = await readFile(from, 'utf8');
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, text.replaceAll(exampleSite, siteUrl));
  return () => rm(to, { force: true });
}
