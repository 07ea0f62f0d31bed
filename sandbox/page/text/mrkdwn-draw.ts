import { type Child, h } from '../dom.ts';
import type { State } from '../store.ts';
import { nameOf } from '../store.ts';
import { emojiFor } from './emoji.ts';
import { type Mrkdwn, parseMrkdwn, plain, plainText } from './mrkdwn.ts';
import { formatDate, fullTime } from './time.ts';

/** Draws a mrkdwn text. */
export function drawMrkdwn(state: State, text: string): Child[] {
  return parseMrkdwn(text).map((node) => drawNode(state, node));
}

/** Draws plain text: emoji shortcodes become emoji, line breaks stay, nothing else is mark-up. */
export function drawPlain(text: string): Child[] {
  return plain(text)
    .split(/:([a-z0-9_+-]+):/)
    .map((part, i) => (i % 2 === 0 ? part : drawEmoji(part)));
}

/** The text of an announcement for assistive technology. */
export function spoken(state: State, text: string): string {
  return plainText(parseMrkdwn(text), (id) => nameOf(state, id));
}

export function drawEmoji(name: string): Child {
  const found = emojiFor(name);
  if (found === undefined) return `:${name}:`;
  return h(
    'span',
    { class: 'emoji', role: 'img', 'aria-label': name.replaceAll('_', ' '), title: `:${name}:` },
    found,
  );
}

export function drawLink(url: string, children: Child): Child {
  return h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, children);
}

/** A person, channel or group by its id; `label` is what the app wrote for readers who don't know the id. */
export function drawMention(
  state: State,
  kind: 'user' | 'channel' | 'group',
  id: string,
  label: string | null,
): Child {
  const sign = kind === 'channel' ? '#' : '@';
  const known = nameOf(state, id);
  const name = known === id ? (label ?? id) : known;
  const me = kind === 'user' && id === state.userId;
  return h(
    'span',
    { class: me ? 'mention mention-me' : 'mention' },
    name.startsWith(sign) ? name : sign + name,
  );
}

export function drawDate(seconds: number, format: string, url: string | null): Child {
  const text = formatDate(seconds, format);
  const time = h(
    'time',
    { datetime: new Date(seconds * 1000).toISOString(), title: fullTime(String(seconds)) },
    text,
  );
  return url ? drawLink(url, time) : time;
}

const tags = { bold: 'strong', italic: 'em', strike: 's', quote: 'blockquote' } as const;

function drawNode(state: State, node: Mrkdwn): Child {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'bold':
    case 'italic':
    case 'strike':
    case 'quote':
      return h(
        tags[node.kind],
        {},
        node.children.map((child) => drawNode(state, child)),
      );
    case 'code':
      return h('code', {}, node.text);
    case 'pre':
      return h('pre', {}, node.text);
    case 'link':
      return drawLink(node.url, node.text);
    case 'user':
    case 'channel':
    case 'group':
      return drawMention(state, node.kind, node.id, node.label);
    case 'everyone':
      return h('span', { class: 'mention mention-me' }, `@${node.name}`);
    case 'date':
      return drawDate(node.seconds, node.format, node.url);
    case 'emoji':
      return drawEmoji(node.name);
    case 'break':
      return h('br');
  }
}
