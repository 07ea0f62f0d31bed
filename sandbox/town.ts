import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../src/adapters/store/embedded.ts';
import { awsControl } from './aws/control-client.ts';
import { startAws } from './aws/server.ts';
import { startBotProcess } from './bot-process.ts';
import { gitlabControl } from './gitlab/control-client.ts';
import { startGitLab } from './gitlab/server.ts';
import { startLinear } from './linear/server.ts';
import { startPage } from './page-server.ts';
import { startProduction } from './production/server.ts';
import { copyCatalogue } from './scenes/example-catalogue.ts';
import { linearWorld, slackWorld } from './scenes/example-world.ts';
import { followStaging } from './scenes/follow-staging.ts';
import { productionService, productionWorld } from './scenes/production.ts';
import { seedStagingRelease, siteProject } from './scenes/staging-release.ts';
import { runBuild } from './scenes/staging-site.ts';
import { startSentry } from './sentry/server.ts';
import { startSlack } from './slack/server.ts';
import { websiteControl } from './website/control-client.ts';
import { startWebsite } from './website/server.ts';

/** Everything of the sandbox and where it answers. */
export interface Sandbox {
  addresses: {
    page: string;
    slack: string;
    gitlab: string;
    /** With `/graphql`. */
    linear: string;
    sentry: string;
    /** The site that staging shows. */
    website: string;
    /** Where the site's `/_control/` is. */
    websiteControl: string;
    /** ECS and CloudWatch Logs. */
    aws: string;
    /** Where the `/_control/` of the pipelines to production is. */
    production: string;
    bot: string;
  };
  stop(): Promise<void>;
}

type Closers = (() => Promise<void> | void)[];

const root = join(import.meta.dirname, '..');
const example = join(root, 'examples', 'betterfleet-manage', 'release.yml');
const dataFolder = join(root, '.data', 'sandbox');

/** GitLab lives ten times faster than real, so that a pipeline takes seconds; the others keep their real pace. */
const gitlabTimeScale = 10;

/**
 * Starts the simulated services, a release on staging, a service in production, a fresh database, the bot as a
 * process of its own (unchanged, through its settings alone) and the page. Everything binds to loopback.
 */
export async function startSandbox(options: { port: number }): Promise<Sandbox> {
  const closers: Closers = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const database = await freshDatabase(closers);
    const services = await startServices(closers);
    const { slack, gitlab, linear, sentry, website, aws } = services;
    const catalogue = join(dataFolder, `release-${process.pid}.yml`);
    closers.push(await copyCatalogue(example, catalogue, website.url));
    const signingToken = `whsec_${randomBytes(24).toString('base64')}`;
    // What the pipelines to production ask the bot's gate with.
    const apiToken = randomBytes(24).toString('hex');
    const bot = await startBotProcess({
      ...settingsFor(services),
      GITLAB_WEBHOOK_SIGNING_TOKEN: signingToken,
      DATABASE_URL: database,
      GONOGO_CATALOGUE: catalogue,
      GONOGO_API_TOKEN: apiToken,
      // This GitLab is quick, so that a lost request need not be waited for as long as a real one.
      GONOGO_SETTLE_SECONDS: '10',
      PORT: '0',
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
    });
    closers.push(() => bot.stop());
    gitlab.setWebhook({ url: `${bot.url}/webhooks/gitlab`, signingToken });
    const production = await startProduction({
      about: productionService,
      gitlab,
      awsUrl: aws.url,
      bot: { url: bot.url, token: apiToken },
    });
    closers.push(() => production.close());
    const page = await startPage({
      port: options.port,
      slackUrl: slack.url,
      gitlabUrl: gitlab.url,
      linearUrl: linear.url,
      sentryUrl: sentry.url,
      websiteUrl: website.controlUrl,
      awsUrl: aws.url,
      productionUrl: production.url,
    });
    closers.push(() => page.close());
    return {
      addresses: {
        page: page.url,
        slack: slack.url,
        gitlab: gitlab.url,
        linear: linear.url,
        sentry: sentry.url,
        website: website.url,
        websiteControl: website.controlUrl,
        aws: aws.url,
        production: production.url,
        bot: bot.url,
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Services = Awaited<ReturnType<typeof startServices>>;

/** The services, with a release on staging that waits to be validated, and the one before it in production. */
async function startServices(closers: Closers) {
  const kept = <T extends { close: () => Promise<void> }>(service: T): T => {
    closers.push(() => service.close());
    return service;
  };
  const slack = kept(await startSlack({ world: slackWorld }));
  const gitlab = kept(await startGitLab({ timeScale: gitlabTimeScale }));
  const linear = kept(await startLinear({ world: linearWorld }));
  const sentry = kept(await startSentry());
  // Without TLS: the bot trusts only authorities that the world knows.
  const website = kept(await startWebsite({ tls: false }));
  const scene = await seedStagingRelease({
    gitlab: gitlabControl(gitlab.url),
    website: websiteControl(website.controlUrl),
    regions: productionService.regions.map(({ environment }) => environment),
  });
  const aws = kept(await startAws({ world: productionWorld(scene.inProduction) }));
  const site = { website: websiteControl(website.controlUrl), aws: awsControl(aws.url) };
  const commit = scene.commits[siteProject] ?? '';
  await runBuild({ aws: site.aws }, { commit, branch: 'release', builtAt: new Date() });
  closers.push(followStaging(gitlab, site));
  return { slack, gitlab, linear, sentry, website, aws };
}

/** The bot's settings that lead it to the services. */
function settingsFor({ slack, gitlab, linear, sentry, aws }: Services): Record<string, string> {
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    GITLAB_URL: gitlab.url,
    GITLAB_TOKEN: gitlab.token,
    LINEAR_API_KEY: linear.apiKey,
    LINEAR_API_URL: linear.url,
    SENTRY_URL: sentry.url,
    SENTRY_TOKEN: sentry.token,
    SENTRY_ORGANIZATION: sentry.organization,
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
    AWS_ENDPOINT_URL_ECS: aws.url,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: aws.url,
  };
}

/** The simulated services forget everything at their end, so the bot begins anew too. */
async function freshDatabase(closers: Closers): Promise<string> {
  const postgres = await startEmbeddedPostgres(dataFolder);
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
