import { once } from 'node:events';
import { join } from 'node:path';
import { gitlabControl } from '../../sandbox/gitlab/control-client.ts';
import { slackControl } from '../../sandbox/slack/person.ts';
import { engineer, releases, writeCatalogue } from './catalogue.ts';
import { dataFolder } from './postgres.ts';
import { asShipped, type Launch, type Running, type Stage, startProcess } from './process.ts';
import type { Arrivals, Opened, ServicesWish } from './services.ts';

export interface TownWish extends ServicesWish {
  /** How Slack reaches the app. */
  delivery: 'socket' | 'http';
  pipelinesPerMinute: number;
}

/** Slack as people know it: its windows a thousand times shorter, so that it never is the limit. */
export const unlimitedSlack = 1_000;
/** GitLab without a limit that could be met. */
export const unlimitedGitLab = {
  pipelineCreationPerMinute: null,
  requestsPerMinute: 10_000_000,
  projectReadsPerMinute: 10_000_000,
};

/** How long the modal may take on a busy machine, in ms. */
const modalPatienceMs = 30_000;

interface Said {
  slack: { url: string; apiUrl: string; botToken: string; appToken: string; signingSecret: string };
  gitlab: { url: string; token: string };
}

/** Simulated services in a process of their own, and how to start the bot against them. */
export interface Town {
  addresses: Said;
  people: ReturnType<typeof slackControl>;
  forge: ReturnType<typeof gitlabControl>;
  /** The environment of an app that is to live here. */
  environment: Record<string, string>;
  /** Starts `gonogo …` here, as it is shipped; `database` is a connection string, or a folder for the embedded PostgreSQL. */
  startBot(args: string[], database: { url: string } | { folder: string }, launch?: Launch): Promise<Running>;
  /** Points Slack at an app that takes signed HTTP. */
  deliverTo(app: Running): Promise<void>;
  arrive(arrivals: Arrivals): Promise<Opened>;
  /** Somebody starts a cut-off of every project; resolves when the submit was acknowledged, with when it was sent. */
  cutOffAll(): Promise<number>;
  stop(): Promise<void>;
}

export async function startTown(stage: Stage, wish: TownWish): Promise<Town> {
  const folder = await dataFolder(stage);
  const cataloguePath = join(folder, 'release.yml');
  await writeCatalogue(cataloguePath, wish);
  const services = await startProcess(stage, 'bench/stage/services.ts', [JSON.stringify(wish)]);
  const addresses = services.said as unknown as Said;
  const environment = environmentOf(addresses, wish.delivery, cataloguePath);
  const people = slackControl(addresses.slack.url);
  return {
    addresses,
    people,
    forge: gitlabControl(addresses.gitlab.url),
    environment,
    startBot: (args, database, launch = asShipped) => {
      const place = 'url' in database ? { DATABASE_URL: database.url } : { GONOGO_DATA_DIR: database.folder };
      return startProcess(stage, 'src/main.ts', args, { ...environment, ...place }, launch);
    },
    deliverTo: async ({ said }) => {
      if (wish.delivery === 'http') await people.setRequestUrl(`${String(said['url'])}/slack/events`);
    },
    arrive: async (arrivals) => {
      const opened = once(services.child, 'message');
      services.child.send(arrivals);
      const [answer] = (await opened) as [Opened];
      return answer;
    },
    cutOffAll: async () => {
      await people.command({ user: engineer, channel: releases, command: '/release', text: 'cutoff all' });
      await people.until(engineer, ({ views }) => views[0], { timeoutMs: modalPatienceMs });
      await people.choose({ user: engineer, blockId: 'confirm', actionId: 'confirm', values: ['yes'] });
      const submittedAt = Date.now();
      const { trouble } = await people.submit({ user: engineer });
      if (trouble) throw new Error(`The submit was not accepted: ${trouble}`);
      return submittedAt;
    },
    stop: services.stop,
  };
}

function environmentOf({ slack, gitlab }: Said, delivery: TownWish['delivery'], catalogue: string) {
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    ...(delivery === 'http'
      ? { SLACK_SIGNING_SECRET: slack.signingSecret }
      : { SLACK_APP_TOKEN: slack.appToken }),
    SLACK_API_URL: slack.apiUrl,
    GITLAB_URL: gitlab.url,
    GITLAB_TOKEN: gitlab.token,
    GONOGO_CATALOGUE: catalogue,
    LOG_LEVEL: 'warn',
    PORT: '0',
  };
}
