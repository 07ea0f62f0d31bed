import { describe, test } from 'vitest';
import { releases, rita } from '../support/catalogue.ts';
import { freshDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { expectExactlyOnce, untilAllIsDone } from './support/ending.ts';
import { type FaultTown, startFaultTown } from './support/town.ts';

/**
 * The narrow windows that seeded runs hit only now and then, each hit on purpose: the only worker dies after the
 * effect and before anyone could record it. A lost answer hangs for longer than the worker lives.
 */
const lost = { kind: 'acceptThenTimeout', times: 1, delayMs: 60_000 } as const;
const busy = { times: 1, retryAfter: 1 } as const;
const starting = { route: 'POST /pipeline' } as const;
const posting = { method: 'chat.postMessage' } as const;

type Moment = (town: FaultTown) => Promise<boolean>;
const pipelineStands: Moment = async ({ forge }) => (await forge.pipelines()).length > 0;
const parentStands: Moment = async (town) => (await shown(town)).length > 0;
const replyStands: Moment = async (town) => (await shown(town))[0]?.replies.length === 1;

const windows: { name: string; prepare: (town: FaultTown) => Promise<unknown>; moments: Moment[] }[] = [
  {
    name: 'GitLab has started the pipeline and not answered',
    prepare: ({ forge }) => forge.addFault({ ...lost, ...starting }),
    moments: [pipelineStands],
  },
  {
    name: 'GitLab first asked for patience, then started the pipeline and did not answer',
    prepare: async ({ forge }) => {
      await forge.addFault({ kind: 'http429', ...busy, ...starting });
      await forge.addFault({ ...lost, ...starting });
    },
    moments: [pipelineStands],
  },
  {
    name: 'Slack has taken the parent and then the reply, and answered neither',
    prepare: async ({ people }) => {
      await people.addFault({ ...lost, ...posting });
      await people.addFault({ ...lost, ...posting });
    },
    moments: [parentStands, replyStands],
  },
  {
    name: 'Slack first asked for patience, then took the parent and did not answer',
    prepare: async ({ people }) => {
      await people.addFault({ kind: 'ratelimited', ...busy, ...posting });
      await people.addFault({ ...lost, ...posting });
    },
    moments: [parentStands],
  },
];

describe.concurrent('a worker dies when', () => {
  test.each(windows)('$name: nothing is done twice', async ({ prepare, moments }) => {
    const database = await freshDatabase();
    const town = await startFaultTown({
      projects: 1,
      workers: 1,
      pipelinesPerMinute: 6_000,
      databaseUrl: database.url,
    });
    try {
      await prepare(town);
      await town.deployAll();
      for (const moment of moments) {
        await until('the moment to kill', () => moment(town), 60_000);
        await town.replaceWorker(1, 'SIGKILL');
      }
      await untilAllIsDone(town, 60_000);
      await expectExactlyOnce(town);
    } finally {
      await town.stop();
      await database.drop();
    }
  });
});

async function shown({ people }: FaultTown) {
  const { channels } = await people.screen(rita);
  return channels.find(({ id }) => id === releases)?.messages ?? [];
}
