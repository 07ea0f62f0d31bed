import type { Position } from './positions.ts';

/** One thing that is wrong in a catalogue file. */
export interface CatalogueFault extends Position {
  file: string;
  /** Where in the content, as people write it: `projects[3].group`; empty for the file as a whole. */
  path: string;
  /** What is wrong. */
  problem: string;
  /** What to write instead. */
  instead: string;
}

/** `['projects', 3, 'group']` as people write it. */
export function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** Sorts by place in the file. */
export function sorted(faults: readonly CatalogueFault[]): CatalogueFault[] {
  return faults.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** One line a fault, in the form that editors and CI logs turn into links. */
export function renderFaults(faults: readonly CatalogueFault[]): string {
  return faults
    .map(({ file, line, column, path, problem, instead }) => {
      const what = path === '' ? problem : `${path}: ${problem}`;
      return `${file}:${line}:${column}  ${what}. ${instead}`;
    })
    .join('\n');
}
