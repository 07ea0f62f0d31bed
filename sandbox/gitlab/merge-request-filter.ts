import { botUser, type Forge } from './forge.ts';
import type { Params } from './grape.ts';
import type { MergeRequest } from './model.ts';

const scopes = [
  'created-by-me',
  'assigned-to-me',
  'created_by_me',
  'assigned_to_me',
  'reviews_for_me',
  'all',
] as const;

const columns = [
  'created_at',
  'label_priority',
  'milestone_due',
  'popularity',
  'priority',
  'title',
  'updated_at',
  'merged_at',
] as const;

type Test = (mergeRequest: MergeRequest) => boolean;

/**
 * Reads the filters of GitLab's merge-request lists. There is no `merged_after`: like every unknown parameter it
 * is ignored (facts: trap 4).
 */
export function filterOf(params: Params, forge: Forge, defaultScope: 'created_by_me' | 'all'): Test {
  const state = params.oneOf('state', ['opened', 'closed', 'locked', 'merged', 'all'] as const) ?? 'all';
  const scope = (params.oneOf('scope', scopes) ?? defaultScope).replaceAll('-', '_');
  const draft = params.oneOf('wip', ['yes', 'no'] as const);
  const milestone = params.string('milestone');
  const tests: (Test | undefined)[] = [
    state === 'all' ? undefined : (m) => m.state === state,
    scope === 'created_by_me' ? (m) => m.author === botUser : undefined,
    scope === 'assigned_to_me' ? (m) => m.assignees.includes(botUser) : undefined,
    scope === 'reviews_for_me' ? (m) => m.reviewers.includes(botUser) : undefined,
    draft === undefined ? undefined : (m) => m.draft === (draft === 'yes'),
    // No merge request here has a milestone.
    milestone === undefined || milestone.toLowerCase() === 'none' ? undefined : () => false,
    same(params.string('source_branch'), (m) => m.sourceBranch),
    same(params.string('target_branch'), (m) => m.targetBranch),
    same(params.string('author_username'), (m) => m.author.username),
    same(params.integer('author_id'), (m) => m.author.id),
    not(same(params.string('not[author_username]'), (m) => m.author.username)),
    not(same(params.integer('not[author_id]'), (m) => m.author.id)),
    labelled(params.list('labels')),
    withoutLabels(params.list('not[labels]')),
    numbered(params.list('iids')),
    searched(params.string('search'), params.string('in')),
    between(params, 'created', (m) => m.createdAt),
    between(params, 'updated', (m) => m.updatedAt),
    deployed(params, forge),
  ];
  const wanted = tests.filter((test) => test !== undefined);
  return (mergeRequest) => wanted.every((test) => test(mergeRequest));
}

/** Reads order_by and sort; newest first by creation unless told otherwise. */
export function orderOf(params: Params): (a: MergeRequest, b: MergeRequest) => number {
  const column = params.oneOf('order_by', columns) ?? 'created_at';
  const sign = params.oneOf('sort', ['asc', 'desc'] as const) === 'asc' ? 1 : -1;
  const time = (m: MergeRequest) =>
    (column === 'updated_at' ? m.updatedAt : column === 'merged_at' ? m.mergedAt : m.createdAt)?.getTime() ??
    0;
  return (a, b) => {
    const found = column === 'title' ? a.title.localeCompare(b.title) : time(a) - time(b);
    return sign * (found || a.id - b.id);
  };
}

function same<T>(wanted: T | undefined, of: (m: MergeRequest) => T): Test | undefined {
  return wanted === undefined ? undefined : (m) => of(m) === wanted;
}

function not(test: Test | undefined): Test | undefined {
  return test && ((m) => !test(m));
}

const isWord = (labels: string[], word: string) => labels.length === 1 && labels[0]?.toLowerCase() === word;

/** All of them; `None` and `Any` are words of their own. */
function labelled(labels: string[] | undefined): Test | undefined {
  if (!labels || labels.length === 0) return undefined;
  if (isWord(labels, 'none')) return (m) => m.labels.length === 0;
  if (isWord(labels, 'any')) return (m) => m.labels.length > 0;
  return (m) => labels.every((label) => m.labels.includes(label));
}

/** None of them. */
function withoutLabels(labels: string[] | undefined): Test | undefined {
  if (!labels || labels.length === 0) return undefined;
  return (m) => !labels.some((label) => m.labels.includes(label));
}

function numbered(iids: string[] | undefined): Test | undefined {
  return iids && ((m) => iids.includes(String(m.iid)));
}

function searched(text: string | undefined, where = 'title,description'): Test | undefined {
  if (text === undefined || text === '') return undefined;
  const wanted = text.toLowerCase();
  const fields = where.split(',');
  return (m) =>
    (fields.includes('title') && m.title.toLowerCase().includes(wanted)) ||
    (fields.includes('description') && m.description.toLowerCase().includes(wanted));
}

function between(params: Params, name: string, of: (m: MergeRequest) => Date): Test | undefined {
  const after = params.date(`${name}_after`);
  const before = params.date(`${name}_before`);
  return (m) => (!after || of(m) >= after) && (!before || of(m) <= before);
}

/** One and the same successful deployment that shipped it must fit all three. */
function deployed(params: Params, forge: Forge): Test | undefined {
  const environment = params.string('environment');
  const after = params.date('deployed_after');
  const before = params.date('deployed_before');
  if (environment === undefined && !after && !before) return undefined;
  return (m) =>
    forge.deployments.some(
      ({ mergeRequests, finishedAt, ...to }) =>
        mergeRequests.includes(m) &&
        (environment === undefined || to.environment === environment) &&
        (!after || (finishedAt !== null && finishedAt > after)) &&
        (!before || (finishedAt !== null && finishedAt < before)),
    );
}
