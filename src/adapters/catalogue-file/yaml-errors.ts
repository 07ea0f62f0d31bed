import type { LineCounter, YAMLError } from 'yaml';

/** Something that is wrong with the YAML itself. */
export interface YamlFault {
  /** Offset in the text. */
  offset: number;
  problem: string;
  instead: string;
}

const WORDING: Readonly<Record<string, readonly [problem: string, instead: string]>> = {
  TAB_AS_INDENT: ['a tab is used to indent', 'Indent with spaces.'],
  BAD_INDENT: [
    'the indentation does not fit',
    'Indent entries of one list or block by the same number of spaces.',
  ],
  MISSING_CHAR: [
    'something is missing here',
    'Check for a colon after the key, and a closing quote or bracket.',
  ],
  MULTILINE_IMPLICIT_KEY: [
    'a key runs over several lines',
    'Check the line before: a colon, quote or bracket may be missing.',
  ],
  BLOCK_AS_IMPLICIT_KEY: ['a key is missing its value', 'Check the indentation and the colons here.'],
  UNEXPECTED_TOKEN: ['this does not belong here', 'Put quotes around text that holds special characters.'],
  BAD_SCALAR_START: ['text can not start with this character', 'Put quotes around it.'],
  BAD_DQ_ESCAPE: [
    'the text holds an escape that YAML lacks',
    'Use single quotes, or write \\\\ for a backslash.',
  ],
  NON_STRING_KEY: ['a key must be a single word', 'Write key: value.'],
  RESOURCE_EXHAUSTION: ['the content is nested too deep', 'Start from an example catalogue.'],
  TAG_RESOLVE_FAILED: ['a tag that is not known', 'Leave out the word that starts with !.'],
};

/** What the parser found, in words for people who don't write YAML every day. */
export function describeError(error: YAMLError, text: string): YamlFault {
  const offset = error.pos[0];
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[\w-]+/.exec(text.slice(offset, offset + 80))?.[0] ?? 'the key';
    return { offset, problem: `"${key}" is here twice`, instead: 'Keep one of the two.' };
  }
  const [problem, instead] = WORDING[error.code] ?? [error.message, 'Check the YAML here.'];
  return { offset, problem: `not valid YAML: ${problem}`, instead };
}

/** One slip makes several errors in a row: the first of each line says enough. */
export function firstOfEachLine(faults: readonly YamlFault[], counter: LineCounter): YamlFault[] {
  const lines = new Set<number>();
  return faults
    .toSorted((a, b) => a.offset - b.offset)
    .filter(({ offset }) => {
      const { line } = counter.linePos(offset);
      return !lines.has(line) && lines.add(line);
    });
}
