import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { type Catalogue, type CatalogueKnowledge, checkCatalogue } from '../core/catalogue/catalogue.ts';
import type { CatalogueIssue } from '../core/catalogue/wording.ts';
import { type CatalogueFault, pathText, sorted } from './catalogue-file/faults.ts';
import { type ParsedYaml, parseYaml } from './catalogue-file/parse-yaml.ts';
import { locate, positionAt } from './catalogue-file/positions.ts';

/** A catalogue, or every fault of its file in the order of the file. */
export type CatalogueReading = { ok: true; catalogue: Catalogue } | { ok: false; faults: CatalogueFault[] };

/** The file can't be read at all; the message says why and what to do. */
export class CatalogueUnreadable extends Error {
  override readonly name = 'CatalogueUnreadable';
}

const MOST_BYTES = 1_000_000;

function wholeFile(file: string, problem: string, instead: string): CatalogueReading {
  return { ok: false, faults: [{ file, line: 1, column: 1, path: '', problem, instead }] };
}

/**
 * Can the fault be trusted? After a syntax error the rest is guesswork: only what ends before it is known, and
 * what seems to be missing may merely be unread.
 */
function isSound(issue: CatalogueIssue, end: number, yaml: ParsedYaml): boolean {
  return yaml.soundUntil === Number.POSITIVE_INFINITY || (issue.about !== 'absence' && end < yaml.soundUntil);
}

function placed(issues: readonly CatalogueIssue[], yaml: ParsedYaml, file: string): CatalogueFault[] {
  const { document } = yaml;
  if (!document) return [];
  return issues.flatMap((issue): CatalogueFault[] => {
    const span = locate(document, issue.path, issue.about === 'key');
    if (!isSound(issue, span.end, yaml)) return [];
    const { problem, instead } = issue;
    return [{ file, ...positionAt(yaml.counter, span.start), path: pathText(issue.path), problem, instead }];
  });
}

/**
 * Reads a catalogue from its text.
 * @param file its name, for the faults only
 * @param known what it is held against besides its own shape; nothing by default
 * @returns the catalogue, or all faults at once, of YAML and of content
 */
export function readCatalogue(text: string, file: string, known?: CatalogueKnowledge): CatalogueReading {
  if (Buffer.byteLength(text) > MOST_BYTES) {
    return wholeFile(file, 'the file is larger than 1 MB', 'Is it the right file?');
  }
  const yaml = parseYaml(text.replace(/^\uFEFF/, ''));
  const faults = yaml.faults.map(({ offset, problem, instead }) => {
    return { file, ...positionAt(yaml.counter, offset), path: '', problem, instead };
  });
  if (yaml.content === undefined) return { ok: false, faults: sorted(faults) };
  const result = checkCatalogue(yaml.content, known);
  if (result.ok && faults.length === 0) return result;
  const issues = result.ok ? [] : result.issues;
  return { ok: false, faults: sorted([...faults, ...placed(issues, yaml, file)]) };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file. Name another file, or set GONOGO_CATALOGUE.',
  EISDIR: 'It is a folder. Name the file in it.',
  EACCES: 'It may not be read by this user. Check its permissions.',
};

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error));
    throw new CatalogueUnreadable(`${path} can't be read. ${reason}`, { cause: error });
  }
}

/**
 * Reads a catalogue file (settings: GONOGO_CATALOGUE).
 * @throws CatalogueUnreadable when there is no such file or it may not be read
 */
export async function loadCatalogue(path: string, known?: CatalogueKnowledge): Promise<CatalogueReading> {
  const bytes = await readBytes(path);
  if (!isUtf8(bytes)) return wholeFile(path, 'the file is not UTF-8 text', 'Save it as UTF-8.');
  return readCatalogue(bytes.toString('utf8'), path, known);
}
