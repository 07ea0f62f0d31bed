import { ApiError } from './api-error.ts';

/** Sentry's pages: `cursor=0:OFFSET:0`, both directions always in the Link header, `results` says if there is more. */
export function pageOf<T>(all: T[], query: URLSearchParams, url: URL) {
  const cursor = query.get('cursor') ?? '0:0:0';
  const offset = Number(/^-?\d+:(\d+):[01]$/.exec(cursor)?.[1] ?? Number.NaN);
  if (Number.isNaN(offset)) throw new ApiError(400, { detail: 'Invalid cursor parameter.' });
  const text = query.get('limit') ?? query.get('per_page') ?? '100';
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > 100)
    throw new ApiError(400, { detail: 'Invalid per_page value. Must be between 1 and 100.' });
  const link = (rel: string, at: number, back: 0 | 1, more: boolean) => {
    const target = new URL(url);
    const next = `0:${at}:${back}`;
    target.searchParams.set('cursor', next);
    return `<${target.href}>; rel="${rel}"; results="${more}"; cursor="${next}"`;
  };
  const links = [
    link('previous', Math.max(0, offset - limit), 1, offset > 0),
    link('next', offset + limit, 0, offset + limit < all.length),
  ];
  return {
    items: all.slice(offset, offset + limit),
    headers: { link: links.join(', '), 'x-hits': String(all.length), 'x-max-hits': '1000' },
  };
}
