import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../src/adapters/store/embedded.ts';
import { startBotProcess } from './bot-process.ts';
import { startGitLab } from './gitlab/server.ts';
import { startPage } from './page-server.ts';
import { startSlack } from './slack/server.ts';
import type { SlackWorld } from './slack/world.ts';

/** Everything of the sandbox and where it answers. */
export interface Sandbox {
  addresses: { page: string; slack: string; gitlab: string; bot: string };
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, '..');
const catalogue = join(root, 'examples', 'betterfleet-manage', 'release.yml');

/** GitLab lives ten times faster than real, so that a pipeline takes seconds; Slack keeps its real limits. */
const gitlabTimeScale = 10;

/** The people and places that the example catalogue names. */
const slackWorld: Partial<SlackWorld> = {
  people: [
    { id: 'U0RELENG', name: 'rita', realName: 'Rita Release' },
    { id: 'U0DUTY', name: 'dan', realName: 'Dan On Duty' },
    { id: 'U0ADMIN', name: 'ada', realName: 'Ada Admin' },
    { id: 'U0GUEST', name: 'gus', realName: 'Gus Guest' },
  ],
  channels: [
    { id: 'C0RELEASES', name: 'releases', botIsMember: true },
    { id: 'C0GENERAL', name: 'general', botIsMember: false },
  ],
  userGroups: [
    { id: 'S0RELENG', handle: 'release-engineers', name: 'Release engineers', users: ['U0RELENG', 'U0DUTY'] },
  ],
  commands: [
    {
      command: '/release',
      description: 'Cut-off, deploy to staging, status',
      usageHint: '[cutoff|deploy|status|help]',
    },
  ],
};

/**
 * Starts the simulated services, a fresh database, the bot as a process of its own (unchanged, through its
 * settings alone) and the page. Everything binds to loopback.
 */
export async function startSandbox(options: { port: number }): Promise<Sandbox> {
  const closers: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const database = await freshDatabase(closers);
    const slack = await startSlack({ world: slackWorld });
    closers.push(() => slack.close());
    const gitlab = await startGitLab({ timeScale: gitlabTimeScale });
    closers.push(() => gitlab.close());
    const signingToken = `whsec_${randomBytes(24).toString('base64')}`;
    const bot = await startBotProcess({
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
      GITLAB_URL: gitlab.url,
      GITLAB_TOKEN: gitlab.token,
      GITLAB_WEBHOOK_SIGNING_TOKEN: signingToken,
      DATABASE_URL: database,
      GONOGO_CATALOGUE: catalogue,
      // This GitLab is quick, so that a lost request need not be waited for as long as a real one.
      GONOGO_SETTLE_SECONDS: '10',
      PORT: '0',
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
    });
    closers.push(() => bot.stop());
    gitlab.setWebhook({ url: `${bot.url}/webhooks/gitlab`, signingToken });
    const page = await startPage({ port: options.port, slackUrl: slack.url, gitlabUrl: gitlab.url });
    closers.push(() => page.close());
    return {
      addresses: { page: page.url, slack: slack.url, gitlab: gitlab.url, bot: bot.url },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The simulated services forget everything at their end, so the bot begins anew too. */
async function freshDatabase(closers: (() => Promise<void>)[]): Promise<string> {
  const postgres = await startEmbeddedPostgres(join(root, '.data', 'sandbox'));
  closers.push(() => postgres.stop());
  const name = `sandbox_${Date.now()}_${process.pid}`;
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  try {
    await dropUnused(client);
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(postgres.url);
  url.pathname = `/${name}`;
  return url.toString();
}

/** Databases of earlier sandboxes; one that is in use by a sandbox still running is left alone. */
async function dropUnused(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select datname as name from pg_database where datname like 'sandbox\\_%'
       and not exists (select 1 from pg_stat_activity a where a.datname = pg_database.datname)`,
  );
  for (const { name } of rows) await client.query(`drop database ${client.escapeIdentifier(name)}`);
}
