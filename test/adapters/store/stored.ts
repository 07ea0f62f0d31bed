import type { Pool } from 'pg';
import { onTestFinished } from 'vitest';
import { createPool, endPool, storeSchema } from '../../../src/adapters/store/pool.ts';
import type { Recorded, StreamKind } from '../../../src/core/event.ts';
import { freshDatabase } from '../../support/database.ts';
import { keptLog } from '../../support/log.ts';

/** A database of its own for one test, and as many pools on it as asked for: each stands for a process. */
export async function database(): Promise<{ url: string; pool(): Pool }> {
  const { url, drop } = await freshDatabase();
  onTestFinished(drop);
  return {
    url,
    pool: () => {
      const pool = createPool(url, storeSchema, keptLog(), { max: 10 });
      onTestFinished(() => endPool(pool));
      return pool;
    },
  };
}

/** A clock that stands until it is moved. */
export function clock(start = '2026-11-20T10:00:00.000Z') {
  let at = Date.parse(start);
  return {
    now: () => new Date(at),
    move: (ms: number) => {
      at += ms;
    },
  };
}

export type Noted = { type: 'Noted'; data: { note: string } };

/** The simplest stream: a list of notes. */
export const notes: StreamKind<string[], Noted> = {
  name: 'notes',
  parse: (type, data) => {
    if (type !== 'Noted') throw new Error(`no event "${type}"`);
    return { type, data: data as Noted['data'] };
  },
  fold: (_id, state, event: Recorded<Noted>) => [...(state ?? []), event.data.note],
};

export const noted = (note: string): Noted => ({ type: 'Noted', data: { note } });
