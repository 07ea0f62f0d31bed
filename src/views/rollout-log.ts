import type { LogExcerpt } from '../core/rollout/verdict.ts';
import { unitsOf } from './release-lines.ts';
import { link, plain } from './text.ts';

/** Log lines of a rollout, in a code block: escaped, nothing of them can link, ping or end the block. */

const fence = '```';
/** Of one line, in Slack's units; longer ones end in an ellipsis. */
const lineUnits = 300;
/** For the title, the fences and the words about what was cut. */
const frameUnits = 120;
const hitMark = '▶';

type Line = LogExcerpt['lines'][number];

/**
 * An excerpt within `units`. Whole lines are cut from the top, since the last ones tell why it ended; where that
 * would cut the line that was found, it begins with that one instead and ends earlier. It says what is left out.
 */
export function excerptText({ title, lines, url }: LogExcerpt, units: number): string {
  const named = url === null ? `*${plain(title.replaceAll('*', '∗'), 120)}*` : link(url, title);
  if (lines.length === 0) return `${named}: no line.`;
  const { shown, earlier, later } = fitting(
    lines,
    Math.max(lineUnits, units - frameUnits - unitsOf([named])),
  );
  const hits = shown.some(({ hit }) => hit) ? ` ${hitMark} marks what was found.` : '';
  const cut = [
    ...(earlier > 0 ? [`${counted(earlier, 'earlier line')} left out.`] : []),
    ...(later > 0 ? [`${counted(later, 'later line')} left out.`] : []),
  ].join(' ');
  const head = `${named}${hits}${cut ? ` ${cut}` : ''}`;
  return [head, fence, ...shown.map(lineText), fence].join('\n');
}

function fitting(lines: readonly Line[], units: number) {
  const from = lastThatFit(lines, units);
  const hit = lines.findIndex((line) => line.hit);
  if (hit === -1 || hit >= from) return { shown: lines.slice(from), earlier: from, later: 0 };
  const to = hit + firstThatFit(lines.slice(hit), units);
  return { shown: lines.slice(hit, to), earlier: hit, later: lines.length - to };
}

/** Index of the first line of the longest tail that fits; at least the last line is shown. */
function lastThatFit(lines: readonly Line[], units: number): number {
  const fit = firstThatFit(lines.toReversed(), units);
  return lines.length - fit;
}

/** How many lines from the first on fit; at least one. */
function firstThatFit(lines: readonly Line[], units: number): number {
  let left = units;
  const over = lines.findIndex((line) => {
    left -= unitsOf([lineText(line)]);
    return left < 0;
  });
  return over === -1 ? lines.length : Math.max(1, over);
}

/** Time, mark, and the line with the indentation of a stack trace hinted at. */
function lineText({ at, text, hit }: Line): string {
  const indent = /^\s/.test(text) ? '  ' : '';
  // Three marks that a neighbour of ours completes would end the block.
  const shown = plain(text, lineUnits).replaceAll('`', 'ˋ');
  return `${hit ? hitMark : ' '} ${plain(at.slice(11, 19), 8)} ${indent}${shown}`.trimEnd();
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
