import type { Block } from '../core/ports.ts';
import { type Problem, sentenceOf } from '../core/problem.ts';
import { escapeMrkdwn, truncate } from '../core/slack-payload/stored-length.ts';

/** Small pieces of Block Kit. Everything that people, GitLab or logs wrote goes through {@link plain}. */

/** Foreign text for mrkdwn: escaped, on one line, at most `units` long. */
export function plain(text: string, units = 300): string {
  return truncate(escapeMrkdwn(text.replace(/\s+/g, ' ').trim()), units);
}

/** Foreign text as inline code; a backtick in it would end the code. */
export function code(text: string): string {
  return `\`${plain(text.replaceAll('`', 'ˋ'), 120)}\``;
}

/** A link; a `|` or `>` in an address would end it. */
export function link(url: string, label: string): string {
  return `<${encodeURI(decodeURI(url)).replaceAll('|', '%7C').replaceAll('>', '%3E')}|${plain(label, 120).replaceAll('|', '/')}>`;
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
