import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { gitlabControl } from '../../../sandbox/gitlab/control-client.ts';
import { startGitLab } from '../../../sandbox/gitlab/server.ts';
import { slackControl } from '../../../sandbox/slack/person.ts';
import { startSlack } from '../../../sandbox/slack/server.ts';
import type { Catalogue } from '../../../src/core/catalogue/catalogue.ts';
import { type BotProcess, startBotProcess } from '../../support/bot-process.ts';
import { ada, catalogueOf, engineers, releases, rita } from '../../support/catalogue.ts';
import { until } from '../../support/until.ts';
import { openLedger } from './ledger.ts';

export interface FaultTownOptions {
  /** How many projects the catalogue has. */
  projects: number;
  /** Pipelines that all workers together start a minute: how long the fan-out lasts. */
  pipelinesPerMinute: number;
  workers: number;
  databaseUrl: string;
  /** The queue on Redis instead of PostgreSQL. */
  redisUrl?: string;
}

const signingToken = `whsec_${Buffer.from('gonogo fault signing token').toString('base64')}`;
/** How much faster than real time pipelines run and Slack's and GitLab's limits refill. */
const timeScale = 60;
/**
 * Longer than any delay between an intent and its effect, a fault's and that of a busy machine with many processes;
 * short enough for many unclear answers a run.
 */
const settleSeconds = '4';
const leaseSeconds = '5';

/**
 * A bot of several real processes (one edge, some workers) on one database, with simulated Slack and GitLab in
 * this process. Workers can be killed and started again; `stop` ends everything but the database.
 */
export async function startFaultTown(options: FaultTownOptions) {
  const catalogue = catalogueOf(options.projects, {
    limits: { pipelinesPerMinute: options.pipelinesPerMinute, followPollSeconds: 2, followHours: 24 },
  });
  const folder = await mkdtemp(join(tmpdir(), 'gonogo-faults-'));
  const cataloguePath = join(folder, 'release.yml');
  await writeFile(cataloguePath, stringify(fileOf(catalogue)));
  const slack = await startSlack({ timeScale, world: slackWorld });
  const paths = [...catalogue.projects.map(({ path }) => path), catalogue.gitlab.root ?? ''];
  const gitlab = await startGitLab({
    timeScale,
    world: { pipelineCreationPerMinute: null, projects: paths.map((path) => ({ path })) },
  });
  const environment = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    GITLAB_URL: gitlab.url,
    GITLAB_TOKEN: gitlab.token,
    GITLAB_WEBHOOK_SIGNING_TOKEN: signingToken,
    DATABASE_URL: options.databaseUrl,
    ...(options.redisUrl === undefined ? {} : { REDIS_URL: options.redisUrl }),
    PORT: '0',
    GONOGO_CATALOGUE: cataloguePath,
    GONOGO_LEASE_SECONDS: leaseSeconds,
    GONOGO_SETTLE_SECONDS: settleSeconds,
  };
  const startWorker = () => startBotProcess(['worker'], environment);
  const ledger = openLedger(options.databaseUrl);
  const bots: BotProcess[] = [];
  const stop = async () => {
    await Promise.all(bots.map((bot) => bot.kill()));
    await Promise.all([slack.close(), gitlab.close()]);
    await ledger.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const edge = await startBotProcess(['serve', '--no-work'], environment);
    bots.push(edge);
    bots.push(...(await Promise.all(Array.from({ length: options.workers }, startWorker))));
    gitlab.setWebhook({ url: `${edge.url}/webhooks/gitlab`, signingToken });
  } catch (error) {
    await stop();
    throw error;
  }
  const people = slackControl(slack.url);
  return {
    catalogue,
    slack,
    ledger,
    people,
    forge: gitlabControl(gitlab.url),
    /** The processes: the edge first, then the workers. */
    bots: bots as readonly BotProcess[],
    /**
     * Ends a worker (1, 2 …) and puts a new one in its place; resolves when that is ready. Rejects when a worker
     * that was asked to stop did not do so in order.
     */
    replaceWorker: async (at: number, signal: 'SIGKILL' | 'SIGTERM') => {
      const old = bots[at];
      const ending = signal === 'SIGKILL' ? await old?.kill() : await old?.stop();
      if (ending && ending.code !== 0)
        throw new Error(
          `A worker did not stop in order (${JSON.stringify(ending)}): ${old?.log().slice(-20).join('\n')}`,
        );
      bots[at] = await startWorker();
    },
    /** `/release deploy all`, confirmed; the submit pressed `times` times at once. */
    deployAll: async (times = 1) => {
      // On a busy machine the three seconds of Slack may pass: then a person types again, or presses again.
      await until('the modal to open', async () => {
        await people.command({ user: rita, channel: releases, command: '/release', text: 'deploy all' });
        return (await people.screen(rita)).views.length > 0;
      });
      await until('the submit to be taken', async () => {
        if ((await people.screen(rita)).views.length === 0) return true;
        // Typed twice, a second modal may have come up over the first meanwhile: the tick belongs to the one on top.
        await people.choose({ user: rita, blockId: 'confirm', actionId: 'confirm', values: ['yes'] });
        const { acknowledged } = await people.submit({ user: rita, times });
        return acknowledged;
      });
    },
    stop,
  };
}

export type FaultTown = Awaited<ReturnType<typeof startFaultTown>>;

export const slackWorld = {
  people: [
    { id: rita, name: 'rita', realName: 'Rita Release' },
    { id: ada, name: 'ada', realName: 'Ada Admin' },
  ],
  channels: [{ id: releases, name: 'releases', botIsMember: true, members: [rita, ada] }],
  userGroups: [{ id: engineers, handle: 'release-engineers', name: 'Release engineers', users: [rita] }],
  commands: [{ command: '/release', description: 'Cut off, deploy, status', usageHint: '[cutoff|deploy]' }],
};

/** The catalogue in the words of its file, for processes that read it themselves. */
export function fileOf({ name, gitlab, projects, roles, channels, limits }: Catalogue): object {
  return {
    version: 1,
    name,
    gitlab: { root: gitlab.root, 'release-branch': gitlab.releaseBranch },
    projects: projects.map(({ id, path }) => ({ id, path })),
    roles: { 'release-engineer': roles.releaseEngineer, admin: roles.admin },
    channels,
    limits: {
      'pipelines-per-minute': limits.pipelinesPerMinute,
      'follow-poll-seconds': limits.followPollSeconds,
      'follow-hours': limits.followHours,
    },
  };
}
