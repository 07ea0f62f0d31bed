import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EventStore } from '../../src/adapters/store/event-store.ts';
import { createPool, endPool, storeSchema } from '../../src/adapters/store/pool.ts';
import { recordGuidance } from '../../src/cli/record-guidance.ts';
import { guidanceStream } from '../../src/core/guidance.ts';
import { freshDatabase } from '../support/database.ts';
import { keptLog } from '../support/log.ts';

describe('gonogo record guidance', () => {
  let dir: string;
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'gonogo-guidance-'));
    database = await freshDatabase();
  });
  afterAll(async () => {
    await database.drop();
    await rm(dir, { recursive: true });
  });

  const run = async (...files: string[]) => {
    const said: string[] = [];
    const out = { write: (text: string) => said.push(text) };
    const settings = { databaseUrl: database.url, dataDir: dir };
    const now = () => new Date('2026-11-20T10:00:00Z');
    const code = await recordGuidance(files, 'rita', settings, {
      stdout: out,
      stderr: out,
      now,
      log: keptLog(),
    });
    return { code, said: said.join('') };
  };
  const recorded = async (docPath: string) => {
    const pool = createPool(database.url, storeSchema, keptLog());
    const events = await new EventStore(
      pool,
      () => new Date(),
      () => {},
    ).history(`${guidanceStream.name}/${docPath}`);
    await endPool(pool);
    return events;
  };

  test('records a page once, and again when it changed', async () => {
    const page = join(dir, 'hotfix.md');
    await writeFile(page, 'Use /release deploy');
    expect(await run(page)).toEqual({ code: 0, said: `${page}: recorded\n` });
    expect(await run(page)).toEqual({ code: 0, said: `${page}: unchanged\n` });
    await writeFile(page, 'Use /release deploy bf-manage-core');
    expect(await run(page)).toEqual({ code: 0, said: `${page}: recorded\n` });
    const events = await recorded(page);
    expect(events.map(({ type, actor }) => [type, actor])).toEqual([
      ['OperationalGuidanceUpdated', 'cli:rita'],
      ['OperationalGuidanceUpdated', 'cli:rita'],
    ]);
    expect(events[1]?.data).toMatchObject({ docPath: page, updatedAt: '2026-11-20T10:00:00.000Z' });
  });

  test('a page that cannot be read is named, and nothing is recorded', async () => {
    const there = join(dir, 'there.md');
    await writeFile(there, 'x');
    const missing = join(dir, 'missing.md');
    expect(await run(there, missing)).toEqual({
      code: 3,
      said: `${missing} cannot be read. Nothing was recorded.\n`,
    });
    expect(await recorded(there)).toEqual([]);
  });
});
