import { expect } from 'vitest';
import { wordOf } from '../../../src/core/invocation/state.ts';
import { releases } from '../../support/catalogue.ts';
import { until } from '../../support/until.ts';
import type { FaultTown } from './town.ts';

/**
 * Waits until every target is settled and no work is open. Rejects with the open rows, the processes that ended
 * by themselves and the last log lines when that does not come.
 */
export async function untilAllIsDone(town: FaultTown, timeoutMs: number): Promise<void> {
  const { ledger } = town;
  try {
    await until(
      'all work to be done',
      async () => {
        if (town.bots.some((bot) => bot.ending())) throw new Error('A process ended by itself');
        const [id] = await ledger.invocations();
        if (!id || Object.keys(await ledger.openWork()).length > 0) return false;
        return (await ledger.invocation(id)).targets.length > 0;
      },
      timeoutMs,
    );
  } catch (cause) {
    const logs = town.bots.map(
      (bot, at) => `--- process ${at} (${JSON.stringify(bot.ending())})\n${bot.log().slice(-15).join('\n')}`,
    );
    throw new Error(`Not all work was done.\n${await ledger.whatIsOpen()}\n${logs.join('\n')}`, { cause });
  }
}

/**
 * What a run must end with, once {@link untilAllIsDone}, whatever went wrong meanwhile; gives the numbers of it. Open
 * work is not asked for again: the standing look through GitLab may have found our own pipelines since.
 */
export async function expectExactlyOnce(town: FaultTown): Promise<{ pipelines: number; messages: number }> {
  const { catalogue, forge, ledger, people } = town;
  const paths = catalogue.projects.map(({ path }) => path);

  const ids = await ledger.invocations();
  expect(ids, 'one invocation').toHaveLength(1);
  const id = ids[0] ?? '';

  const pipelines = await forge.pipelines();
  expect(countsOf(pipelines.map(({ project }) => project)), 'one pipeline a project').toEqual(
    eachOnce(paths),
  );
  const runIds = pipelines.map(
    ({ variables }) => variables.find(({ key }) => key === 'ORCHESTRATION_RUN_ID')?.value,
  );
  expect(new Set(runIds).size, 'each pipeline has its own run id').toBe(paths.length);

  const state = await ledger.invocation(id);
  expect(state.targets.map(({ project, ...target }) => [project, wordOf({ project, ...target })])).toEqual(
    catalogue.projects.map((project) => [project.id, 'passed']),
  );
  const counts = await ledger.eventCounts(id);
  expect(counts['ReleaseOrchestrationTriggered'], 'one result a target').toBe(paths.length);
  expect(await ledger.chainBreak(id), 'the hash chain is whole').toBeNull();
  expect(await ledger.claims(), 'no project is held any more').toBe(0);

  const messages = await messagesInSlack(town);
  const parent = `invocation/${id}/parent`;
  const replies = catalogue.projects.map((project) => `invocation/${id}/target/${project.id}`);
  const found = countsOf(messages.map(({ key }) => key));
  expect(found, `one message each\n${await postsOf(town, found)}`).toEqual(eachOnce([parent, ...replies]));
  expect(messages.find(({ key }) => key === parent)?.text).toMatch(/^Passed/);
  for (const project of catalogue.projects)
    expect(messages.find(({ key }) => key === `invocation/${id}/target/${project.id}`)?.text).toBe(
      `${project.id}: passed`,
    );
  const refused = (await people.refusals()).filter(({ method }) => method.startsWith('chat.'));
  expect(refused, 'Slack refused no message').toEqual([]);
  return { pipelines: pipelines.length, messages: messages.length };
}

/** Every message of the channel with its thread, as Slack's own Web API gives them, with our mark. */
async function messagesInSlack({ slack }: FaultTown): Promise<{ key: string; text: string }[]> {
  const top = await pages(slack, 'conversations.history', {});
  const threads = await Promise.all(
    top.map(async (message) => {
      const [, ...replies] = await pages(slack, 'conversations.replies', { ts: message.ts });
      return replies;
    }),
  );
  return [...top, ...threads.flat()].map(({ text, metadata }) => ({
    text,
    key: metadata?.event_payload.key ?? `no mark: ${text}`,
  }));
}

/** How the posts of every message that stands more than once went: what to read when a run is red. */
async function postsOf({ people }: FaultTown, found: Record<string, number>): Promise<string> {
  const twice = Object.keys(found).filter((key) => found[key] !== 1);
  const posts = twice.length > 0 ? await people.requests('chat.postMessage') : [];
  return posts
    .map((post) => JSON.stringify(post))
    .filter((line) => twice.some((key) => line.includes(`${key}\\"`)))
    .join('\n');
}

interface SlackMessage {
  ts: string;
  text: string;
  metadata?: { event_payload: { key: string } };
}

/** Every message that a method of Slack's Web API lists, page by page. */
export async function pages(
  slack: FaultTown['slack'],
  method: string,
  args: Record<string, string>,
): Promise<SlackMessage[]> {
  const found: SlackMessage[] = [];
  let cursor = '';
  do {
    const query = new URLSearchParams({
      channel: releases,
      include_all_metadata: 'true',
      limit: '200',
      cursor,
      ...args,
    });
    const response = await fetch(`${slack.apiUrl}${method}?${query}`, {
      headers: { authorization: `Bearer ${slack.botToken}` },
    });
    const answer = (await response.json()) as {
      ok: boolean;
      error?: string;
      messages: SlackMessage[];
      response_metadata?: { next_cursor?: string };
    };
    if (!answer.ok) throw new Error(`${method}: ${answer.error}`);
    // Every page of a thread begins with its parent.
    found.push(...answer.messages.filter(({ ts }) => !found.some((known) => known.ts === ts)));
    cursor = answer.response_metadata?.next_cursor ?? '';
  } while (cursor !== '');
  return found;
}

function countsOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function eachOnce(names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, 1]));
}
