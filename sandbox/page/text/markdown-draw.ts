import { type Child, h } from '../dom.ts';
import { type Inline, type MarkdownBlock, parseMarkdown } from './markdown.ts';
import { isSafeUrl } from './mrkdwn.ts';
import { drawLink } from './mrkdwn-draw.ts';

/** Draws Markdown. Headings begin below `level`, so that they fit what stands around them. */
export function drawMarkdown(text: string, level: number): Child[] {
  return parseMarkdown(text).map((block) => drawBlock(block, level));
}

function drawBlock(block: MarkdownBlock, level: number): Child {
  switch (block.kind) {
    case 'heading':
      return h(`h${Math.min(6, level + block.level)}`, {}, drawInline(block.content));
    case 'items':
      return h(
        'ul',
        {},
        block.items.map(({ indent, checked, content }) =>
          h(
            'li',
            { class: [`indent-${Math.min(3, indent)}`, checked !== null && 'box'].filter(Boolean).join(' ') },
            checked !== null && drawBox(checked),
            h('span', {}, drawInline(content)),
          ),
        ),
      );
    case 'quote':
      return h('blockquote', {}, drawInline(block.content));
    case 'code':
      return h('pre', {}, block.text);
    case 'paragraph':
      return h('p', {}, drawInline(block.content));
  }
}

/** A sign and, for those who do not see it, a word. */
function drawBox(checked: boolean): Child {
  return h(
    'span',
    {
      class: checked ? 'box-sign ticked' : 'box-sign',
      role: 'img',
      'aria-label': checked ? 'done:' : 'open:',
    },
    checked ? '✓' : '',
  );
}

function drawInline(content: Inline[]): Child[] {
  return content.map((piece) => {
    if (piece.kind === 'bold') return h('strong', {}, piece.text);
    if (piece.kind === 'code') return h('code', {}, piece.text);
    if (piece.kind === 'link' && isSafeUrl(piece.url)) return drawLink(piece.url, piece.text);
    return piece.text;
  });
}
