import { InvalidInputLinearError, type LinearClient } from '@linear/sdk';
import type { Effect } from '../../core/effect.ts';
import { OutsideError } from '../../core/ports.ts';
import type { KeptIssue, RecordKeeper } from '../../core/record-keeper.ts';
import { ask, type LinearOptions, linearClient } from './client.ts';
import { issueAnswer, issueDocument } from './documents.ts';
import { effectOf } from './effects.ts';
import { LinearIds } from './ids.ts';

/**
 * Linear through its SDK: one attempt a call, so that after an unclear end somebody looks before it is tried again
 * (facts: linear.md, client-supplied ids).
 */
export class LinearKeeper implements RecordKeeper {
  readonly #options: LinearOptions;
  readonly #ids: LinearIds;

  constructor(options: LinearOptions) {
    this.#options = options;
    this.#ids = new LinearIds(options);
  }

  async read(issue: string, signal: AbortSignal): Promise<KeptIssue | null> {
    const comments = new Set<string>();
    const links = new Set<string>();
    let after: { comments?: string; links?: string } = {};
    for (;;) {
      const variables = { id: issue, ...after };
      const answer = await ask(this.#options, issueDocument, variables, issueAnswer, signal).catch(
        nullWithoutIssue,
      );
      if (answer === null) return null;
      const { issue: shown } = answer;
      for (const { id } of shown.comments.nodes) comments.add(id);
      for (const { url } of shown.attachments.nodes) links.add(url);
      const [commentsPage, linksPage] = [shown.comments.pageInfo, shown.attachments.pageInfo];
      if (!commentsPage.hasNextPage && !linksPage.hasNextPage)
        return {
          id: shown.id,
          identifier: shown.identifier,
          url: shown.url,
          title: shown.title,
          description: shown.description ?? '',
          labels: shown.labels.nodes.map(({ name }) => name),
          comments,
          links,
        };
      after = {
        ...after,
        ...(commentsPage.endCursor ? { comments: commentsPage.endCursor } : {}),
        ...(linksPage.endCursor ? { links: linksPage.endCursor } : {}),
      };
    }
  }

  create(
    issue: { id: string; title: string; description: string; labels: readonly string[] },
    signal: AbortSignal,
  ): Promise<Effect<null>> {
    const { labels, ...input } = issue;
    return this.#change(issue.id, signal, async (client) => {
      const teamId = await this.#ids.team(signal);
      const labelIds = await this.#ids.labels(labels, signal);
      return client().createIssue({ ...input, teamId, labelIds });
    });
  }

  rewrite(
    issue: string,
    change: { title: string; description: string; addLabels: readonly string[] },
    signal: AbortSignal,
  ): Promise<Effect<null>> {
    const { addLabels, ...input } = change;
    return this.#change(null, signal, async (client) => {
      const addedLabelIds = await this.#ids.labels(addLabels, signal);
      return client().updateIssue(issue, addedLabelIds.length > 0 ? { ...input, addedLabelIds } : input);
    });
  }

  comment(comment: { id: string; issue: string; body: string }, signal: AbortSignal): Promise<Effect<null>> {
    const { id, issue, body } = comment;
    return this.#change(id, signal, (client) => client().createComment({ id, issueId: issue, body }));
  }

  link(link: { issue: string; url: string; title: string }, signal: AbortSignal): Promise<Effect<null>> {
    const { issue, url, title } = link;
    return this.#change(null, signal, (client) => client().createAttachment({ issueId: issue, url, title }));
  }

  /** `made` is the id of ours that is made by it: refused because it is there means that it was made before. */
  async #change(
    made: string | null,
    signal: AbortSignal,
    change: (client: () => LinearClient) => Promise<{ success: boolean }>,
  ): Promise<Effect<null>> {
    signal.throwIfAborted();
    try {
      // Made when it is used: its time begins then.
      const { success } = await change(() => linearClient(this.#options, signal));
      if (success) return { outcome: 'done', value: null };
      return { outcome: 'unclear', cause: 'Linear says neither that it was done nor why not' };
    } catch (error) {
      if (made !== null && isThere(error, made)) return { outcome: 'done', value: null };
      const effect = effectOf(error);
      if (effect.outcome === 'refused') this.#ids.forget();
      return effect;
    }
  }
}

function isThere(error: unknown, id: string): boolean {
  if (!(error instanceof InvalidInputLinearError)) return false;
  const said = `${error.message} ${error.errors?.[0]?.message ?? ''}`.toLowerCase();
  return said.includes('already exists') && said.includes(id.toLowerCase());
}

/** The words are the only sign by which this refusal differs from others. */
function nullWithoutIssue(error: unknown): null {
  if (!(error instanceof OutsideError) || !(error.cause instanceof InvalidInputLinearError)) throw error;
  const said = `${error.cause.message} ${error.cause.errors?.[0]?.message ?? ''}`;
  if (/entity not found: issue|could not find referenced issue/i.test(said)) return null;
  throw error;
}
