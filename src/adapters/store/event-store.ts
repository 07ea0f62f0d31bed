import type { Pool, PoolClient } from 'pg';
import type { EventShape, Recorded, StreamKind } from '../../core/event.ts';
import { type Change, ClaimRefused, type Clock, type Snapshot, type Store } from '../../core/ports.ts';
import { chainHash, chainStart } from './hash-chain.ts';
import { writeOrders } from './outbox.ts';
import { inTransaction } from './transaction.ts';
import { writeWatches } from './watches.ts';

interface EventRow {
  seq: number;
  type: string;
  data: object;
  actor: string;
  at: Date;
  prev_hash: string;
  hash: string;
}

/**
 * How many folded streams are kept in memory; each is brought up to date by reading only newer events. Those of the last
 * seconds are enough: a promotion takes 12 kB, and when thousands are watched nobody asks twice for most of them.
 */
const cachedStreams = 200;

/**
 * The events in PostgreSQL. A change locks its stream's head, so deciders of one stream queue up instead of
 * colliding, and the events, the outbox rows, the watches and the claims commit together.
 * `onWork` is told after a commit that ordered work, to hasten the relay.
 */
export class EventStore implements Store {
  readonly #pool: Pool;
  readonly #now: Clock;
  readonly #onWork: () => void;
  readonly #cache = new Map<string, Snapshot<unknown>>();

  constructor(pool: Pool, now: Clock, onWork: () => void) {
    this.#pool = pool;
    this.#now = now;
    this.#onWork = onWork;
  }

  async read<S, E extends EventShape>(kind: StreamKind<S, E>, id: string): Promise<Snapshot<S>> {
    const snapshot = await this.#fold(this.#pool, kind, id);
    this.#remember(`${kind.name}/${id}`, snapshot);
    return snapshot;
  }

