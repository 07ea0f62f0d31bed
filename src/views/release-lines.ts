import type { Block } from '../core/ports.ts';
import { storedLength } from '../core/slack-payload/stored-length.ts';
import { firstLines, section } from './text.ts';

/** Lists that may be far longer than Slack takes: only what can be shown is put into words. */

/** Of Slack's 3,000 for one text. */
const sectionUnits = 2_900;

/** The first of these as lines, `most` at most and `units` long together; `rest` words how many are left out. */
export function firstOf<T>(
  items: readonly T[],
  most: number,
  units: number,
  toLine: (item: T) => string,
  rest: (count: number) => string,
): string[] {
  const lines = items.map((item, index) => (index < most ? toLine(item) : ''));
  return firstLines(lines, most, units, rest);
}

/** What lines take of Slack's budget, each with its line break. */
export function unitsOf(lines: readonly string[]): number {
  return lines.reduce((units, line) => units + storedLength(line, 'mrkdwn') + 1, 0);
}

/** Lines in as few sections as Slack's limit for one text allows. */
export function sections(lines: readonly string[]): Block[] {
  const texts: string[] = [];
  let units = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const length = unitsOf([line]);
    if (units + length > sectionUnits) {
      texts.push(line);
      units = length;
    } else {
      texts.push(`${texts.pop() ?? ''}\n${line}`);
      units += length;
    }
  }
  return texts.map(section);
}
