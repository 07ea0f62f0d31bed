import { gitlabControl } from '../../sandbox/gitlab/control-client.ts';
import { type GitLabWorld, startGitLab } from '../../sandbox/gitlab/server.ts';
import { slackControl } from '../../sandbox/slack/person.ts';
import { startSlack } from '../../sandbox/slack/server.ts';
import { startBot } from '../../src/app.ts';
import type { Catalogue } from '../../src/core/catalogue/catalogue.ts';
import { readSettings } from '../../src/settings.ts';
import { ada, catalogueOf, engineers, general, nora, releases, rita, tess } from './catalogue.ts';
import { freshDatabase } from './database.ts';
import { keptLog } from './log.ts';

export interface TownOptions {
  catalogue?: Catalogue;
  /** What differs in GitLab from "every project of the catalogue exists". */
  gitlab?: Partial<GitLabWorld>;
  /** How much faster than real time the simulated services live. */
  timeScale?: number;
  /** Signed HTTP instead of Socket Mode. */
  http?: boolean;
  /** Whether GitLab sends webhooks to the bot. */
  webhooks?: boolean;
  /** Settings besides the addresses. */
  settings?: Readonly<Record<string, string>>;
}

const signingToken = `whsec_${Buffer.from('gonogo test signing token').toString('base64')}`;

/**
 * A whole bot with everything it talks to: simulated Slack and GitLab on real ports, a database of its own, the
 * bot itself through its real clients. `stop` ends all of it.
 */
export async function startTown(options: TownOptions = {}) {
  const catalogue = options.catalogue ?? catalogueOf(1);
  const timeScale = options.timeScale ?? 60;
  const database = await freshDatabase();
  const slack = await startSlack({ timeScale, world: slackWorld });
  const paths = [...catalogue.projects.map(({ path }) => path), catalogue.gitlab.root];
  const gitlab = await startGitLab({
    timeScale,
    world: { pipelineCreationPerMinute: null, projects: paths.map((path) => ({ path })), ...options.gitlab },
  });
  const settings = readSettings({
    SLACK_BOT_TOKEN: slack.botToken,
    [options.http ? 'SLACK_SIGNING_SECRET' : 'SLACK_APP_TOKEN']: options.http
      ? slack.signingSecret
      : slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    GITLAB_URL: gitlab.url,
    GITLAB_TOKEN: gitlab.token,
    GITLAB_WEBHOOK_SIGNING_TOKEN: signingToken,
    DATABASE_URL: database.url,
    PORT: '0',
    GONOGO_LEASE_SECONDS: '5',
    GONOGO_SETTLE_SECONDS: '0.5',
    ...options.settings,
  });
  const log = keptLog();
  const bot = await startBot(settings, catalogue, log, { edge: true, work: true });
  if (options.http) slack.setRequestUrl(`${bot.url}/slack/events`);
  if (options.webhooks !== false) gitlab.setWebhook({ url: `${bot.url}/webhooks/gitlab`, signingToken });
  const stop = async () => {
    await bot.stop();
    await Promise.all([slack.close(), gitlab.close()]);
    await database.drop();
  };
  return {
    catalogue,
    settings,
    database,
    slack,
    gitlab,
    bot,
    log,
    people: slackControl(slack.url),
    forge: gitlabControl(gitlab.url),
    stop,
  };
}

export type Town = Awaited<ReturnType<typeof startTown>>;

const slackWorld = {
  people: [
    { id: rita, name: 'rita', realName: 'Rita Release' },
    { id: nora, name: 'nora', realName: 'Nora Norole' },
    { id: ada, name: 'ada', realName: 'Ada Admin' },
    { id: tess, name: 'tess', realName: 'Tess Tester' },
  ],
  channels: [
    { id: releases, name: 'releases', botIsMember: true, members: [rita, nora, ada, tess] },
    { id: general, name: 'general', botIsMember: false, members: [rita, nora, ada, tess] },
  ],
  userGroups: [{ id: engineers, handle: 'release-engineers', name: 'Release engineers', users: [rita] }],
  commands: [
    { command: '/release', description: 'Cut off, deploy, status', usageHint: '[cutoff|deploy|status|help]' },
  ],
};
