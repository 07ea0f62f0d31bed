import type { Block } from '../../slack/screen.ts';
import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import { drawPlain } from '../text/mrkdwn-draw.ts';
import type { Site } from './element.ts';
import { drawElement } from './elements.ts';
import { drawInput } from './input.ts';
import { type Json, list, record, text, textOf } from './json.ts';
import { drawRichText } from './rich-text.ts';
import { drawTable } from './table.ts';
import { drawText } from './text-object.ts';

/** Draws Block Kit blocks as Slack would. A block of a type that the page does not know says so. */
export function drawBlocks(app: App, blocks: Block[], site: Omit<Site, 'blockId'>): Child[] {
  return blocks.map((block) => {
    const here = { ...site, blockId: block.block_id };
    return h('div', { key: block.block_id, class: `block block-${block.type}` }, drawBlock(app, block, here));
  });
}

function drawBlock(app: App, block: Block, site: Site): Child {
  switch (block.type) {
    case 'section':
      return drawSection(app, block, site);
    case 'header':
      return h('h3', { class: 'header-text' }, drawPlain(textOf(block['text'])));
    case 'context':
      return list(block['elements']).map((element) =>
        element['type'] === 'image'
          ? drawImage(element, 'context-image')
          : drawText(app, element, 'context-text'),
      );
    case 'actions':
      return list(block['elements']).map((element) => drawElement(app, element, site));
    case 'divider':
      return h('hr');
    case 'image':
      return drawImageBlock(block);
    case 'input':
      return drawInput(app, block, site);
    case 'rich_text':
      return drawRichText(app.state, block);
    case 'table':
      return drawTable(app.state, block);
    default:
      return h(
        'p',
        { class: 'unknown' },
        `A block of type “${block.type}”: the sandbox's page cannot draw it.`,
      );
  }
}

function drawSection(app: App, block: Json, site: Site): Child {
  const accessory = record(block['accessory']);
  const fields = list(block['fields']);
  return [
    h(
      'div',
      { class: 'section-body' },
      record(block['text']) && drawText(app, block['text'], 'section-text'),
      fields.length > 0 &&
        h(
          'div',
          { class: 'fields' },
          fields.map((field) => drawText(app, field, 'field')),
        ),
    ),
    accessory &&
      h(
        'div',
        { class: 'accessory' },
        accessory['type'] === 'image'
          ? drawImage(accessory, 'accessory-image')
          : drawElement(app, accessory, site, textOf(block['text'])),
      ),
  ];
}

function drawImageBlock(block: Json): Child {
  const title = textOf(block['title']);
  return h('figure', {}, title !== '' && h('figcaption', {}, drawPlain(title)), drawImage(block, 'image'));
}

/** The page loads nothing from elsewhere, so a picture on another host shows as its alternative text. */
function drawImage(image: Json, className: string): Child {
  const alt = text(image['alt_text']);
  const url = text(image['image_url']);
  if (url.startsWith('data:image/')) return h('img', { class: className, src: url, alt });
  return h(
    'span',
    { class: `${className} image-away`, role: 'img', 'aria-label': alt, title: url },
    `🖼 ${alt}`,
  );
}
