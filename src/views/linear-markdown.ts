import { truncate } from '../core/slack-payload/stored-length.ts';

/**
 * Small pieces of Markdown as Linear writes it back, so that what was written reads the same afterwards. Everything
 * that people, GitLab or logs wrote goes through {@link prose}: it can neither form marks nor mention anybody.
 */

/** Behind an `@` it keeps the letters from becoming a mention, and nobody sees it: WORD JOINER. */
const joiner = '\u2060';

/**
 * Foreign text on one line, at most `units` long: no heading, list, box, code, HTML, marker or mention. Addresses of
 * the web in it are links to exactly what they show.
 */
export function prose(text: string, units = 3_000): string {
  // Far more than is kept need not be looked at.
  const line = oneLine(text)
    .slice(0, units + 1)
    .toWellFormed();
  return truncate(line, units, 'plain_text')
    .split(/(https?:\/\/[^\s<>"'`…]*[^\s<>"'`….,;:!?)\]])/)
    .map((part, index) => (index % 2 === 1 ? address(part) : escaped(part)))
    .join('')
    .replace(/^([#+=-]|\d+(?=[.)](?:\s|$)))/, (mark) => (/\d/.test(mark) ? `${mark}\\` : `\\${mark}`));
}

function escaped(text: string): string {
  return text
    .replace(/[\\`*_[\]<>~|]/g, '\\$&')
    .replace(/&(?=#?\w+;)/g, '\\&')
    .replaceAll('@', `@${joiner}`)
    .replaceAll('://', `:${joiner}//`);
}

/** One line, without characters that are invisible or turn it around. */
function oneLine(text: string): string {
  return text.toWellFormed().replace(/\s+/g, ' ').replace(/\p{C}/gu, '').trim();
}

/** Foreign text as inline code; a backtick in it would end the code. */
export function inlineCode(text: string): string {
  return `\`${oneLine(text).replaceAll('`', 'ˋ') || ' '}\``;
}

/** Words of the catalogue, in which inline code is meant; all else in them is text. */
export function worded(text: string): string {
  return oneLine(text)
    .split(/(`[^`]+`)/)
    .map((part, index) => (index % 2 === 1 ? part : between(part)))
    .join('')
    .trim();
}

/** Prose that keeps the white space at its ends, since code stands beside it. */
function between(text: string): string {
  const [, before = '', middle = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? [];
  return `${before}${prose(middle)}${after}`;
}

/** A link, or its label alone where the address is none of the web. */
export function linked(url: string | null, label: string): string {
  const address = url === null ? null : webAddress(url);
  if (address === null) return prose(label, 200) || 'link';
  // Words alone: an address in them would become a link within the link.
  const shown = escaped(truncate(oneLine(label).slice(0, 201).toWellFormed(), 200, 'plain_text')) || 'link';
  return `[${shown}](${address})`;
}

/** A bare address as Linear writes it. */
export function address(url: string): string {
  const found = webAddress(url);
  return found === null ? escaped(oneLine(url)) : `<${found}>`;
}

/** The address with everything encoded that would end a link; null when it is none, or too long. */
function webAddress(url: string): string | null {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:') return null;
  if (parsed.username !== '' || parsed.password !== '') return null;
  // A person's page in Linear is a mention of that person.
  if (/(?:^|\.)linear\.app$/.test(parsed.hostname) && parsed.pathname.includes('/profiles/')) return null;
  const found = parsed.href.replace(/[\s<>()[\]\\`|*@]/g, encoded);
  return found.length > 1_000 ? null : found;
}

function encoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Slack ids to what people are called. */
export type Names = ReadonlyMap<string, string>;

/** Whoever did something, by name; by the id in Slack where the name is not known. */
export function person(id: string, names: Names): string {
  const name = names.get(id);
  return name === undefined ? inlineCode(id) : prose(name, 80);
}

/** A moment as 2026-11-20T10:00:00Z. */
export function when(iso: string): string {
  return `${iso.slice(0, 19)}Z`;
}
