import type { LoggedRequest } from '../../sandbox/gitlab/request-log.ts';
import type { Case } from '../case.ts';
import { sequentialLoop } from '../reference/sequential.ts';
import { projectPaths } from '../stage/catalogue.ts';
import { freshDatabase, startPostgres } from '../stage/postgres.ts';
import type { Stage } from '../stage/process.ts';
import { startTown, type Town, unlimitedGitLab, unlimitedSlack } from '../stage/town.ts';
import { allStarted, requestsSince } from '../stage/watch.ts';
import { ratios } from '../statistics.ts';

const projects = 200;
const answerMs = 100;
/** As in src/jobs: targets looked at side by side, and triggers in hand at once. */
const sideBySide = 10;
/** A target is looked at with two requests, its project and its branch, and started with one. */
const ideal = (targets: number) => ({
  preflightS: (targets * 2 * answerMs) / sideBySide / 1_000,
  triggerS: (targets * answerMs) / sideBySide / 1_000,
});

/** 200 projects as fast as GitLab answers. */
export const fanOut: Case = {
  name: 'fan-out',
  about: `a cut-off of ${projects} projects, GitLab answering in ${answerMs} ms and without limits: from the submit to the answer of
the last pipeline created, by the simulated GitLab's own log. Beside it a loop with gitbeaker that makes the same three
requests a project (project, branch, pipeline) one after the other; and the ideal, which is the answers' time alone with
${sideBySide} requests side by side, all looks before the first pipeline. The bot's other work (following, webhooks, messages,
the look for pipelines that others started) goes on meanwhile.`,
  run: async (stage, { rounds, quick }) => {
    const count = quick ? 20 : projects;
    const postgres = await startPostgres(stage);
    const ours: Phases[] = [];
    const loop: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await once(stage, count, postgres));
      loop.push(await loopOnce(stage, count));
    }
    const { preflightS, triggerS } = ideal(count);
    const total = ours.map((phases) => phases.totalS);
    const idealS = preflightS + triggerS;
    return [
      { what: `gonogo, ${count} projects`, unit: 's', values: total },
      { what: '  its looks before the first pipeline', unit: 's', values: ours.map((p) => p.preflightS) },
      { what: '  its pipelines', unit: 's', values: ours.map((p) => p.totalS - p.preflightS) },
      { what: 'ideal (looks + pipelines)', unit: 's', values: [idealS] },
      { what: 'gitbeaker loop, one after the other', unit: 's', values: loop },
      {
        what: 'gonogo ÷ ideal',
        unit: '×',
        values: total.map((seconds) => seconds / idealS),
        goal: { atMost: 1.5 },
      },
      { what: 'gitbeaker loop ÷ gonogo', unit: '×', values: ratios(loop, total) },
    ];
  },
};

interface Phases {
  /** From the submit to the last answer of the preflight, and of the last pipeline, in s. */
  preflightS: number;
  totalS: number;
}

function town(stage: Stage, count: number): Promise<Town> {
  return startTown(stage, {
    projects: count,
    pipelinesPerMinute: 10_000,
    delivery: 'socket',
    slackTimeScale: unlimitedSlack,
    gitlabTimeScale: 1,
    gitlab: { ...unlimitedGitLab, latencyMs: answerMs },
  });
}

async function once(stage: Stage, count: number, postgres: string): Promise<Phases> {
  const place = await town(stage, count);
  const bot = await place.startBot(['serve'], { url: await freshDatabase(postgres) });
  const submittedAt = await place.cutOffAll();
  const pipelines = await allStarted(place.forge, count);
  const looks = await requestsSince(place.forge, submittedAt, [
    'GET /projects/:id',
    'GET /projects/:id/repository/branches/:branch',
  ]);
  await bot.stop();
  await place.stop();
  return {
    preflightS: secondsTo(submittedAt, looks),
    totalS: secondsTo(submittedAt, pipelines),
  };
}

async function loopOnce(stage: Stage, count: number): Promise<number> {
  const place = await town(stage, count);
  const tookMs = await sequentialLoop(place.addresses.gitlab, projectPaths(count));
  await place.stop();
  return tookMs / 1_000;
}

function secondsTo(since: number, requests: readonly LoggedRequest[]): number {
  const ends = requests.map(({ at, ms }) => Date.parse(at) + ms);
  return (Math.max(...ends) - since) / 1_000;
}
