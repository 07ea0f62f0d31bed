import type { Case } from '../case.ts';
import { freshDatabase, startPostgres } from '../stage/postgres.ts';
import type { Stage } from '../stage/process.ts';
import { startTown, unlimitedSlack } from '../stage/town.ts';
import { allStarted } from '../stage/watch.ts';

const projects = 200;
/** GitLab's limit, in windows that are a twentieth of a minute. */
const limitPerMinute = 25;
const timeScale = 20;
/** Ours, by our own clock: just under 25 × 20, so that no window holds a 26th. */
const paceOfLimit = 0.976;
const pipelinesPerMinute = Math.floor(limitPerMinute * timeScale * paceOfLimit);

/** 200 projects under GitLab's limit. */
export const limit: Case = {
  name: 'limit',
  about: `a cut-off of ${projects} projects under GitLab's limit of ${limitPerMinute} pipelines a minute, in minutes ${timeScale} times shorter; the catalogue
sets the bot's pace to ${((pipelinesPerMinute / limitPerMinute / timeScale) * 100).toFixed(1)} % of it. The share of what the limit permits is counted from the first pipeline to the
last; a 429 is any answer with which GitLab says that there were too many.`,
  run: async (stage, { rounds, quick }) => {
    const count = quick ? 30 : projects;
    const postgres = await startPostgres(stage);
    const seen: Seen[] = [];
    for (let round = 0; round < rounds; round += 1) seen.push(await once(stage, count, postgres));
    return [
      { what: `${count} pipelines`, unit: 's', values: seen.map(({ seconds }) => seconds) },
      {
        what: 'share of what the limit permits',
        unit: '%',
        values: seen.map(({ share }) => share * 100),
        goal: { atLeast: 95 },
      },
      { what: 'answers 429', unit: '', values: seen.map(({ refused }) => refused), goal: { atMost: 0 } },
    ];
  },
};

interface Seen {
  /** From the first pipeline to the last. */
  seconds: number;
  /** Of the limit, 0 to 1. */
  share: number;
  /** Answers 429. */
  refused: number;
}

async function once(stage: Stage, count: number, postgres: string): Promise<Seen> {
  const place = await startTown(stage, {
    projects: count,
    pipelinesPerMinute,
    delivery: 'socket',
    slackTimeScale: unlimitedSlack,
    gitlabTimeScale: timeScale,
    gitlab: { latencyMs: 20, pipelineCreationPerMinute: limitPerMinute },
  });
  const bot = await place.startBot(['serve'], { url: await freshDatabase(postgres) });
  await place.cutOffAll();
  const created = (await allStarted(place.forge, count)).map(({ at }) => Date.parse(at));
  const refused = (await place.forge.requests()).filter(({ status }) => status === 429).length;
  await bot.stop();
  await place.stop();
  const ms = Math.max(...created) - Math.min(...created);
  const permittedMs = ((created.length - 1) * 60_000) / (limitPerMinute * timeScale);
  return { seconds: ms / 1_000, share: permittedMs / ms, refused };
}
