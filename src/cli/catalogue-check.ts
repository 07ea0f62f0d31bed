import { renderFaults } from '../adapters/catalogue-file/faults.ts';
import { CatalogueUnreadable, loadCatalogue } from '../adapters/catalogue-file.ts';
import { knowledge } from '../checks/index.ts';
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import { catalogueJsonSchema } from '../core/catalogue/schema.ts';

/** Where a command writes; `process` is one. */
export interface Output {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function summary(file: string, catalogue: Catalogue): string {
  const { projects, groups, roles, gitlab } = catalogue;
  const grouped = groups.length > 0 ? ` in ${counted(groups.length, 'group')}` : '';
  const branches = new Set(projects.map((project) => project.releaseBranch));
  const engineers = roles.releaseEngineer;
  const people = [
    ...(engineers.users.length > 0 ? [counted(engineers.users.length, 'user')] : []),
    ...(engineers.groups.length > 0 ? [counted(engineers.groups.length, 'user group')] : []),
  ];
  return (
    `${file} is fine: ${counted(projects.length, 'project')}${grouped}, root ${gitlab.root}, ` +
    `${branches.size === 1 ? 'branch' : 'branches'} ${[...branches].join(', ')}; ` +
    `release engineers: ${people.join(' and ')}.`
  );
}

/**
 * `gonogo catalogue check FILE`: says in one line that the catalogue is fine, or lists every fault.
 * @returns the exit code: 0 fine, 1 faults, 3 wrong use (no such file)
 */
export async function catalogueCheck(file: string, { stdout, stderr }: Output): Promise<number> {
  try {
    const reading = await loadCatalogue(file, knowledge);
    if (reading.ok) {
      stdout.write(`${summary(file, reading.catalogue)}\n`);
      return 0;
    }
    stderr.write(`${renderFaults(reading.faults)}\n`);
    stderr.write(`${file} has ${counted(reading.faults.length, 'fault')}.\n`);
    return 1;
  } catch (error) {
    if (!(error instanceof CatalogueUnreadable)) throw error;
    stderr.write(`${error.message}\n`);
    return 3;
  }
}

/** `gonogo catalogue schema`: prints the JSON Schema of a catalogue, for editors. Exit code 0. */
export function catalogueSchema({ stdout }: Pick<Output, 'stdout'>): number {
  stdout.write(`${JSON.stringify(catalogueJsonSchema(), null, 2)}\n`);
  return 0;
}
