import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { awsControl } from '../../../sandbox/aws/control-client.ts';
import { startAws } from '../../../sandbox/aws/server.ts';
import { gitlabControl } from '../../../sandbox/gitlab/control-client.ts';
import { startGitLab } from '../../../sandbox/gitlab/server.ts';
import { slackControl } from '../../../sandbox/slack/person.ts';
import { startSlack } from '../../../sandbox/slack/server.ts';
import { apiToken, cluster, eu, image, path, service, us } from '../../acceptance/support/promotion-town.ts';
import { type BotProcess, startBotProcess } from '../../support/bot-process.ts';
import { catalogueOf } from '../../support/catalogue.ts';
import { fileOf, slackWorld } from './town.ts';

const timeScale = 60;
/** Longer than any delay between an intent and its effect here, where answers hang and nothing is slow. */
const settleSeconds = '2';
const leaseSeconds = '3';
const signingToken = `whsec_${Buffer.from('gonogo fault signing token').toString('base64')}`;

/**
 * A bot of real processes (one edge, one worker that can be killed) that watches deployments of services of two
 * regions. Each service has environments of its own, all of one project, and runs the commit before since a week.
 */
export async function startPromotionFaultTown(databaseUrl: string, services: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'gonogo-faults-'));
  const [slack, aws] = await Promise.all([
    startSlack({ timeScale, world: slackWorld }),
    startAws({
      world: {
        services: services.flatMap((name) =>
          [eu, us].map((region) => ({ region, cluster, name, image: `${image}:${'0'.repeat(40)}` })),
        ),
        background: [],
        ingestionDelayMs: 0,
      },
    }),
  ]);
  const base = catalogueOf(1);
  const gitlab = await startGitLab({
    timeScale,
    world: {
      pipelineCreationPerMinute: null,
      projects: [{ path, branches: ['main', 'release'] }, { path: base.gitlab.root }],
    },
  });
  const cataloguePath = join(folder, 'release.yml');
  await writeFile(cataloguePath, stringify(catalogueFile(services)));
  const environment = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    GITLAB_URL: gitlab.url,
    GITLAB_TOKEN: gitlab.token,
    GITLAB_WEBHOOK_SIGNING_TOKEN: signingToken,
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
    AWS_ENDPOINT_URL_ECS: aws.url,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: aws.url,
    GONOGO_API_TOKEN: apiToken,
    DATABASE_URL: databaseUrl,
    PORT: '0',
    GONOGO_CATALOGUE: cataloguePath,
    GONOGO_LEASE_SECONDS: leaseSeconds,
    GONOGO_SETTLE_SECONDS: settleSeconds,
  };
  const startWorker = () => startBotProcess(['worker'], environment);
  const bots: BotProcess[] = [];
  const stop = async () => {
    await Promise.all(bots.map((bot) => bot.kill()));
    await Promise.all([slack.close(), gitlab.close(), aws.close()]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    bots.push(...(await Promise.all([startBotProcess(['serve', '--no-work'], environment), startWorker()])));
    const url = bots[0]?.url ?? '';
    gitlab.setWebhook({ url: `${url}/webhooks/gitlab`, signingToken });
    return {
      slack,
      url,
      databaseUrl,
      bots: bots as readonly BotProcess[],
      people: slackControl(slack.url),
      forge: gitlabControl(gitlab.url),
      cloud: awsControl(aws.url),
      /** SIGKILL: no handler runs. */
      killWorker: async () => bots[1]?.kill(),
      /** Puts a new worker in the place of one that was killed. */
      newWorker: async () => {
        bots[1] = await startWorker();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

export type PromotionFaultTown = Awaited<ReturnType<typeof startPromotionFaultTown>>;

export const environmentOf = (of: string, region: string) => `production/${of}/${region}`;

function catalogueFile(services: readonly string[]): object {
  const base = catalogueOf(1, { projects: [{ id: service, path, releaseBranch: 'release' }] });
  // Looks that nobody asks for are so far apart that nothing is mended by them.
  const limits = { ...base.limits, followPollSeconds: 300 };
  return {
    ...fileOf({ ...base, limits }),
    services: services.map((id) => ({
      id,
      name: 'Manage core',
      project: service,
      owner: { name: 'Manage team', groups: ['S0MANAGE'] },
      regions: [eu, us].map((region) => ({ region, cluster, environment: environmentOf(id, region) })),
    })),
  };
}
