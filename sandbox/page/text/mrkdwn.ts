/**
 * Slack's mrkdwn as a tree. Pure, so that it can be tested without a browser; mrkdwn-draw.ts turns the
 * tree into elements.
 */
export type Mrkdwn =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'strike' | 'quote'; children: Mrkdwn[] }
  | { kind: 'code' | 'pre'; text: string }
  | { kind: 'link'; url: string; text: string }
  | { kind: 'user' | 'channel' | 'group'; id: string; label: string | null }
  | { kind: 'everyone'; name: string }
  | { kind: 'date'; seconds: number; format: string; url: string | null; fallback: string }
  | { kind: 'emoji'; name: string }
  | { kind: 'break' };

/** Parses a whole mrkdwn text. Never throws: what is no mark-up is text. */
export function parseMrkdwn(text: string): Mrkdwn[] {
  const parts = text.split(/```([\s\S]+?)```/);
  return parts.flatMap((part, i) =>
    i % 2 === 1
      ? [{ kind: 'pre' as const, text: plain(part.replace(/^\n/, '').replace(/\n$/, '')) }]
      : parseLines(trimAround(part, i, parts.length)),
  );
}

/** A code block stands on lines of its own; the line breaks beside it are not drawn as well. */
function trimAround(part: string, index: number, count: number): string {
  const start = index > 0 ? part.replace(/^\n/, '') : part;
  return index < count - 1 ? start.replace(/\n$/, '') : start;
}

function parseLines(text: string): Mrkdwn[] {
  const nodes: Mrkdwn[] = [];
  let quote: string[] = [];
  const endQuote = () => {
    if (quote.length > 0) nodes.push({ kind: 'quote', children: joinLines(quote) });
    quote = [];
  };
  let lines: string[] = [];
  const endLines = () => {
    if (lines.length > 0) nodes.push(...joinLines(lines));
    lines = [];
  };
  for (const line of text === '' ? [] : text.split('\n')) {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (quoted) {
      endLines();
      quote.push(quoted[1] ?? '');
    } else {
      endQuote();
      lines.push(line);
    }
  }
  endQuote();
  endLines();
  return nodes;
}

function joinLines(lines: string[]): Mrkdwn[] {
  return lines.flatMap((line, i) =>
    i === 0 ? parseInline(line) : [{ kind: 'break' }, ...parseInline(line)],
  );
}

const inline =
  /`([^`\n]+)`|<([^<>\n]+)>|:([a-z0-9_+-]+)(?::skin-tone-\d)?:|(?<![\p{L}\p{N}])([*_~])(?=\S)((?:(?!\4).)*?\S)\4(?![\p{L}\p{N}])/gu;
const marks = { '*': 'bold', _: 'italic', '~': 'strike' } as const;

function parseInline(text: string): Mrkdwn[] {
  const nodes: Mrkdwn[] = [];
  let end = 0;
  const upTo = (index: number) => {
    if (index > end) nodes.push({ kind: 'text', text: plain(text.slice(end, index)) });
  };
  for (const found of text.matchAll(inline)) {
    const [whole, code, entity, emoji, mark, marked] = found;
    upTo(found.index);
    end = found.index + whole.length;
    if (code !== undefined) nodes.push({ kind: 'code', text: plain(code) });
    else if (entity !== undefined) nodes.push(parseEntity(entity));
    else if (emoji !== undefined) nodes.push({ kind: 'emoji', name: emoji });
    else if (mark && marked) {
      nodes.push({ kind: marks[mark as keyof typeof marks], children: parseInline(marked) });
    }
  }
  upTo(text.length);
  return nodes;
}

/** What stands between < and >: a mention, a date, or a link. */
function parseEntity(entity: string): Mrkdwn {
  const bar = entity.indexOf('|');
  const target = bar === -1 ? entity : entity.slice(0, bar);
  const label = bar === -1 ? null : plain(entity.slice(bar + 1));
  if (target.startsWith('@')) return { kind: 'user', id: target.slice(1), label };
  if (target.startsWith('#')) return { kind: 'channel', id: target.slice(1), label };
  const special = /^!(subteam|date)\^(.+)$/.exec(target);
  if (special?.[1] === 'subteam') return { kind: 'group', id: special[2] ?? '', label };
  if (special?.[1] === 'date') return parseDate(special[2] ?? '', label);
  if (target.startsWith('!')) return { kind: 'everyone', name: label ?? target.slice(1) };
  return parseLink(plain(target), label);
}

function parseDate(target: string, fallback: string | null): Mrkdwn {
  const [seconds, format = '', url = null] = target.split('^');
  const time = Number(seconds);
  if (!Number.isFinite(time) || format === '') return { kind: 'text', text: fallback ?? target };
  return {
    kind: 'date',
    seconds: time,
    format,
    url: url && isSafeUrl(url) ? url : null,
    fallback: fallback ?? '',
  };
}

function parseLink(url: string, label: string | null): Mrkdwn {
  if (!isSafeUrl(url)) return { kind: 'text', text: label ?? `<${url}>` };
  return { kind: 'link', url, text: label ?? url.replace(/^mailto:/, '') };
}

/** Whether a link may be followed: the web, mail or telephone, never `javascript:` and the like. */
export function isSafeUrl(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:', 'mailto:', 'tel:'].includes(new URL(url).protocol);
}

/** Undoes Slack's three escapes. */
export function plain(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** The text alone, for announcements: marks dropped, mentions and dates by their label. */
export function plainText(nodes: Mrkdwn[], nameOf: (id: string) => string): string {
  return nodes
    .map((node): string => {
      if ('children' in node) return plainText(node.children, nameOf);
      if ('text' in node) return node.text;
      if ('id' in node) {
        return node.label ?? nameOf(node.id);
      }
      if (node.kind === 'date') return node.fallback;
      if (node.kind === 'break') return ' ';
      return node.kind === 'everyone' ? node.name : '';
    })
    .join('');
}
