import type { Params } from './grape.ts';

/** One page of a list with GitLab's offset pagination headers. */
export interface Page<T> {
  items: T[];
  headers: Record<string, string>;
}

/** Reads page and per_page (default 20, at most 100). */
export function pageParams(params: Params): { page: number; perPage: number } {
  const page = params.integer('page') ?? 1;
  const perPage = params.integer('per_page') ?? 20;
  if (page < 1) params.fault('page does not have a valid value');
  if (perPage < 1) params.fault('per_page has a value not allowed');
  return { page, perPage: Math.min(perPage, 100) };
}

/** Cuts the page out of the whole list; `url` is the request's, for the Link header. */
export function paginate<T>(all: T[], at: { page: number; perPage: number }, url: URL): Page<T> {
  const pages = Math.max(1, Math.ceil(all.length / at.perPage));
  const next = at.page < pages ? at.page + 1 : undefined;
  const previous = at.page > 1 ? at.page - 1 : undefined;
  const link = (page: number, rel: string) => {
    const target = new URL(url);
    target.searchParams.set('page', String(page));
    target.searchParams.set('per_page', String(at.perPage));
    return `<${target.href}>; rel="${rel}"`;
  };
  const links = [
    ...(previous === undefined ? [] : [link(previous, 'prev')]),
    ...(next === undefined ? [] : [link(next, 'next')]),
    link(1, 'first'),
    link(pages, 'last'),
  ];
  return {
    items: all.slice((at.page - 1) * at.perPage, at.page * at.perPage),
    headers: {
      link: links.join(', '),
      'x-next-page': next === undefined ? '' : String(next),
      'x-page': String(at.page),
      'x-per-page': String(at.perPage),
      'x-prev-page': previous === undefined ? '' : String(previous),
      'x-total': String(all.length),
      'x-total-pages': String(pages),
    },
  };
}
