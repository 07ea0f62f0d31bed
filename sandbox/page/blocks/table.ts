import { type Child, h } from '../dom.ts';
import type { State } from '../store.ts';
import { drawPlain } from '../text/mrkdwn-draw.ts';
import { type Json, list, record, text } from './json.ts';
import { drawRichText } from './rich-text.ts';

/** Draws a table block; its first row is the head, as in Slack. */
export function drawTable(state: State, block: Json): Child {
  const rows = (Array.isArray(block['rows']) ? block['rows'] : []).map((row) => list(row));
  const settings = Array.isArray(block['column_settings']) ? block['column_settings'].map(record) : [];
  const drawRow = (cells: Json[], tag: 'th' | 'td') =>
    h(
      'tr',
      {},
      cells.map((cell, column) => {
        const align = text(settings[column]?.['align']) || 'left';
        return h(tag, { class: `align-${align}`, scope: tag === 'th' && 'col' }, drawCell(state, cell));
      }),
    );
  const [head, ...body] = rows;
  return h(
    'div',
    { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': 'Table' },
    h(
      'table',
      {},
      h('thead', {}, head && drawRow(head, 'th')),
      h(
        'tbody',
        {},
        body.map((row) => drawRow(row, 'td')),
      ),
    ),
  );
}

function drawCell(state: State, cell: Json): Child {
  return cell['type'] === 'rich_text' ? drawRichText(state, cell) : drawPlain(text(cell['text']));
}
