import type { Condition, Matcher } from './filter.ts';
import { badArgument, invalidInput } from './problems.ts';

/** What lists are asked with (Relay); `includeArchived` changes nothing, for nothing is ever archived here. */
export interface PageArgs {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
  orderBy?: 'createdAt' | 'updatedAt' | null;
  filter?: Condition | null;
  sort?: readonly Condition[] | null;
}

interface Listed {
  id: string;
  createdAt: Date;
  updatedAt: Date;
}

export interface Page<T> {
  nodes: T[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

/** Entities of a page when the query does not say how many. */
export const usualPage = 50;
const largestPage = 250;

/**
 * One page of a list: newest first unless `sort` says otherwise. Refuses more than 250 entities, both directions
 * at once, and a cursor that leads nowhere.
 */
export function page<T extends Listed>(all: readonly T[], args: PageArgs, matches?: Matcher<T>): Page<T> {
  const { filter, after, before, first, last } = args;
  for (const [name, count] of Object.entries({ first, last })) {
    if (typeof count !== 'number') continue;
    if (count > largestPage) throw badArgument(`${name} must not be greater than ${largestPage}`);
    if (count < 1) throw badArgument(`${name} must not be less than 1`);
  }
  if (typeof first === 'number' && typeof last === 'number')
    throw badArgument('first and last must not be used together');
  const found = filter && matches ? all.filter((item) => matches(item, filter)) : [...all];
  const ordered = found.sort(order(args));
  const from = after ? at(ordered, after) + 1 : 0;
  const to = before ? at(ordered, before) : ordered.length;
  const range = ordered.slice(from, to);
  const nodes = typeof last === 'number' ? range.slice(-last) : range.slice(0, first ?? usualPage);
  const start = nodes[0] ? ordered.indexOf(nodes[0]) : from;
  return {
    nodes,
    pageInfo: {
      hasPreviousPage: start > 0,
      hasNextPage: start + nodes.length < ordered.length,
      startCursor: nodes[0]?.id ?? null,
      endCursor: nodes.at(-1)?.id ?? null,
    },
  };
}

function at(ordered: readonly Listed[], cursor: string): number {
  const index = ordered.findIndex((item) => item.id === cursor);
  if (index < 0) throw invalidInput('Invalid cursor', 'The cursor leads to nothing in this list.');
  return index;
}

function order({ orderBy, sort }: PageArgs): (a: Listed, b: Listed) => number {
  const [wanted] = sort ?? [];
  const [key, how] = Object.entries(wanted ?? {})[0] ?? [orderBy ?? 'createdAt', { order: 'Descending' }];
  const sign = (how as Condition)['order'] === 'Ascending' ? 1 : -1;
  const value = (item: Listed): string | number => {
    const found = (item as unknown as Condition)[key];
    return found instanceof Date ? found.getTime() : String(found);
  };
  return (a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === y) return sign * (a.createdAt.getTime() - b.createdAt.getTime());
    return x < y ? -sign : sign;
  };
}
