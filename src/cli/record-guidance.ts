import { readFile } from 'node:fs/promises';
import { EventStore } from '../adapters/store/event-store.ts';
import { sha256 } from '../adapters/store/hash-chain.ts';
import { type DatabaseSettings, openDatabase } from '../adapters/store/open-database.ts';
import { createPool, endPool, storeSchema } from '../adapters/store/pool.ts';
import { guidanceStream, guidanceUpdate } from '../core/guidance.ts';
import type { Clock, Logger } from '../core/ports.ts';
import type { Output } from './catalogue-check.ts';

/**
 * `gonogo record guidance FILE…`: records that pages of operational guidance changed (A11); a page that is
 * recorded as it stands is left alone. Exit code 0, or 3 when a file cannot be read.
 */
export async function recordGuidance(
  files: readonly string[],
  by: string,
  settings: DatabaseSettings,
  { now, log, stdout, stderr }: Output & { now: Clock; log: Logger },
): Promise<number> {
  const pages = await Promise.all(files.map(async (docPath) => ({ docPath, text: await textOf(docPath) })));
  const missing = pages.filter(({ text }) => text === null);
  for (const { docPath } of missing) stderr.write(`${docPath} cannot be read. Nothing was recorded.\n`);
  if (missing.length > 0) return 3;
  const database = await openDatabase(settings);
  const pool = createPool(database.url, storeSchema, log, { max: 2 });
  try {
    const store = new EventStore(pool, now, () => {});
    for (const { docPath, text } of pages)
      stdout.write(`${docPath}: ${await record(store, docPath, text ?? '', by, now)}\n`);
    return 0;
  } finally {
    await endPool(pool);
    await database.close();
  }
}

async function record(
  store: EventStore,
  docPath: string,
  text: string,
  by: string,
  now: Clock,
): Promise<string> {
  const page = { docPath, digest: sha256(text), updatedAt: now().toISOString() };
  let recorded = false;
  await store.change(guidanceStream, docPath, ({ state }) => {
    const events = guidanceUpdate(state, page);
    recorded = events.length > 0;
    return recorded ? { events, actor: `cli:${by}` } : null;
  });
  return recorded ? 'recorded' : 'unchanged';
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
