/**
 * Our block inside the description of a Linear issue, between two lines that Linear keeps as they are (HTML comments
 * vanish). Everything outside belongs to people and is never changed (facts: the description is replaced whole).
 */

const begin = '`gonogo:begin`';
const end = '`gonogo:end`';

type Line = { kind: 'begin' | 'end' | 'text'; text: string };

/**
 * The description with `block` in the place of ours; below everything else when there is none yet. A marker that
 * lost its partner is taken out and what stood beside it is kept, since nobody can tell whose it is.
 */
export function mergeRecord(current: string | null, block: string): string {
  const ours = `${begin}\n\n${withoutMarkers(block)}\n\n${end}`;
  const { pieces, isThere } = outside(linesOf(current ?? ''));
  if (isThere) return pieces.map((piece) => (piece === null ? ours : piece)).join('\n');
  const theirs = pieces.join('\n');
  return theirs.trim() === '' ? ours : `${theirs.trimEnd()}\n\n${ours}`;
}

function linesOf(text: string): Line[] {
  return text.split('\n').map((line) => {
    const bare = line.trim();
    return { kind: bare === begin ? 'begin' : bare === end ? 'end' : 'text', text: line };
  });
}

/** No line of ours reads as a marker, whatever was put into it. */
function withoutMarkers(block: string): string {
  const lines = linesOf(block).filter(({ kind }) => kind === 'text');
  return lines
    .map(({ text }) => text)
    .join('\n')
    .trim();
}

/** What is not ours, in lines, with null where our block stands; of several only the first place is kept. */
function outside(lines: readonly Line[]): { pieces: (string | null)[]; isThere: boolean } {
  const pieces: (string | null)[] = [];
  let isThere = false;
  let open: number | null = null;
  for (const { kind, text } of lines) {
    if (kind === 'begin') open = pieces.length;
    if (kind === 'text') pieces.push(text);
    if (kind !== 'end' || open === null) continue;
    pieces.splice(open);
    if (!isThere) pieces.push(null);
    isThere = true;
    open = null;
  }
  return { pieces, isThere };
}

/** Whether two descriptions say the same, however Linear writes its Markdown. */
export function sameRecord(one: string, other: string): boolean {
  return normal(one) === normal(other);
}

/** Bullets, boxes, escapes, bare addresses and blank space in one form. */
function normal(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll('\u2060', '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .split('\n')
    .map((line) =>
      line
        .replace(
          /^(\s*)[-+*]\s+\[([ xX])\]\s*/,
          (_, indent: string, mark: string) => `${indent}* [${mark === ' ' ? ' ' : 'x'}] `,
        )
        .replace(/^(\s*)[-+*]\s+/, '$1* ')
        .replace(/<(https?:\/\/[^\s<>]+)>/g, '$1')
        .replace(/\\([\p{P}\p{S}])/gu, '$1')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '')
    .join('\n');
}
