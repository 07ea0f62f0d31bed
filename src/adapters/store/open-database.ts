import { startEmbeddedPostgres } from './embedded.ts';
import { migrate } from './migrate.ts';

export interface DatabaseSettings {
  /** Null: the embedded PostgreSQL under `dataDir`. */
  databaseUrl: string | null;
  dataDir: string;
}

/** A database that is there and up to date; `close` stops it if this process keeps it. */
export async function openDatabase({
  databaseUrl,
  dataDir,
}: DatabaseSettings): Promise<{ url: string; close(): Promise<void> }> {
  const embedded = databaseUrl === null ? await startEmbeddedPostgres(dataDir) : null;
  const url = embedded?.url ?? databaseUrl ?? '';
  try {
    await migrate(url);
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
  return { url, close: async () => embedded?.stop() };
}
