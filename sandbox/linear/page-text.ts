const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that can stand in HTML, in an attribute too. */
export const asText = (text: string) => text.replace(/[&<>"']/g, (found) => escapes[found] ?? found);

const address = /&lt;(https?:\/\/[^\s&]+(?:&amp;[^\s&]+)*)&gt;/g;

/** Bold, code, links and bare addresses of one line; everything else is text. */
function inline(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) => {
      if (/^`.+`$/.test(part)) return `<code>${asText(part.slice(1, -1))}</code>`;
      return asText(part)
        .replace(/\[([^\]]+)\]\(&lt;?(https?:\/\/[^\s)]+?)(?:&gt;)?\)/g, '<a href="$2">$1</a>')
        .replace(/\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g, '<a href="$2">$1</a>')
        .replace(address, '<a href="$1">$1</a>')
        .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>');
    })
    .join('');
}

function block(line: string): string {
  const heading = /^(#{1,6}) (.*)$/.exec(line);
  if (heading) {
    const level = Math.min(6, (heading[1]?.length ?? 1) + 1);
    return `<h${level}>${inline(heading[2] ?? '')}</h${level}>`;
  }
  const box = /^\s*[-*+] \[([ x])\] (.*)$/.exec(line);
  if (box) {
    const checked = box[1] === 'x' ? ' checked' : '';
    return `<li class="box"><label><input type="checkbox" disabled${checked}> ${inline(box[2] ?? '')}</label></li>`;
  }
  const item = /^\s*(?:[-*+]|\d+\.) (.*)$/.exec(line);
  if (item) return `<li>${inline(item[1] ?? '')}</li>`;
  const quote = /^> ?(.*)$/.exec(line);
  if (quote) return `<blockquote>${inline(quote[1] ?? '')}</blockquote>`;
  return line.trim() === '' ? '' : `<p>${inline(line)}</p>`;
}

/**
 * The part of Markdown that release records use, as HTML: headings, boxes, lists, quotes, code, bold, links.
 * HTML in the text stays text.
 */
export function asHtml(markdown: string): string {
  const parts = markdown.split(/^```.*$/m);
  return parts
    .map((part, i) => {
      if (i % 2 === 1) return `<pre>${asText(part.trim())}</pre>`;
      return part
        .split('\n')
        .map(block)
        .join('')
        .replace(/(?:<li.*?<\/li>)+/g, (items) => `<ul>${items}</ul>`);
    })
    .join('');
}
