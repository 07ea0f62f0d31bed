import type { Case } from '../case.ts';
import type { Row } from '../report.ts';
import { dataFolder, freshDatabase, startPostgres } from '../stage/postgres.ts';
import { startProcess } from '../stage/process.ts';
import { startTown, unlimitedGitLab, unlimitedSlack } from '../stage/town.ts';

const timesARound = 3;

/** From the spawn of the process to its line that says it is ready. */
export const start: Case = {
  name: 'start',
  about: `gonogo serve, from the spawn of the process to the line that says it is ready (Slack connected, HTTP listening, queues
working); ${timesARound} starts of each kind a round, in turns. Beside it a bare Bolt app in Socket Mode.`,
  run: async (stage, { rounds, quick }) => {
    const place = await startTown(stage, {
      projects: 16,
      pipelinesPerMinute: 20,
      delivery: 'socket',
      slackTimeScale: unlimitedSlack,
      gitlabTimeScale: 1,
      gitlab: unlimitedGitLab,
    });
    const database = { url: await freshDatabase(await startPostgres(stage)) };
    const initialised = { folder: await dataFolder(stage) };
    const kinds: { row: Row; start(): Promise<{ startMs: number; stop(): Promise<void> }> }[] = [
      {
        row: { what: 'embedded PostgreSQL, from nothing', unit: 'ms', values: [] },
        start: async () => place.startBot(['serve'], { folder: await dataFolder(stage) }),
      },
      {
        row: { what: 'embedded PostgreSQL, initialised', unit: 'ms', values: [] },
        start: () => place.startBot(['serve'], initialised),
      },
      {
        row: { what: 'PostgreSQL beside it, migrated', unit: 'ms', values: [] },
        start: () => place.startBot(['serve'], database),
      },
      {
        row: { what: 'bare Bolt app', unit: 'ms', values: [] },
        start: () => startProcess(stage, 'bench/reference/bare-bolt.ts', [], place.environment),
      },
    ];
    // The first start of the two databases that are to be there already.
    for (const { start: begin } of kinds.slice(1, 3)) await (await begin()).stop();
    for (let time = 0; time < (quick ? 1 : rounds * timesARound); time += 1)
      for (const { row, start: begin } of kinds) {
        const app = await begin();
        row.values.push(app.startMs);
        await app.stop();
      }
    return kinds.map(({ row }) => row);
  },
};