  async change<S, E extends EventShape>(
    kind: StreamKind<S, E>,
    id: string,
    decide: (before: Snapshot<S>) => Change<E> | null,
  ): Promise<Snapshot<S>> {
    const name = `${kind.name}/${id}`;
    const result = await inTransaction(this.#pool, async (client) => {
      const head = await lockHead(client, name, kind.name, this.#now());
      const before = await this.#fold(client, kind, id);
      if (before.seq !== head.seq)
        throw new Error(`Stream ${name} has ${before.seq} events, its head says ${head.seq}`);
      const change = decide(before);
      if (!change) return { after: before, ordered: false };
      if (change.claimIfFree?.length) await insertClaims(client, name, change.claimIfFree, this.#now());
      if (change.claim?.length) await takeClaims(client, name, change.claim, this.#now());
      if (change.release?.length)
        await client.query('delete from claim where stream = $1 and project = any($2)', [
          name,
          change.release,
        ]);
      const recorded = await append(client, name, head, change, change.at ?? this.#now());
      await writeWatches(client, change);
      await writeOrders(client, change.work ?? [], this.#now());
      const state = recorded.reduce<S | null>((folded, event) => kind.fold(id, folded, event), before.state);
      return { after: { state, seq: head.seq + recorded.length }, ordered: (change.work ?? []).length > 0 };
    });
    this.#remember(name, result.after);
    if (result.ordered) this.#onWork();
    return result.after;
  }

  async latest(kind: string, limit: number, prefix = ''): Promise<string[]> {
    const { rows } = await this.#pool.query<{ name: string }>(
      `select name from stream where kind = $1 and seq > 0 and name like $3
         order by changed_at desc limit $2`,
      [kind, limit, `${likeExactly(`${kind}/${prefix}`)}%`],
    );
    return rows.map(({ name }) => name.slice(kind.length + 1));
  }

  async holderOf(project: string): Promise<string | null> {
    const { rows } = await this.#pool.query<{ stream: string }>(
      'select stream from claim where project = $1',
      [project],
    );
    return rows[0]?.stream ?? null;
  }

  async history(stream: string): Promise<(Recorded<EventShape> & { prevHash: string; hash: string })[]> {
    const rows = await readRows(this.#pool, stream, 0);
    return rows.map((row) => ({
      seq: row.seq,
      type: row.type,
      data: row.data,
      actor: row.actor,
      at: row.at.toISOString(),
      prevHash: row.prev_hash,
      hash: row.hash,
    }));
  }

  /** The seq and hash that the stream's head holds; zeros when there is no such stream. */
  async head(stream: string): Promise<{ seq: number; hash: string }> {
    const { rows } = await this.#pool.query<{ seq: number; hash: string }>(
      'select seq, hash from stream where name = $1',
      [stream],
    );
    return rows[0] ?? { seq: 0, hash: chainStart };
  }

  async #fold<S, E extends EventShape>(
    db: Pool | PoolClient,
    kind: StreamKind<S, E>,
    id: string,
  ): Promise<Snapshot<S>> {
    const name = `${kind.name}/${id}`;
    const known = (this.#cache.get(name) ?? { state: null, seq: 0 }) as Snapshot<S>;
    let { state, seq } = known;
    for (const row of await readRows(db, name, seq)) {
      if (row.seq !== seq + 1) throw new Error(`Stream ${name} lacks event ${seq + 1}`);
      const event = {
        ...kind.parse(row.type, row.data),
        seq: row.seq,
        actor: row.actor,
        at: row.at.toISOString(),
      };
      state = kind.fold(id, state, event);
      seq = row.seq;
    }
    return { state, seq };
  }

  /** Only committed states are remembered: a rolled-back decision must leave no trace. */
  #remember(name: string, snapshot: Snapshot<unknown>): void {
    if ((this.#cache.get(name)?.seq ?? 0) > snapshot.seq) return;
    this.#cache.delete(name);
    this.#cache.set(name, snapshot);
    if (this.#cache.size > cachedStreams) {
      const oldest = this.#cache.keys().next().value;
      if (oldest !== undefined) this.#cache.delete(oldest);
    }
  }
}

/** A text as a pattern of LIKE that stands for itself. */
function likeExactly(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

async function readRows(db: Pool | PoolClient, stream: string, after: number): Promise<EventRow[]> {
  const { rows } = await db.query<EventRow>(
    'select seq, type, data, actor, at, prev_hash, hash from event where stream = $1 and seq > $2 order by seq',
    [stream, after],
  );
  return rows;
}

async function lockHead(
  client: PoolClient,
  name: string,
  kind: string,
  now: Date,
): Promise<{ seq: number; hash: string }> {
  const locked = () =>
    client.query<{ seq: number; hash: string }>('select seq, hash from stream where name = $1 for update', [
      name,
    ]);
  let head = (await locked()).rows[0];
  if (!head) {
    await client.query(
      'insert into stream (name, kind, seq, hash, changed_at) values ($1, $2, 0, $3, $4) on conflict (name) do nothing',
      [name, kind, chainStart, now],
    );
    head = (await locked()).rows[0];
  }
  if (!head) throw new Error(`Stream ${name} has no head`);
  return head;
}

async function append<E extends EventShape>(
  client: PoolClient,
  stream: string,
  head: { seq: number; hash: string },
  change: Change<E>,
  now: Date,
): Promise<Recorded<E>[]> {
  const at = now.toISOString();
  let prevHash = head.hash;
  const rows: { seq: number; type: string; data: string; prev: string; hash: string }[] = [];
  for (const [index, { type, data }] of change.events.entries()) {
    const seq = head.seq + index + 1;
    const hash = chainHash({ stream, seq, type, data, actor: change.actor, at }, prevHash);
    rows.push({ seq, type, data: JSON.stringify(data), prev: prevHash, hash });
    prevHash = hash;
  }
  await client.query(
    `with added as (
       insert into event (stream, seq, type, data, actor, at, prev_hash, hash)
         select $1, seq, type, data, $2, $3, prev_hash, hash
           from unnest($4::int[], $5::text[], $6::jsonb[], $7::text[], $8::text[])
             as e(seq, type, data, prev_hash, hash))
     update stream set seq = $9, hash = $10, changed_at = $3 where name = $1`,
    [
      stream,
      change.actor,
      at,
      rows.map(({ seq }) => seq),
      rows.map(({ type }) => type),
      rows.map(({ data }) => data),
      rows.map(({ prev }) => prev),
      rows.map(({ hash }) => hash),
      head.seq + rows.length,
      prevHash,
    ],
  );
  return change.events.map((event, index) => ({
    ...event,
    seq: head.seq + index + 1,
    at,
    actor: change.actor,
  }));
}

async function takeClaims(client: PoolClient, stream: string, projects: string[], now: Date): Promise<void> {
  await insertClaims(client, stream, projects, now);
  const { rows } = await client.query<{ project: string; stream: string }>(
    'select project, stream from claim where project = any($1) and stream <> $2 order by project',
    [projects, stream],
  );
  if (rows.length > 0) throw new ClaimRefused(rows);
}

async function insertClaims(
  client: PoolClient,
  stream: string,
  projects: string[],
  now: Date,
): Promise<void> {
  // In one order everywhere, so that two bulk invocations cannot lock each other out for ever.
  await client.query(
    'insert into claim (project, stream, at) select unnest($1::text[]), $2, $3 on conflict (project) do nothing',
    [[...projects].sort(), stream, now],
  );
}
