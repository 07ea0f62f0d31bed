import type { z } from 'zod';
import { type CatalogueIssue, describeIssue, suggestion, wordIssue } from './wording.ts';

/** The checks that there are, with the shape of their parameters: what a gate's `with:` is held against. */
export type KnownChecks = Readonly<Record<string, z.ZodType>>;

export type Path = (string | number)[];
export type Entry = Readonly<Record<string, unknown>>;

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The entries of a list in a block that are blocks of keys themselves, with their paths. */
export function entries(value: unknown, key: string, path: Path): [path: Path, entry: Entry][] {
  const list = isEntry(value) ? value[key] : undefined;
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown, index): [Path, Entry][] =>
    isEntry(entry) ? [[[...path, key, index], entry]] : [],
  );
}

/** What is wrong between the parts of the phases: unknown projects, ids given twice, unknown checks and parameters. */
export function brokenPhaseRules(file: unknown, checks: KnownChecks): CatalogueIssue[] {
  const projects = entries(file, 'projects', []).map(([, { id }]) => String(id));
  const phases = entries(file, 'phases', []);
  const within = phases.flatMap(([path, phase]) => {
    const groups = entries(phase, 'groups', path);
    const gates = groups.flatMap(([at, group]) => entries(group, 'gates', at));
    return [
      ...unknownProjects(path, phase, projects),
      ...twice(groups, 'id', 'group of a phase'),
      ...twice(gates, 'id', 'gate of a phase'),
      ...twice(entries(phase, 'approvals', path), 'id', 'approval of a phase'),
      ...gates.flatMap(([at, gate]) => gateRules(at, gate, checks)),
    ];
  });
  // A release finds its phase again by the name.
  return [...twice(phases, 'id', 'phase'), ...twice(phases, 'name', 'phase'), ...within];
}

function unknownProjects(path: Path, { projects: named }: Entry, known: string[]): CatalogueIssue[] {
  if (!Array.isArray(named)) return [];
  return named.flatMap((id: unknown, index): CatalogueIssue[] =>
    typeof id !== 'string' || known.includes(id)
      ? []
      : [
          {
            path: [...path, 'projects', index],
            about: 'value',
            problem: `"${id}" is no project`,
            instead: suggestion(id, known, 'Declare it under projects.'),
          },
        ],
  );
}

/** Every value of `key` must be its own. */
export function twice(found: [Path, Entry][], key: 'id' | 'name' | 'region', what: string): CatalogueIssue[] {
  const seen = new Set<unknown>();
  return found.flatMap(([path, { [key]: value }]): CatalogueIssue[] => {
    if (typeof value !== 'string') return [];
    if (!seen.has(value)) {
      seen.add(value);
      return [];
    }
    const instead = `Give each ${what} its own ${key}.`;
    return [{ path: [...path, key], about: 'value', problem: `"${value}" is there twice`, instead }];
  });
}

/** A gate's check must be there, and take its parameters. */
export function gateRules(path: Path, gate: Entry, checks: KnownChecks): CatalogueIssue[] {
  const { check, with: given } = gate;
  if (check === undefined)
    return given === undefined
      ? []
      : [
          {
            path: [...path, 'with'],
            about: 'key',
            problem: '"with" is for checks, and people answer this gate',
            instead: 'Leave it out, or name the check.',
          },
        ];
  if (typeof check !== 'string') return [];
  const params = Object.hasOwn(checks, check) ? checks[check] : undefined;
  if (!params)
    return [
      {
        path: [...path, 'check'],
        about: 'value',
        problem: `there is no check "${check}"`,
        instead: suggestion(check, Object.keys(checks), 'Leave it out: then people answer the gate.'),
      },
    ];
  const parsed = params.safeParse(given ?? {}, { error: wordIssue });
  if (parsed.success) return [];
  return parsed.error.issues
    .flatMap(describeIssue)
    .map((issue) => ({ ...issue, path: [...path, 'with', ...issue.path] }));
}
