import { CST, Lexer } from 'yaml';
import type { YamlFault } from './yaml-errors.ts';

/** A catalogue is five levels deep. */
const DEEPEST = 100;

/** Enough for two merge keys or aliases in each of 1,000 projects. */
export const MOST_ALIASES = 2_500;

/** Wording for aliases that are too many, or that multiply. */
export const TOO_MUCH = {
  problem: 'the aliases (*name) unfold to too much',
  instead: 'Write the content out.',
};

const TOO_DEEP = { problem: 'the content is nested too deep', instead: 'Start from an example catalogue.' };
const BLOCK_KEY = { problem: 'a key starts with a question mark', instead: 'Write key: value.' };

/** Marks that the lexer puts between the tokens; they are not in the text. */
const MARKS: ReadonlySet<string | null> = new Set(['doc-mode', 'flow-error-end', 'scalar']);

/** How many levels a token opens or closes: brackets over lines, dashes within one. */
const LEVELS: Readonly<Record<string, number>> = {
  'flow-map-start': 1,
  'flow-seq-start': 1,
  'flow-map-end': -1,
  'flow-seq-end': -1,
};

/**
 * Looks at the tokens before the parser does: nesting in brackets, lists in lists on one line and keys that are
 * blocks themselves (`? `), and aliases, cost the parser time that grows faster than the file, so a small file could stall
 * the bot.
 * @returns the first thing that a catalogue never needs, or undefined
 */
export function refuseHostile(text: string): YamlFault | undefined {
  let offset = 0;
  let brackets = 0;
  let dashes = 0;
  let aliases = 0;
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type === 'explicit-key-ind') return { offset, ...BLOCK_KEY };
    brackets = Math.max(0, brackets + (LEVELS[type ?? ''] ?? 0));
    if (type === 'newline') dashes = 0;
    else if (type === 'seq-item-ind') dashes += 1;
    else if (type === 'alias') aliases += 1;
    if (aliases > MOST_ALIASES) return { offset, ...TOO_MUCH };
    if (brackets + dashes > DEEPEST) return { offset, ...TOO_DEEP };
    if (!MARKS.has(type)) offset += token.length;
  }
  return undefined;
}
