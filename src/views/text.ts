import type { Block } from '../core/ports.ts';
import { type Problem, sentenceOf } from '../core/problem.ts';
import { escapeMrkdwn, storedLength, truncate } from '../core/slack-payload/stored-length.ts';

/** Small pieces of Block Kit. Everything that people, GitLab or logs wrote goes through {@link plain}. */

/** Foreign text for mrkdwn: escaped, on one line, at most `units` long. */
export function plain(text: string, units = 300): string {
  return truncate(escapeMrkdwn(contained(text).replace(/\s+/g, ' ').trim()), units);
}

/** Without what reaches beyond itself: a fence goes on over the lines below, a turning mark turns what follows. */
function contained(text: string): string {
  return text.replaceAll('```', 'ˋˋˋ').replace(/[\u202A-\u202E\u2066-\u2069]/g, '');
}

/** Foreign text as inline code; a backtick in it would end the code. */
export function code(text: string): string {
  return `\`${plain(text.replaceAll('`', 'ˋ'), 120)}\``;
}

/** Longer than any address of GitLab's, and short enough that a list of links fits into one text. */
const longestAddress = 500;

/** A link, or its label alone where the address is none of the web: as a link, `!channel` would ping. */
export function link(url: string, label: string): string {
  const shown = plain(label, 120).replaceAll('|', '/') || 'link';
  const address = webAddress(url);
  return address === null ? shown : `<${address}|${shown}>`;
}

/** The address with everything encoded that would end a link; null when it is none, or too long. */
function webAddress(url: string): string | null {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:') return null;
  const address = parsed.href.replace(/[|<>\s]/g, encodeURIComponent);
  return address.length > longestAddress ? null : address;
}

/** The first of these lines, `most` at most and `units` long together; `rest` words how many are left out. */
export function firstLines(
  lines: readonly string[],
  most: number,
  units: number,
  rest: (count: number) => string,
): string[] {
  let left = units;
  const cut = lines.slice(0, most).findIndex((line) => {
    left -= storedLength(line, 'mrkdwn') + 1;
    return left < 0;
  });
  const shown = lines.slice(0, cut === -1 ? most : cut);
  const leftOut = lines.length - shown.length;
  return leftOut > 0 ? [...shown, rest(leftOut)] : shown;
}

/** A moment as each reader's own clock shows it. */
export function moment(iso: string): string {
  const seconds = Math.floor(Date.parse(iso) / 1_000);
  return `<!date^${seconds}^{date_short_pretty} {time}|${iso.slice(0, 16).replace('T', ' ')} UTC>`;
}

/** A user or a user group as a mention. */
export function mention(id: string): string {
  return id.startsWith('S') ? `<!subteam^${id}>` : `<@${id}>`;
}

export function section(text: string): Block {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

export function context(text: string): Block {
  return { type: 'context', elements: [{ type: 'mrkdwn', text }] };
}

export function plainText(text: string): { type: 'plain_text'; text: string; emoji: boolean } {
  return { type: 'plain_text', text, emoji: true };
}

/** A problem for mrkdwn, `units` long at most: what in bold, then why and what to do. */
export function problemText(problem: Problem, units = 700): string {
  const { what, why, todo, people = [] } = problem;
  const asked = people.length > 0 ? ` ${people.map(mention).join(', ')}` : '';
  const rest = [why, todo].filter(Boolean).join(' ');
  return `*${plain(what, 200).replaceAll('*', '∗')}* ${plain(rest, units)}${asked}`.trim();
}

/** A problem for a place that shows plain text only. */
export function problemPlain(problem: Problem, units = 150): string {
  return truncate(sentenceOf(problem), units, 'plain_text');
}
