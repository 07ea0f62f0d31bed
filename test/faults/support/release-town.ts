import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { awsControl } from '../../../sandbox/aws/control-client.ts';
import { startAws } from '../../../sandbox/aws/server.ts';
import { gitlabControl } from '../../../sandbox/gitlab/control-client.ts';
import { startGitLab } from '../../../sandbox/gitlab/server.ts';
import { linearControl } from '../../../sandbox/linear/control-client.ts';
import { startLinear } from '../../../sandbox/linear/server.ts';
import { linearWorld } from '../../../sandbox/scenes/example-world.ts';
import { seedStagingRelease } from '../../../sandbox/scenes/staging-release.ts';
import { sentryControl } from '../../../sandbox/sentry/control-client.ts';
import { startSentry } from '../../../sandbox/sentry/server.ts';
import { slackControl } from '../../../sandbox/slack/person.ts';
import { startSlack } from '../../../sandbox/slack/server.ts';
import { websiteControl } from '../../../sandbox/website/control-client.ts';
import { startWebsite } from '../../../sandbox/website/server.ts';
import type { Catalogue } from '../../../src/core/catalogue/catalogue.ts';
import type { Phase } from '../../../src/core/catalogue/phase.ts';
import { type BotProcess, startBotProcess } from '../../support/bot-process.ts';
import { keptLog } from '../../support/log.ts';
import { releaseCatalogue } from '../../support/release-town.ts';
import { openLedger } from './ledger.ts';
import { fileOf, slackWorld } from './town.ts';

const timeScale = 60;
/** Longer than the delay of any fault, short enough for many unclear answers a run. */
const settleSeconds = '2';
const leaseSeconds = '5';
/** One answer of GitLab, in ms: long enough to strike while checks run. */
const latencyMs = 200;

/**
 * A bot of real processes that validates releases, with every service it asks simulated in this process, and a
 * release that was deployed to staging. With `workers` 0 one process does all; else one edge and so many workers.
 */
export async function startReleaseFaultTown({
  databaseUrl,
  workers,
}: {
  databaseUrl: string;
  workers: number;
}) {
  const folder = await mkdtemp(join(tmpdir(), 'gonogo-faults-'));
  const [slack, linear, sentry, website, aws] = await Promise.all([
    startSlack({ timeScale, world: slackWorld }),
    startLinear({ world: linearWorld, timeScale }),
    startSentry({}),
    startWebsite({ tls: false }),
    startAws({}),
  ]);
  const base = releaseCatalogue(website.url);
  const catalogue = { ...base, limits: { ...base.limits, followPollSeconds: 60 } };
  const cataloguePath = join(folder, 'release.yml');
  await writeFile(cataloguePath, stringify(releaseFileOf(catalogue)));
  const flags = [{ name: 'new-overview', active: true, strategies: [{ name: 'default' as const }] }];
  const gitlab = await startGitLab({
    timeScale,
    world: {
      pipelineCreationPerMinute: null,
      projects: [
        { path: 'betterfleet/bf-manage-core', branches: ['main', 'release'] },
        { path: 'betterfleet/bf-manage-web', branches: ['main', 'release'], featureFlags: flags },
        { path: 'betterfleet/bf-dev' },
      ],
    },
  });
  const environment = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    GITLAB_URL: gitlab.url,
    GITLAB_TOKEN: gitlab.token,
    LINEAR_API_KEY: linear.apiKey,
    LINEAR_API_URL: linear.url,
    SENTRY_URL: sentry.url,
    SENTRY_TOKEN: sentry.token,
    SENTRY_ORGANIZATION: 'betterfleet',
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
    AWS_ENDPOINT_URL_ECS: aws.url,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: aws.url,
    DATABASE_URL: databaseUrl,
    PORT: '0',
    GONOGO_CATALOGUE: cataloguePath,
    GONOGO_LEASE_SECONDS: leaseSeconds,
    GONOGO_SETTLE_SECONDS: settleSeconds,
  };
  const startWorker = () => startBotProcess(['worker'], environment);
  const ledger = openLedger(databaseUrl);
  const bots: BotProcess[] = [];
  const stop = async () => {
    await Promise.all(bots.map((bot) => bot.kill()));
    await Promise.all([slack, gitlab, linear, sentry, website, aws].map((service) => service.close()));
    await ledger.close();
    await rm(folder, { recursive: true, force: true });
  };
  const forge = gitlabControl(gitlab.url);
  try {
    const scene = await seedStagingRelease({ gitlab: forge, website: websiteControl(website.controlUrl) });
    await forge.world({ latencyMs });
    await awsControl(aws.url).setService({
      cluster: 'manage-staging',
      service: 'bf-manage-core',
      image: `registry.betterfleet.example/bf-manage-core:${scene.commits['betterfleet/bf-manage-core']}`,
    });
    bots.push(await startBotProcess(workers === 0 ? ['serve'] : ['serve', '--no-work'], environment));
    for (let count = 0; count < workers; count += 1) bots.push(await startWorker());
    return {
      catalogue,
      scene,
      slack,
      forge,
      people: slackControl(slack.url),
      tracker: linearControl(linear.url),
      errors: sentryControl(sentry.url),
      ledger,
      settings: { databaseUrl },
      log: keptLog(),
      bots: bots as readonly BotProcess[],
      /** Kills the only worker and puts a new one in its place; resolves when that is ready. */
      replaceWorker: async () => {
        await bots[1]?.kill();
        bots[1] = await startWorker();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

export type ReleaseFaultTown = Awaited<ReturnType<typeof startReleaseFaultTown>>;

/** The catalogue in the words of its file, for processes that read it themselves. */
function releaseFileOf(catalogue: Catalogue): object {
  const projects = catalogue.projects.map(({ id, path }) => ({ id, path }));
  return {
    ...fileOf(catalogue),
    projects,
    phases: catalogue.phases.map(phaseFileOf),
  };
}

function phaseFileOf({ workspaces, record, groups, ...phase }: Phase): object {
  return {
    ...phase,
    workspaces: { reserved: workspaces.reserved, ...given({ suggested: workspaces.suggested }) },
    ...(record && { record: given(record) }),
    groups: groups.map(({ gates, ...group }) => ({
      ...group,
      gates: gates.map(({ touchedBy, with: parameters, ...gate }) =>
        given({ ...gate, 'touched-by': touchedBy, with: gate.check === null ? null : parameters }),
      ),
    })),
  };
}

/** The file has no null: what is not there is left out. */
function given(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
