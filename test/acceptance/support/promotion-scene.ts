import { vi } from 'vitest';
import type { awsControl } from '../../../sandbox/aws/control-client.ts';
import type { GitLabControl } from '../../../sandbox/gitlab/control-client.ts';
import type { Message, Screen } from '../../../sandbox/slack/screen.ts';
import { releases, rita } from '../../support/catalogue.ts';
import { until } from '../../support/until.ts';
import { patienceMs, promotionArchiveOf } from './promotion-archive.ts';
import { apiToken, cluster, eu, image, type PromotionTown, path, service } from './promotion-town.ts';
import { wordsOf } from './scene.ts';

vi.setConfig({ testTimeout: 200_000, hookTimeout: 150_000 });

type Deploy = Parameters<ReturnType<typeof awsControl>['deploy']>[0];

/** One apply of the pipeline, and how ECS goes on. */
export interface Apply extends Omit<Deploy, 'cluster' | 'service' | 'script'> {
  region?: string;
  script: string;
  /** Whoever pressed the button in GitLab. */
  user?: string;
  /** The same commit again, instead of a new one. */
  again?: boolean;
  /** Happens while Terraform is under way, before it changes anything. */
  meanwhile?: (commit: string) => Promise<unknown>;
}

/** What the bot answers about a gate. */
export interface GateSaid {
  status: number;
  open: unknown;
  holds: { region: string; canPass: boolean; why: string; todo: string }[];
}

export type PromotionScene = ReturnType<typeof promotionSceneOf>;

type Stage = Pick<PromotionTown, 'people' | 'cloud'> & {
  forge: GitLabControl;
  databaseUrl: string;
  botUrl: string;
};

/** A whole bot in this process, as the stage of a scene. */
export function stageOf({ people, cloud, forge, settings, bot }: PromotionTown): Stage {
  return { people, cloud, forge, databaseUrl: settings.databaseUrl ?? '', botUrl: bot.url ?? '' };
}

/** What pipelines and people do with deployments in one step, and what they see. Give it back with `close`. */
export function promotionSceneOf({ people, cloud, forge, databaseUrl, botUrl }: Stage) {
  const archive = promotionArchiveOf(databaseUrl, service);

  /** A pipeline begins to apply; `finish` ends it. */
  const begin = async ({ region = eu, user = 'r.engineer', again = false }: Partial<Apply> = {}) => {
    if (!again) await forge.push({ project: path, ref: 'release', title: 'A change to deploy' });
    const environment = `production/${region}`;
    const made = await forge.deploy({ project: path, environment, ref: 'release', status: 'running', user });
    const finish = (status: 'success' | 'failed' = 'success') =>
      forge.finish({ project: path, pipelineId: made.pipelineId, status });
    return { ...made, finish };
  };
  const change = (
    { region = eu, script, user: _, again: __, meanwhile: ___, ...wish }: Apply,
    commit: string,
  ) =>
    cloud.deploy({
      ...{ region, cluster, service, image: `${image}:${commit}`, desired: 2, pace: 10 },
      ...wish,
      script: script as Deploy['script'],
    });
  /** A whole apply; the state before it is kept first, as Terraform takes minutes. Gives the commit. */
  const apply = async (wish: Apply): Promise<string> => {
    const made = await begin(wish);
    await wish.meanwhile?.(made.sha);
    await change(wish, made.sha);
    await made.finish();
    return made.sha;
  };

  const messagesOf = ({ channels }: Screen): Message[] =>
    channels.find(({ id }) => id === releases)?.messages ?? [];
  const isOf = (message: Message, commit: string) =>
    !message.ephemeral && message.text.includes(`Deployment of Manage core ${commit.slice(0, 8)}`);
  /** The messages of a promotion in the channel; broadcast replies stand there too. */
  const parents = async (commit: string) =>
    messagesOf(await people.screen(rita)).filter(
      (one) => isOf(one, commit) && hasCode(one, archive.idOf(commit)),
    );
  /** Its message, once its words are so. */
  const parent = (commit: string, isSo: RegExp | ((words: string) => boolean) = () => true) =>
    people.until(
      rita,
      (screen) =>
        messagesOf(screen).find((one) => {
          if (!isOf(one, commit) || !hasCode(one, archive.idOf(commit))) return false;
          const words = wordsOf(one);
          return isSo instanceof RegExp ? isSo.test(words) : isSo(words);
        }),
      { timeoutMs: patienceMs },
    );
  /** The newest reply in its thread whose words are so. */
  const reply = (commit: string, isSo: RegExp) =>
    people.until(
      rita,
      (screen) =>
        messagesOf(screen)
          .find((one) => isOf(one, commit) && hasCode(one, archive.idOf(commit)))
          ?.replies.findLast((one) => isSo.test(`${one.text}\n${wordsOf(one)}`)),
      { timeoutMs: patienceMs },
    );
  /** The newest reply in its thread that has this button. */
  const replyWith = (commit: string, actionId: string) =>
    people.until(
      rita,
      (screen) =>
        messagesOf(screen)
          .find((one) => isOf(one, commit) && hasCode(one, archive.idOf(commit)))
          ?.replies.findLast(({ blocks }) => JSON.stringify(blocks).includes(`"${actionId}"`)),
      { timeoutMs: patienceMs },
    );
  /** What only this person was told, once it is so. */
  const whispered = (user: string, isSo: RegExp) =>
    people.until(
      user,
      (screen) =>
        screen.channels
          .flatMap(({ messages }) => messages)
          .filter(({ ephemeral }) => ephemeral)
          .map((message) => wordsOf(message))
          .findLast((words) => isSo.test(words)),
      { timeoutMs: patienceMs },
    );
  /** Types `/release <text>` and gives what only this person was answered. */
  const ask = async (text: string, user = rita): Promise<string> => {
    const before = await whispers(user);
    await people.command({ user, channel: releases, command: '/release', text });
    return until(
      `an answer to ${text}`,
      async () => {
        const now = await whispers(user);
        return now.length > before.length ? now.at(-1) : null;
      },
      patienceMs,
    );
  };
  const whispers = async (user: string) =>
    messagesOf(await people.screen(user))
      .filter(({ ephemeral }) => ephemeral)
      .map((message) => wordsOf(message));
  /** What GitLab shows beside the commit, by name. */
  const statuses = async (commit: string) => {
    const { projects } = await forge.state();
    const all = projects.flatMap(({ commitStatuses }) => commitStatuses).filter(({ sha }) => sha === commit);
    return Object.fromEntries(all.map(({ name, ...status }) => [name, status]));
  };
  /** The gate of a region, asked as a pipeline does. */
  const gate = async (
    region: string,
    commit: string,
    { of = service, token = apiToken as string | null } = {},
  ): Promise<GateSaid> => {
    const response = await fetch(`${botUrl}/api/gates/${of}/${region}?commit=${commit}&asked=now`, {
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
    });
    const { open, holds = [] } = (await response.json()) as Partial<GateSaid>;
    return { status: response.status, open, holds };
  };
  return {
    ...archive,
    begin,
    change,
    apply,
    parents,
    parent,
    reply,
    replyWith,
    whispered,
    ask,
    statuses,
    gate,
  };
}

function hasCode({ blocks }: Message, id: string): boolean {
  return JSON.stringify(blocks).includes(`· \`${id}\`"`);
}
