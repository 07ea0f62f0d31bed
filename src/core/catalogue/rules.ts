import { type CatalogueIssue, suggestion } from './wording.ts';

type Entry = Readonly<Record<string, unknown>>;

/** The entries of a list that are blocks of keys, with their index; anything else is the schema's to report. */
function entriesOf(file: unknown, section: string): [index: number, entry: Entry][] {
  if (!isEntry(file)) return [];
  const list = file[section];
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown, index): [number, Entry][] => (isEntry(entry) ? [[index, entry]] : []));
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every value of `key` must be its own. GitLab ignores the case of a path, so that is ignored here as well. */
function repeats(file: unknown, section: string, key: string, advice: string): CatalogueIssue[] {
  const first = new Map<string, number>();
  return entriesOf(file, section).flatMap(([index, entry]): CatalogueIssue[] => {
    const value = entry[key];
    if (typeof value !== 'string') return [];
    const earlier = first.get(value.toLowerCase());
    if (earlier === undefined) {
      first.set(value.toLowerCase(), index);
      return [];
    }
    const problem = `"${value}" is already the ${key} of ${section}[${earlier}]`;
    return [{ path: [section, index, key], about: 'value', problem, instead: advice }];
  });
}

/** A project's group must be one of `groups`. */
function unknownGroups(file: unknown): CatalogueIssue[] {
  const groups = entriesOf(file, 'groups').flatMap(([, { id }]) => (typeof id === 'string' ? [id] : []));
  const known = new Set(groups);
  return entriesOf(file, 'projects').flatMap(([index, { group }]): CatalogueIssue[] => {
    if (typeof group !== 'string' || known.has(group)) return [];
    const instead = suggestion(group, groups, 'Declare it under groups: - { id: …, name: … }');
    return [
      { path: ['projects', index, 'group'], about: 'absence', problem: `"${group}" is no group`, instead },
    ];
  });
}

/** What is wrong between the parts of a catalogue. Takes any value: the schema judges each part by itself. */
export function brokenRules(file: unknown): CatalogueIssue[] {
  return [
    ...repeats(file, 'groups', 'id', 'Give each group its own id.'),
    ...repeats(
      file,
      'projects',
      'id',
      'Give each project its own id, or remove the entry that is there twice.',
    ),
    ...repeats(file, 'projects', 'path', 'Remove one of the two entries: a project is declared once.'),
    ...unknownGroups(file),
  ];
}
