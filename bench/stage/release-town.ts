import { join } from 'node:path';
import { awsControl } from '../../sandbox/aws/control-client.ts';
import { gitlabControl } from '../../sandbox/gitlab/control-client.ts';
import { linearControl } from '../../sandbox/linear/control-client.ts';
import { sentryControl } from '../../sandbox/sentry/control-client.ts';
import { slackControl } from '../../sandbox/slack/person.ts';
import { websiteControl } from '../../sandbox/website/control-client.ts';
import { dataFolder } from './postgres.ts';
import { asShipped, type Stage, startProcess } from './process.ts';
import { validationChannel, validators, writeValidation } from './release-catalogue.ts';
import type { ValidationWish } from './release-services.ts';

const modalPatienceMs = 30_000;

interface Said {
  site: string;
  controls: { slack: string; website: string };
  environment: Record<string, string>;
}

/** The services of a validation in a process of their own, the bot against them, and people who open releases. */
export async function startReleaseTown(stage: Stage, wish: ValidationWish, database: string) {
  const services = await startProcess(stage, 'bench/stage/release-services.ts', [JSON.stringify(wish)]);
  const { site, controls, environment } = services.said as unknown as Said;
  const cataloguePath = join(await dataFolder(stage), 'release.yml');
  await writeValidation(cataloguePath, site);
  const settings = { ...environment, DATABASE_URL: database, GONOGO_CATALOGUE: cataloguePath };
  const people = slackControl(controls.slack);
  const names = validators(wish.releases).map((_, at) => `2026.${at + 1}`);

  /** One person's command and form, up to the answer of the bot. */
  const openOne = async (user: string, name: string) => {
    await people.command({ user, channel: validationChannel, command: '/release', text: 'validate' });
    await people.until(user, ({ views }) => views[0], { timeoutMs: modalPatienceMs });
    await people.type({ user, blockId: 'name', actionId: 'name', value: name });
    const { trouble } = await people.submit({ user });
    if (trouble) throw new Error(`The form was not accepted: ${trouble}`);
  };
  return {
    people,
    names,
    startBot: () => startProcess(stage, 'src/main.ts', ['serve'], settings, asShipped),
    /** What each source alone needs, in ms. */
    alone: async (): Promise<Record<string, number>> => {
      const reference = await startProcess(
        stage,
        'bench/reference/sources-alone.ts',
        [String(wish.releases)],
        settings,
      );
      return reference.said as Record<string, number>;
    },
    /** Everybody opens a release at once; gives when they typed the commands and when all forms were taken (ms since 1970). */
    openAll: async (): Promise<{ typedAt: number; openedAt: number }> => {
      const typedAt = Date.now();
      await Promise.all(validators(wish.releases).map((user, at) => openOne(user, names[at] ?? '')));
      return { typedAt, openedAt: Date.now() };
    },
    /** What each service got so far, and how often it said that it was too much. */
    asked: async (): Promise<Record<string, Asked>> => {
      const aws = awsControl(environment['AWS_ENDPOINT_URL_ECS'] ?? '');
      const linear = linearControl(environment['LINEAR_API_URL'] ?? '');
      const isMany = ({ status }: { status: number | null }) => status === 429;
      return {
        GitLab: counted(await gitlabControl(environment['GITLAB_URL'] ?? '').requests(), isMany),
        Sentry: counted(await sentryControl(environment['SENTRY_URL'] ?? '').requests(), isMany),
        AWS: counted(await aws.requests(), ({ error }) => error === 'ThrottlingException'),
        'the web site': counted(await websiteControl(controls.website).requests(), isMany),
        Linear: counted(await linear.requests(), ({ errors }) => errors.includes('RATELIMITED')),
        Slack: counted(await people.requests(), ({ error }) => error === 'ratelimited'),
      };
    },
    stop: services.stop,
  };
}

/** Requests, and how many of them were refused as too many. */
export interface Asked {
  requests: number;
  tooMany: number;
}

function counted<T>(requests: readonly T[], isTooMany: (request: T) => boolean): Asked {
  return { requests: requests.length, tooMany: requests.filter(isTooMany).length };
}
