import { type Child, h } from '../dom.ts';
import type { State } from '../store.ts';
import { isSafeUrl } from '../text/mrkdwn.ts';
import { drawDate, drawEmoji, drawLink, drawMention } from '../text/mrkdwn-draw.ts';
import { type Json, list, record, text } from './json.ts';

/** Draws a rich_text block: sections, lists, quotes and preformatted text. */
export function drawRichText(state: State, block: Json): Child[] {
  return list(block['elements']).map((part) => drawPart(state, part));
}

function drawPart(state: State, part: Json): Child {
  const inside = () => list(part['elements']).map((element) => drawInline(state, element));
  switch (part['type']) {
    case 'rich_text_list': {
      const indent = Number(part['indent'] ?? 0);
      const items = list(part['elements']).map((item) => h('li', {}, drawPart(state, item)));
      return h(part['style'] === 'ordered' ? 'ol' : 'ul', { class: `indent-${Math.min(indent, 8)}` }, items);
    }
    case 'rich_text_quote':
      return h('blockquote', {}, inside());
    case 'rich_text_preformatted':
      return h('pre', {}, inside());
    default:
      return h('div', { class: 'rich-section' }, inside());
  }
}

function drawInline(state: State, element: Json): Child {
  return styled(record(element['style']) ?? {}, drawContent(state, element));
}

function drawContent(state: State, element: Json): Child {
  switch (element['type']) {
    case 'link': {
      const url = text(element['url']);
      const words = text(element['text']) || url;
      return isSafeUrl(url) ? drawLink(url, words) : words;
    }
    case 'user':
      return drawMention(state, 'user', text(element['user_id']), null);
    case 'channel':
      return drawMention(state, 'channel', text(element['channel_id']), null);
    case 'usergroup':
      return drawMention(state, 'group', text(element['usergroup_id']), null);
    case 'broadcast':
      return h('span', { class: 'mention mention-me' }, `@${text(element['range'])}`);
    case 'emoji':
      return drawEmoji(text(element['name']));
    case 'date':
      return drawDate(Number(element['timestamp']), text(element['format']), null);
    default:
      return text(element['text']);
  }
}

function styled(style: Json, child: Child): Child {
  const tags = { code: 'code', strike: 's', italic: 'em', bold: 'strong' };
  return Object.entries(tags).reduce<Child>(
    (inner, [name, tag]) => (style[name] === true ? h(tag, {}, inner) : inner),
    child,
  );
}
