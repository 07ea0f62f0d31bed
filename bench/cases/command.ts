import type { Case, Effort } from '../case.ts';
import type { Row } from '../report.ts';
import { freshDatabase, startPostgres } from '../stage/postgres.ts';
import { type Stage, startProcess } from '../stage/process.ts';
import type { Opened } from '../stage/services.ts';
import { startTown, type TownWish, unlimitedGitLab, unlimitedSlack } from '../stage/town.ts';
import { percentile, ratios } from '../statistics.ts';

const perSecond = 50;
const seconds = 10;
/** Compiles both apps' hot paths before anything counts. */
const warmUp = 300;

/** `/release cutoff` to the modal, at 50 commands a second. */
export const command: Case = {
  name: 'command',
  about: `/release cutoff to views.open, from leaving the simulated Slack until it has accepted the modal;
${perSecond} commands a second for ${seconds} s a round whether or not the app keeps up (open loop), after ${warmUp} to warm up. The bot
(edge and work, PostgreSQL beside it) and a bare Bolt app take turns, each with a simulated Slack of its own
process, with its rate windows shortened so that only the app is measured.`,
  run: async (stage, effort) => {
    const postgres = await startPostgres(stage);
    return [
      ...(await measure(stage, effort, postgres, 'socket', 'Socket Mode')),
      ...(await measure(stage, effort, postgres, 'http', 'signed HTTP')),
    ];
  },
};

async function measure(
  stage: Stage,
  effort: Effort,
  postgres: string,
  delivery: TownWish['delivery'],
  name: string,
): Promise<Row[]> {
  await using these = new AsyncDisposableStack();
  stage.defer(() => these.disposeAsync());
  const apps = [await startBot(these, delivery, postgres), await startBolt(these, delivery)];
  for (const { arrive } of apps) await arrive({ count: effort.quick ? perSecond : warmUp, perSecond });
  const seen: Opened[][] = apps.map(() => []);
  for (let round = 0; round < effort.rounds; round += 1)
    for (const [at, { arrive }] of apps.entries())
      seen[at]?.push(await arrive({ count: effort.quick ? perSecond : perSecond * seconds, perSecond }));
  const [ours = [], bolt = []] = seen;
  return rows(name, ours, bolt);
}

function rows(name: string, ours: Opened[], bolt: Opened[]): Row[] {
  const at = (share: number, rounds: Opened[]) =>
    rounds.map(({ latenciesMs }) => percentile(latenciesMs, share));
  const lost = (rounds: Opened[]) => rounds.map((round) => round.lost);
  return [
    { what: `${name}: gonogo p50`, unit: 'ms', values: at(0.5, ours) },
    { what: `${name}: bare Bolt p50`, unit: 'ms', values: at(0.5, bolt) },
    { what: `${name}: gonogo p99`, unit: 'ms', values: at(0.99, ours), goal: { atMost: 50 } },
    { what: `${name}: bare Bolt p99`, unit: 'ms', values: at(0.99, bolt) },
    { what: `${name}: p50, gonogo ÷ bare Bolt`, unit: '×', values: ratios(at(0.5, ours), at(0.5, bolt)) },
    {
      what: `${name}: p99, gonogo ÷ bare Bolt`,
      unit: '×',
      values: ratios(at(0.99, ours), at(0.99, bolt)),
      goal: { atMost: 1.5 },
    },
    { what: `${name}: modals that never came, gonogo`, unit: '', values: lost(ours), goal: { atMost: 0 } },
    { what: `${name}: modals that never came, bare Bolt`, unit: '', values: lost(bolt) },
  ];
}

function town(stage: Stage, delivery: TownWish['delivery']) {
  return startTown(stage, {
    projects: 16,
    pipelinesPerMinute: 20,
    delivery,
    slackTimeScale: unlimitedSlack,
    gitlabTimeScale: 1,
    gitlab: unlimitedGitLab,
  });
}

async function startBot(stage: Stage, delivery: TownWish['delivery'], postgres: string) {
  const place = await town(stage, delivery);
  const bot = await place.startBot(['serve'], { url: await freshDatabase(postgres) });
  await place.deliverTo(bot);
  return place;
}

async function startBolt(stage: Stage, delivery: TownWish['delivery']) {
  const place = await town(stage, delivery);
  const app = await startProcess(stage, 'bench/reference/bare-bolt.ts', [], place.environment);
  await place.deliverTo(app);
  return place;
}
