const fence = /^\s*(```|~~~)/;
const box = /^(\s*)[-*+] \[([ xX])\] (.*)$/;

/** Applies `change` to every line outside a code block. */
function outsideCode(text: string, change: (line: string) => string): string {
  let inCode = false;
  return text
    .split('\n')
    .map((line) => {
      if (fence.test(line)) {
        inCode = !inCode;
        return line;
      }
      return inCode ? line : change(line);
    })
    .join('\n');
}

function rewriteLine(line: string): string {
  const item = box.exec(line);
  const bulleted = item
    ? `${item[1]}- [${item[2] === ' ' ? ' ' : 'x'}] ${item[3]}`
    : line.replace(/^(\s*)[-+] /, '$1* ');
  return bulleted
    .split(/(`[^`]*`)/)
    .map((part) =>
      part.startsWith('`') ? part : part.replace(/(^|[\s])(https?:\/\/[^\s<>)\]]+)/g, '$1<$2>'),
    )
    .join('')
    .trimEnd();
}

/**
 * Markdown as Linear gives it back after it was saved: it keeps its editor's document and writes Markdown anew.
 * HTML comments are gone, bullets are `*`, boxes stay `- [ ]`, bare URLs stand in `<…>`, blank lines are never
 * doubled, nothing is left at either end. What is already so stays as it is.
 */
export function asLinearWrites(text: string): string {
  const withoutComments = text.replaceAll('\r\n', '\n').replace(/<!--[\s\S]*?-->/g, '');
  return outsideCode(withoutComments, rewriteLine)
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** One box of a checklist. */
export interface Box {
  /** From 0, in order of the text. */
  index: number;
  text: string;
  checked: boolean;
}

/** The boxes of a text, in order. */
export function boxesOf(text: string): Box[] {
  const boxes: Box[] = [];
  outsideCode(text, (line) => {
    const item = box.exec(line);
    if (item) boxes.push({ index: boxes.length, text: item[3] ?? '', checked: item[2] !== ' ' });
    return line;
  });
  return boxes;
}

/** Ticks or unticks the box with that index; `checked` absent: the other way round. */
export function toggled(text: string, index: number, checked?: boolean): string {
  let at = -1;
  return outsideCode(text, (line) => {
    const item = box.exec(line);
    if (!item) return line;
    at += 1;
    if (at !== index) return line;
    const next = checked ?? item[2] === ' ';
    return `${item[1]}- [${next ? 'x' : ' '}] ${item[3]}`;
  });
}
