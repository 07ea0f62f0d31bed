/** Plain text in columns of one width, for the summary of a decision. */

/** As wide as the sample of the release-go-no-go document, so that it is never wrapped once more. */
const columns = 60;

/** Foreign text on one line, without characters that have no width or turn the line around. */
function oneLine(text: string): string {
  return text.toWellFormed().replace(/\s+/g, ' ').replace(/\p{C}/gu, '').trim();
}

/** Text in lines of at most 60 columns; `first` stands before the first line, `others` before each further one. */
export function wrapped(text: string, first: string, others: string): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of oneLine(text)
    .split(' ')
    .flatMap((long) => pieces(long, columns - others.length))) {
    const longer = isEmpty ? `${line}${word}` : `${line} ${word}`;
    if (isEmpty || width(longer) <= columns) {
      line = longer;
    } else {
      lines.push(line);
      line = `${others}${word}`;
    }
    isEmpty = false;
  }
  return [...lines, line.trimEnd()];
}

/** A name with dots up to its result: "Delivery ......... PASS". */
export function dotted(name: string, result: string): string {
  const room = columns - result.length - 4;
  const [shown = ''] = pieces(oneLine(name), room);
  return `${shown} ${'.'.repeat(columns - width(shown) - result.length - 2)} ${result}`;
}

function width(text: string): number {
  return [...text].length;
}

/** A word in pieces of at most `most` characters. */
function pieces(word: string, most: number): string[] {
  const characters = [...word];
  return Array.from({ length: Math.max(1, Math.ceil(characters.length / most)) }, (_, index) =>
    characters.slice(index * most, (index + 1) * most).join(''),
  );
}
