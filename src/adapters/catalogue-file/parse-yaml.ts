import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { unfold } from './aliases.ts';
import { refuseHostile } from './guard.ts';
import { describeError, firstOfEachLine, type YamlFault } from './yaml-errors.ts';

/** A parsed file: what can be read of it, and every fault of the YAML. */
export interface ParsedYaml {
  counter: LineCounter;
  /** Undefined when there is nothing to look at. */
  document: Document | undefined;
  /** The content as plain values; undefined when it can't be read at all. */
  content: unknown;
  faults: YamlFault[];
  /** Offset from which on the content can't be trusted; infinite for well-formed YAML. */
  soundUntil: number;
}

const EMPTY: YamlFault = {
  offset: 0,
  problem: 'the file is empty',
  instead: 'Start from an example catalogue.',
};

/** What the parser says of one document: slips of syntax, keys that are there twice, tags it does not know. */
function syntaxFaults(document: Document, text: string, counter: LineCounter): [YamlFault[], number] {
  const all = [...document.errors, ...document.warnings];
  const repeated = all.filter((error) => error.code === 'DUPLICATE_KEY');
  const slips = all
    .filter((error) => error.code !== 'DUPLICATE_KEY')
    .map((error) => describeError(error, text));
  const shown = firstOfEachLine(slips, counter);
  return [
    [...shown, ...repeated.map((error) => describeError(error, text))],
    shown[0]?.offset ?? Number.POSITIVE_INFINITY,
  ];
}

/** Knows the lines of a text also where the parser did not get to. */
function lineCounter(text: string): LineCounter {
  const counter = new LineCounter();
  for (let start = 0; start >= 0; ) {
    counter.addNewLine(start);
    const next = text.indexOf('\n', start);
    start = next === -1 ? -1 : next + 1;
  }
  return counter;
}

function unreadable(counter: LineCounter, fault: YamlFault): ParsedYaml {
  return { counter, document: undefined, content: undefined, faults: [fault], soundUntil: 0 };
}

/** Parses one YAML document, with anchors, aliases and merge keys, and gives all its faults at once. */
export function parseYaml(text: string): ParsedYaml {
  const counter = lineCounter(text);
  const hostile = refuseHostile(text);
  if (hostile) return unreadable(counter, hostile);
  const options = { merge: true, prettyErrors: false, stringKeys: true, logLevel: 'error' as const };
  const documents: Document.Parsed[] = [...parseAllDocuments(text, options)];
  const [document, second] = documents;
  if (!document || (document.contents === null && document.errors.length === 0)) {
    return unreadable(counter, EMPTY);
  }
  const [faults, soundUntil] = syntaxFaults(document, text, counter);
  if (second) {
    const problem = 'a second document starts here (---)';
    const instead = 'A catalogue is one document: remove the line.';
    faults.push({ offset: second.range[0], problem, instead });
  }
  const values = unfold(document);
  if ('content' in values) return { counter, document, content: values.content, faults, soundUntil };
  return { counter, document, content: undefined, faults: [...faults, ...values.faults], soundUntil: 0 };
}
