import { awsControl } from '../../sandbox/aws/control-client.ts';
import { startAws } from '../../sandbox/aws/server.ts';
import { gitlabControl } from '../../sandbox/gitlab/control-client.ts';
import { startGitLab } from '../../sandbox/gitlab/server.ts';
import { linearControl } from '../../sandbox/linear/control-client.ts';
import { startLinear } from '../../sandbox/linear/server.ts';
import { linearWorld } from '../../sandbox/scenes/example-world.ts';
import { seedStagingRelease } from '../../sandbox/scenes/staging-release.ts';
import { sentryControl } from '../../sandbox/sentry/control-client.ts';
import { startSentry } from '../../sandbox/sentry/server.ts';
import { startSlack } from '../../sandbox/slack/server.ts';
import { websiteControl } from '../../sandbox/website/control-client.ts';
import { startWebsite } from '../../sandbox/website/server.ts';
import { validationWorld } from './release-catalogue.ts';

/**
 * A process with every service that a validation asks, each with its real limits and the same latency, and a release
 * that was deployed to staging. Argument: JSON of {@link ValidationWish}.
 */
export interface ValidationWish {
  releases: number;
  /** How long each answer takes, in ms. */
  latencyMs: number;
}

const { releases, latencyMs } = JSON.parse(process.argv[2] ?? '') as ValidationWish;
const flags = [{ name: 'new-overview', active: true, strategies: [{ name: 'default' as const }] }];
const [slack, gitlab, linear, sentry, website, aws] = await Promise.all([
  startSlack({ world: validationWorld(releases) }),
  startGitLab({
    world: {
      projects: [
        { path: 'betterfleet/bf-manage-core', branches: ['main', 'release'] },
        { path: 'betterfleet/bf-manage-web', branches: ['main', 'release'], featureFlags: flags },
        { path: 'betterfleet/bf-dev' },
      ],
    },
  }),
  startLinear({ world: linearWorld }),
  startSentry({}),
  startWebsite({ tls: false }),
  startAws({}),
]);
const forge = gitlabControl(gitlab.url);
const site = websiteControl(website.controlUrl);
await seedStagingRelease({ gitlab: forge, website: site, aws: awsControl(aws.url) });
await forge.world({ latencyMs });
await linearControl(linear.url).world({ latencyMs });
await sentryControl(sentry.url).addFault({ kind: 'slow', delayMs: latencyMs });
await awsControl(aws.url).addFault({ kind: 'slow', delayMs: latencyMs });
for (const [path, page] of Object.entries((await site.state()).pages))
  await site.page(path, { ...page, delayMs: latencyMs });

process.once('disconnect', () => process.exit(0));
process.stdout.write(
  `${JSON.stringify({
    site: website.url,
    controls: { slack: slack.url, website: website.controlUrl },
    environment: {
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
      LOG_LEVEL: 'warn',
      PORT: '0',
    },
  })}\n`,
);
