import { startAws } from '../../sandbox/aws/server.ts';
import { gitlabControl } from '../../sandbox/gitlab/control-client.ts';
import { startGitLab } from '../../sandbox/gitlab/server.ts';
import { startSlack } from '../../sandbox/slack/server.ts';
import { projectPaths, slackWorld } from './catalogue.ts';

/**
 * A process with AWS, Slack and GitLab, each with its real limits; in GitLab one project with the commit
 * that every promotion is about.
 */
const [path = ''] = projectPaths(1);
const [slack, gitlab, aws] = await Promise.all([
  startSlack({ world: slackWorld }),
  startGitLab({ world: { projects: [{ path, branches: ['main'] }] } }),
  startAws({ world: { services: [], background: [] } }),
]);
const { sha } = await gitlabControl(gitlab.url).push({ project: path, ref: 'main', title: 'Release' });

process.once('disconnect', () => process.exit(0));
process.stdout.write(
  `${JSON.stringify({
    commit: sha,
    environment: {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
      GITLAB_URL: gitlab.url,
      GITLAB_TOKEN: gitlab.token,
      AWS_ACCESS_KEY_ID: aws.accessKeyId,
      AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
      AWS_ENDPOINT_URL_ECS: aws.url,
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: aws.url,
      LOG_LEVEL: 'warn',
    },
  })}\n`,
);
