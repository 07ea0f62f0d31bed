/** One line of Markdown with its marks, read. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'link'; text: string; url: string };

export type MarkdownBlock =
  | { kind: 'heading'; level: number; content: Inline[] }
  | { kind: 'items'; items: { indent: number; checked: boolean | null; content: Inline[] }[] }
  | { kind: 'quote'; content: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'paragraph'; content: Inline[] };

const marks =
  /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(<?(https?:\/\/[^\s)>]+)>?\)|<(https?:\/\/[^\s>]+)>|(https?:\/\/[^\s<>)]+)/g;

/** Reads the marks of one line; what is none is text. A backslash before a mark keeps the mark as text. */
export function parseInline(line: string): Inline[] {
  const found: Inline[] = [];
  const say = (text: string) => {
    const plain = text.replace(/\\([\\`*_{}[\]()#+\-.!<>~|])/g, '$1');
    if (plain !== '') found.push({ kind: 'text', text: plain });
  };
  let at = 0;
  for (const match of line.matchAll(marks)) {
    const [whole, code, bold, label, labelled, angled, bare] = match;
    say(line.slice(at, match.index));
    at = match.index + whole.length;
    const url = labelled ?? angled ?? bare;
    if (code !== undefined) found.push({ kind: 'code', text: code });
    else if (bold !== undefined) found.push({ kind: 'bold', text: bold });
    else if (url !== undefined) found.push({ kind: 'link', text: label ?? url, url });
  }
  say(line.slice(at));
  return found;
}

/** Reads the Markdown that release records use: headings, boxes, lists, quotes, code, bold, links. */
export function parseMarkdown(text: string): MarkdownBlock[] {
  return text.split(/^```.*$/m).flatMap((part, i): MarkdownBlock[] => {
    if (i % 2 === 1) return [{ kind: 'code', text: part.replace(/^\n|\n$/g, '') }];
    return joined(part.split('\n').flatMap(parseLine));
  });
}

function parseLine(line: string): MarkdownBlock[] {
  if (line.trim() === '') return [];
  const heading = /^(#{1,6}) (.*)$/.exec(line);
  if (heading)
    return [{ kind: 'heading', level: heading[1]?.length ?? 1, content: parseInline(heading[2] ?? '') }];
  const item = /^(\s*)(?:[-*+]|\d+\.) (?:\[([ xX])\] )?(.*)$/.exec(line);
  if (item) {
    const checked = item[2] === undefined ? null : item[2] !== ' ';
    const indent = Math.floor((item[1] ?? '').length / 2);
    return [{ kind: 'items', items: [{ indent, checked, content: parseInline(item[3] ?? '') }] }];
  }
  const quote = /^> ?(.*)$/.exec(line);
  if (quote) return [{ kind: 'quote', content: parseInline(quote[1] ?? '') }];
  return [{ kind: 'paragraph', content: parseInline(line) }];
}

/** Items that follow each other are one list. */
function joined(blocks: MarkdownBlock[]): MarkdownBlock[] {
  const found: MarkdownBlock[] = [];
  for (const block of blocks) {
    const last = found.at(-1);
    if (block.kind === 'items' && last?.kind === 'items') last.items.push(...block.items);
    else found.push(block);
  }
  return found;
}
