import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { expectExactlyOnce, untilAllIsDone } from './support/ending.ts';
import { hasRedisServer, onRedis, startBreakablePostgres, startBreakableRedis } from './support/servers.ts';
import { startFaultTown } from './support/town.ts';

/**
 * Nothing is lost when what the bot stands on goes away in mid fan-out: the store is the truth, and the queue is
 * filled again from it. The outage lasts 5 s, in CI 20 s.
 */
const outageMs = Number(process.env['GONOGO_FAULT_OUTAGE_SECONDS'] ?? 5) * 1_000;
const projects = 24;
const pipelinesPerMinute = 120;
/** So many pipelines exist when it strikes. */
const struckAt = 6;
const patienceMs = 180_000;
/** In CI a missing Redis is a failure, elsewhere a skip that is seen. */
const skipRedis = process.env['CI'] !== 'true' && !(await hasRedisServer());

/** What the bot stands on, and what happens to it. */
interface Ground {
  databaseUrl: string;
  redisUrl?: string;
  strike(): Promise<void>;
  close(): Promise<void>;
}

describe.concurrent('in mid fan-out', () => {
  test.each([['PostgreSQL stops for a while, and the queue on it with it', postgresOutage]])(
    '%s: each pipeline starts once, each message is there',
    (_, prepare) => playThrough(prepare),
  );

  test.skipIf(skipRedis).each([
    ['PostgreSQL stops for a while, the queue is on Redis', postgresOutageBesideRedis],
    ['Redis stops for a while and keeps its data', redisOutage],
    ['Redis forgets everything (FLUSHALL)', redisFlushed],
    ['Redis dies and comes back empty', redisBackEmpty],
  ])('%s: each pipeline starts once, each message is there', (_, prepare) => playThrough(prepare));
});

async function playThrough(prepare: () => Promise<Ground>): Promise<void> {
  const ground = await prepare();
  const { databaseUrl, redisUrl } = ground;
  const places = { databaseUrl, ...(redisUrl === undefined ? {} : { redisUrl }) };
  try {
    const town = await startFaultTown({ projects, workers: 2, pipelinesPerMinute, ...places });
    try {
      const startedAt = performance.now();
      await town.deployAll();
      const started = async () => (await town.forge.pipelines()).length;
      await until('the fan-out to be under way', async () => (await started()) >= struckAt, patienceMs);
      await ground.strike();
      expect(await started(), 'it struck in mid fan-out').toBeLessThan(projects);
      await untilAllIsDone(town, patienceMs);
      const { pipelines, messages } = await expectExactlyOnce(town);
      expect(
        town.bots.map((bot) => bot.ending()),
        'no process died of it',
      ).toEqual([null, null, null]);
      const seconds = Math.round((performance.now() - startedAt) / 1_000);
      console.info(`${prepare.name}: ${seconds} s, ${pipelines} pipelines, ${messages} messages`);
    } finally {
      await town.stop();
    }
  } finally {
    await ground.close();
  }
}

async function postgresOutage(): Promise<Ground> {
  const postgres = await startBreakablePostgres();
  return { databaseUrl: postgres.url, strike: () => outageOf(postgres), close: postgres.close };
}

async function postgresOutageBesideRedis(): Promise<Ground> {
  const redis = await startBreakableRedis({ keeps: true });
  const ground = await postgresOutage();
  const close = async () => {
    await ground.close();
    await redis.close();
  };
  return { ...ground, redisUrl: redis.url, close };
}

async function redisOutage(): Promise<Ground> {
  const redis = await startBreakableRedis({ keeps: true });
  return onDatabase(redis.url, () => outageOf(redis), redis.close);
}

async function redisFlushed(): Promise<Ground> {
  const redis = await startBreakableRedis({ keeps: true });
  const flush = () => onRedis(redis.url, (client) => client.flushall());
  return onDatabase(redis.url, () => expectForgetting(redis.url, flush), redis.close);
}

async function redisBackEmpty(): Promise<Ground> {
  const redis = await startBreakableRedis({ keeps: false });
  const dieAndReturn = async () => {
    await redis.crash();
    await redis.comeBack();
  };
  return onDatabase(redis.url, () => expectForgetting(redis.url, dieAndReturn), redis.close);
}

/** Makes sure that `strike` really lost what Redis held: the queue's keys are back at once, a mark is not. */
async function expectForgetting(url: string, strike: () => Promise<unknown>): Promise<void> {
  await onRedis(url, (client) => client.set('fault-mark', 'here'));
  await strike();
  expect(await onRedis(url, (client) => client.exists('fault-mark')), 'its data is gone').toBe(0);
}

/** A queue on a Redis of its own, over a database of the suite's PostgreSQL. */
async function onDatabase(
  redisUrl: string,
  strike: () => Promise<void>,
  closeRedis: () => Promise<void>,
): Promise<Ground> {
  const database = await freshDatabase();
  const close = async () => {
    await database.drop();
    await closeRedis();
  };
  return { databaseUrl: database.url, redisUrl, strike, close };
}

/** The length of the outage is the fault itself, not a wait for something. */
async function outageOf(server: { crash(): Promise<void>; comeBack(): Promise<void> }): Promise<void> {
  await server.crash();
  await pause(outageMs);
  await server.comeBack();
}
