/** The two kinds of Slack text: `mrkdwn` carries markup and is escaped by us, `plain_text` is taken as it is. */
export type TextKind = 'mrkdwn' | 'plain_text';

/** One piece of text that must not be cut, and what it counts for in Slack, in UTF-16 units. */
interface TextPiece {
  piece: string;
  units: number;
}

/** An escape, Slack markup (`<@U1>`, `<!date^…>`, `<https://…|text>`), or one code point. */
const MRKDWN_PIECE = /&(?:amp|lt|gt);|<(?:[@#!][^<>\n]*|[a-zA-Z][a-zA-Z0-9+.-]*:[^<>\n]+)>|./gsu;
const PLAIN_PIECE = /./gsu;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Makes text that came from people, logs or GitLab safe in `mrkdwn`: nothing in it can ping or link. */
export function escapeMrkdwn(text: string): string {
  return text.replace(/[&<>]/g, (character) => ESCAPES[character] ?? character);
}

/** Cuts text into pieces that stay whole, each with the length Slack counts for it. */
function textPieces(text: string, kind: TextKind): TextPiece[] {
  const pieces = text.match(kind === 'mrkdwn' ? MRKDWN_PIECE : PLAIN_PIECE) ?? [];
  return pieces.map((piece) => ({ piece, units: (ESCAPES[piece] ?? piece).length }));
}

/**
 * The text as Slack keeps it. Slack escapes `& < >` before it counts: in `mrkdwn` escapes and markup already
 * count as they stand, stray characters as their escape; in `plain_text` each one counts as its escape.
 */
export function storedText(text: string, kind: TextKind): string {
  if (kind === 'plain_text') return escapeMrkdwn(text);
  return text.replace(MRKDWN_PIECE, (piece) => ESCAPES[piece] ?? piece);
}

/** Length of the text as Slack counts it, in UTF-16 units. */
export function storedLength(text: string, kind: TextKind): number {
  return storedText(text, kind).length;
}

const ELLIPSIS = '…';

/**
 * Shortens text to at most `units` as Slack counts them, ending in `…` when anything was cut. Never cuts a
 * surrogate pair, an escape or a piece of Slack markup. Escape people's text before, not after.
 */
export function truncate(text: string, units: number, kind: TextKind = 'mrkdwn'): string {
  if (storedLength(text, kind) <= units) return text;
  if (units < ELLIPSIS.length) return '';
  let kept = '';
  let left = units - ELLIPSIS.length;
  for (const { piece, units: size } of textPieces(text, kind)) {
    if (size > left) break;
    kept += piece;
    left -= size;
  }
  return kept + ELLIPSIS;
}
