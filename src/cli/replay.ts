import { EventStore } from '../adapters/store/event-store.ts';
import { sha256, verifyChain } from '../adapters/store/hash-chain.ts';
import { type DatabaseSettings, openDatabase } from '../adapters/store/open-database.ts';
import { createPool, endPool, storeSchema } from '../adapters/store/pool.ts';
import { nearest } from '../core/catalogue/nearest.ts';
import type { EventShape, Recorded } from '../core/event.ts';
import type { Clock, Logger } from '../core/ports.ts';
import { problem, sentenceOf } from '../core/problem.ts';
import { releaseId } from '../core/release/acts.ts';
import type { ReleaseEvent } from '../core/release/events.ts';
import { foldRelease } from '../core/release/fold.ts';
import { replay } from '../core/release/replay.ts';
import type { Decision, Release } from '../core/release/state.ts';
import { releaseStream } from '../core/release/stream.ts';
import type { Output } from './catalogue-check.ts';

/** Among so many of the latest releases the one is looked for that was meant. */
const latestReleases = 100;

/**
 * `gonogo replay RELEASE`: computes every decision of a release again from its events (F4). Reads the database and
 * nothing else. Exit code 0 when all of it follows, 1 when something does not or the chain of hashes is broken,
 * 3 when there is no such release.
 */
export async function replayRelease(
  name: string,
  settings: DatabaseSettings,
  { now, log, stdout, stderr }: Output & { now: Clock; log: Logger },
): Promise<number> {
  const database = await openDatabase(settings);
  const pool = createPool(database.url, storeSchema, log, { max: 2 });
  try {
    return await replayFrom(new EventStore(pool, now, () => undefined), releaseId(name), { stdout, stderr });
  } finally {
    await endPool(pool);
    await database.close();
  }
}

async function replayFrom(store: EventStore, id: string, { stdout, stderr }: Output): Promise<number> {
  const stream = `${releaseStream.name}/${id}`;
  // The head first: what a running bot appends meanwhile lies behind it and is left out.
  const head = await store.head(stream);
  if (head.seq === 0) {
    const meant = nearest(id, await store.latest(releaseStream.name, latestReleases)) ?? null;
    stderr.write(`${sentenceOf(problem('release-unknown', { id, nearest: meant }))}\n`);
    return 3;
  }
  const history = (await store.history(stream)).filter(({ seq }) => seq <= head.seq);
  const broken = verifyChain(
    history.map((event) => ({ ...event, stream })),
    head,
  );
  if (broken) {
    stderr.write(`The history of ${id} does not hold: ${broken.what}.\n`);
    return 1;
  }
  const reading = readable(history);
  if (typeof reading === 'string') {
    stderr.write(`${reading}\n`);
    return 1;
  }
  return report(id, reading, { stdout, stderr });
}

/** The events in the words of this gonogo, or a sentence about the first that it cannot read. */
function readable(history: readonly Recorded<EventShape>[]): Recorded<ReleaseEvent>[] | string {
  const events: Recorded<ReleaseEvent>[] = [];
  for (const { seq, at, actor, type, data } of history) {
    try {
      events.push({ ...releaseStream.parse(type, data), seq, at, actor });
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      return `Event ${seq} (${type}) cannot be read by this gonogo: ${said}`;
    }
  }
  return events;
}

function report(id: string, events: readonly Recorded<ReleaseEvent>[], { stdout, stderr }: Output): number {
  const mismatches = replay(id, events, sha256);
  const state = events.reduce<Release | null>((before, event) => foldRelease(id, before, event), null);
  const decisions = state?.decisions ?? [];
  stdout.write(`Release ${id}: ${events.length} events, the chain of hashes holds.\n`);
  if (decisions.length === 0) stdout.write('There is no decision yet.\n');
  for (const decision of decisions) stdout.write(`${lineOf(decision)}\n`);
  if (mismatches.length === 0) {
    stdout.write('Every decision follows from its events.\n');
    return 0;
  }
  for (const { what } of mismatches) stderr.write(`${what}\n`);
  stderr.write('Not every decision follows from its events.\n');
  return 1;
}

function lineOf({ number, pass, verdict, reasons, at, withdrawn, digest }: Decision): string {
  const against = reasons.length > 0 ? `, ${reasons.length} against` : '';
  const end = withdrawn ? `, withdrawn ${withdrawn.at}` : '';
  return `Decision ${number} (pass ${pass}): ${verdict}${against}, ${at}, digest ${digest.slice(0, 12)}${end}`;
}
