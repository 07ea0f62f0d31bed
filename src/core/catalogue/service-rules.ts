import { type Entry, entries, gateRules, type KnownChecks, type Path, twice } from './phase-rules.ts';
import { type CatalogueIssue, suggestion } from './wording.ts';

/** What is wrong with a regular expression, or null: said by the engine that will run it. */
export type PatternFault = (pattern: string) => string | null;

/** What is wrong between the parts that say how deployments are validated: unknown ids, ids given twice, patterns. */
export function brokenServiceRules(
  file: unknown,
  checks: KnownChecks,
  patternFault: PatternFault,
): CatalogueIssue[] {
  const idsOf = (section: string) => entries(file, section, []).map(([, { id }]) => String(id));
  const services = entries(file, 'services', []);
  const accounts = idsOf('accounts');
  const regions = services.flatMap(([path, service]) => entries(service, 'regions', path));
  return [
    ...twice(services, 'id', 'service'),
    ...twice(entries(file, 'accounts', []), 'id', 'account'),
    ...services.flatMap(([path, { project }]) =>
      unknownId([...path, 'project'], project, idsOf('projects'), 'project'),
    ),
    ...regions.flatMap(([path, { account }]) =>
      unknownId([...path, 'account'], account, accounts, 'account'),
    ),
    ...services.flatMap(([path, service]) => [
      ...twice(entries(service, 'regions', path), 'region', 'region of a service'),
      ...twice(entries(service, 'checks', path), 'id', 'check of a service'),
      ...entries(service, 'checks', path).flatMap(([at, gate]) => gateRules(at, gate, checks)),
      ...['logs', 'migration'].flatMap((section) => patternsOf(service, section, path, patternFault)),
    ]),
    ...waveRules(file, idsOf('services')),
  ];
}

function unknownId(path: Path, id: unknown, known: string[], what: string): CatalogueIssue[] {
  if (typeof id !== 'string' || known.includes(id)) return [];
  const instead = suggestion(id, known, `Declare it under ${what}s.`);
  return [{ path, about: 'value', problem: `"${id}" is no ${what}`, instead }];
}

function patternsOf(
  service: Entry,
  section: string,
  path: Path,
  patternFault: PatternFault,
): CatalogueIssue[] {
  const at = [...path, section];
  return ['success', 'failure'].flatMap((list) =>
    entries(service[section], list, at).flatMap(([place, { pattern }]): CatalogueIssue[] => {
      const fault = typeof pattern === 'string' ? patternFault(pattern) : null;
      if (fault === null) return [];
      const problem = `is no regular expression that RE2 takes: ${fault}`;
      const instead = 'Write it without look-around and back references, or simpler.';
      return [{ path: [...place, 'pattern'], about: 'value', problem, instead }];
    }),
  );
}

/** A wave names services, and no service is in two. */
function waveRules(file: unknown, services: string[]): CatalogueIssue[] {
  const seen = new Set<string>();
  return entries(file, 'waves', []).flatMap(([path, wave]) => {
    const named: unknown[] = Array.isArray(wave['services']) ? wave['services'] : [];
    return named.flatMap((id, index): CatalogueIssue[] => {
      const at = [...path, 'services', index];
      if (typeof id !== 'string') return [];
      if (!seen.has(id)) {
        seen.add(id);
        return unknownId(at, id, services, 'service');
      }
      const instead = 'A service is in one wave.';
      return [{ path: at, about: 'value', problem: `"${id}" is in a wave already`, instead }];
    });
  });
}
