import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EventStore } from '../../src/adapters/store/event-store.ts';
import { createPool, endPool, storeSchema } from '../../src/adapters/store/pool.ts';
import { replayRelease } from '../../src/cli/replay.ts';
import type { Recorded } from '../../src/core/event.ts';
import type { ReleaseEvent } from '../../src/core/release/events.ts';
import { releaseStream } from '../../src/core/release/stream.ts';
import { answeredAll, gone } from '../core/release/life.ts';
import { answered, barePlan, failing, found, tess } from '../core/release/samples.ts';
import { freshDatabase } from '../support/database.ts';
import { keptLog } from '../support/log.ts';

describe('gonogo replay', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let pool: ReturnType<typeof createPool>;
  beforeAll(async () => {
    database = await freshDatabase();
    pool = createPool(database.url, storeSchema, keptLog());
  });
  afterAll(async () => {
    await endPool(pool);
    await database.drop();
  });

  /** Stores these events as the bot would, each at its time. */
  async function keep(id: string, events: readonly Recorded<ReleaseEvent>[]): Promise<void> {
    for (const { actor, at, type, data } of events) {
      const store = new EventStore(
        pool,
        () => new Date(at),
        () => undefined,
      );
      await store.change(releaseStream, id, () => ({ events: [{ type, data } as ReleaseEvent], actor }));
    }
  }

  const run = async (name: string) => {
    const said = { out: '', err: '' };
    const code = await replayRelease(
      name,
      { databaseUrl: database.url, dataDir: tmpdir() },
      {
        stdout: { write: (text: string) => (said.out += text) },
        stderr: { write: (text: string) => (said.err += text) },
        now: () => new Date(),
        log: keptLog(),
      },
    );
    return { code, ...said };
  };

  /** A release that went NO-GO, GO and was withdrawn; `id` differs, what was decided does not. */
  function story() {
    const life = answeredAll(barePlan, { mrs: found('mrs', failing('mr/1')) });
    life.record(tess, found('mrs', 'pass'));
    life.record(tess, answered('login', 'fail'));
    return life;
  }

  test('prints a line for each decision, and that all of it follows', async () => {
    const { id, events, state } = story();
    await keep(id, events);
    const { code, out, err } = await run('2026.47');
    expect(err).toBe('');
    expect(out.split('\n')).toEqual([
      `Release 2026.47: ${events.length} events, the chain of hashes holds.`,
      ...state.decisions.map(({ number, verdict, digest, withdrawn }) =>
        expect.stringMatching(
          new RegExp(
            `^Decision ${number} \\(pass 1\\): ${verdict}(, \\d against)?, 2026-11-20T10:00:00.000Z, digest ${digest.slice(0, 12)}${withdrawn ? ', withdrawn 2026-11-20T10:00:00.000Z' : ''}$`,
          ),
        ),
      ),
      'Every decision follows from its events.',
      '',
    ]);
    expect(out.match(/^Decision /gm)).toHaveLength(3);
    expect(code).toBe(0);
  });

  test('says so when nothing was decided yet', async () => {
    const { events } = answeredAll(barePlan, { login: null });
    await keep('young', events);
    const { code, out } = await run(' YOUNG ');
    expect(out).toContain('There is no decision yet.\nEvery decision follows from its events.\n');
    expect(code).toBe(0);
  });

  test('finds a decision that does not follow, though its chain is whole', async () => {
    const events = gone(barePlan).events.map((event) =>
      event.type === 'ItemAnswered' && event.data.gate === 'login'
        ? { ...event, data: { ...event.data, outcome: 'fail' as const, note: 'blank' } }
        : event,
    );
    await keep('bent', events);
    const { code, out, err } = await run('bent');
    expect(out).toContain('the chain of hashes holds');
    expect(out).not.toContain('Every decision follows');
    expect(err).toMatch(
      /Event \d+ records decision 1 \(GO, 0 against\), but the verdict and reasons and digest/,
    );
    expect(err).toContain('Not every decision follows from its events.\n');
    expect(code).toBe(1);
  });

  test('finds an event that was changed in the database, and looks no further', async () => {
    await keep('forged', gone(barePlan).events);
    await asOwner((client) =>
      client(
        `update event set data = jsonb_set(data, '{note}', '"forged"') where stream = 'release/forged' and type = 'ItemAnswered' and seq = 11`,
      ),
    );
    const { code, out, err } = await run('forged');
    expect({ code, out, err }).toEqual({
      code: 1,
      out: '',
      err: 'The history of forged does not hold: event 11 was changed after it was recorded.\n',
    });
  });

  test('finds that the end of the history was cut off', async () => {
    await keep('cut', gone(barePlan).events);
    await asOwner((client) => client(`delete from event where stream = 'release/cut' and seq > 12`));
    const { code, err } = await run('cut');
    expect({ code, err }).toEqual({
      code: 1,
      err: 'The history of cut does not hold: events after 12 are missing.\n',
    });
  });

  test('names an event that this gonogo cannot read', async () => {
    const events = answeredAll(barePlan, { login: null }).events;
    await keep('newer', events);
    const store = new EventStore(
      pool,
      () => new Date(),
      () => undefined,
    );
    const kind = {
      ...releaseStream,
      parse: (type: string, data: unknown) => ({ type, data: data as object }),
    };
    await store.change({ ...kind, fold: () => null }, 'newer', () => ({
      events: [{ type: 'ReleaseSung', data: {} }],
      actor: tess,
    }));
    const { code, err } = await run('newer');
    expect(err).toBe(
      `Event ${events.length + 1} (ReleaseSung) cannot be read by this gonogo: A release has no event "ReleaseSung"\n`,
    );
    expect(code).toBe(1);
  });

  test('knows no release of that name, and the one that was meant', async () => {
    expect(await run(randomUUID())).toMatchObject({
      code: 3,
      out: '',
      err: expect.stringMatching(/^There is no release .*validate/),
    });
    const { code, err } = await run('yong');
    expect(err).toBe('There is no release "yong" in validation. Did you mean "young"?\n');
    expect(code).toBe(3);
  });

  /** The database refuses to change an event; whoever owns it can still do so. */
  async function asOwner(
    work: (query: (sql: string) => Promise<unknown>) => Promise<unknown>,
  ): Promise<void> {
    const client = await pool.connect();
    try {
      await client.query('set session_replication_role = replica');
      await work((sql) => client.query(sql));
      await client.query('set session_replication_role = origin');
    } finally {
      client.release();
    }
  }
});
