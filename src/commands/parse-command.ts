import { type Action, type ActionWord, actionOfWord } from '../core/action.ts';
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import { findProject } from '../core/catalogue/find.ts';
import { nearest } from '../core/catalogue/nearest.ts';
import { type Problem, problem } from '../core/problem.ts';
import { releaseName } from '../core/release/acts.ts';

/** What somebody typed after `/release`, understood. */
export type Command =
  | { kind: 'start'; action: Action | null; project: string | null }
  | { kind: 'status'; id: string | null }
  | { kind: 'validate'; release: string | null }
  | { kind: 'deployment'; service: string; region: string | null }
  | { kind: 'decide'; release: string | null }
  | { kind: 'help' };

/** Longer commands are not read at all. */
const longest = 200;
const words = ['cutoff', 'deploy', 'validate', 'decide', 'status', 'help'] as const;

/**
 * Understands a command, or says what is wrong with it and what was probably meant (A1, A6). `sent` is the text
 * as Slack sends it, with `& < >` escaped.
 */
export function parseCommand(sent: string, catalogue: Catalogue): Command | Problem {
  const text = sent.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  if (text.length > longest) return problem('command-too-long', { length: text.length, limit: longest });
  const [first, second, ...extra] = text.trim().split(/\s+/).filter(Boolean);
  if (first === undefined) return { kind: 'start', action: null, project: null };
  const word = first.toLowerCase();
  if (word === 'help') return { kind: 'help' };
  if (word === 'status') return status(second, extra);
  if (word === 'validate') return ofService(second, extra, catalogue) ?? ofRelease(word, second, extra);
  if (word === 'decide') return ofRelease(word, second, extra);
  if (word === 'cutoff' || word === 'deploy') return start(word, second, extra, catalogue);
  return unknown(first, word);
}

function status(id: string | undefined, extra: string[]): Command | Problem {
  if (extra[0] !== undefined) return problem('status-extra', { extra: extra[0], id: id ?? '' });
  return { kind: 'status', id: id === undefined ? null : unquoted(id).toLowerCase() };
}

/** People copy ids from messages, where they stand in code marks. */
function unquoted(text: string): string {
  return text.replace(/^`|`$/g, '');
}

/**
 * Validates the deployment of a service (C1). The name of a service wins over that of a release; null when it is
 * about none.
 */
function ofService(
  typed: string | undefined,
  rest: string[],
  catalogue: Catalogue,
): Command | Problem | null {
  if (typed === undefined || catalogue.services.length === 0) return null;
  const service = unquoted(typed).toLowerCase();
  const plan = catalogue.services.find((one) => one.service === service);
  const [named, extra] = rest;
  const region = named === undefined ? null : unquoted(named).toLowerCase();
  if (!plan) return region === null ? null : notAService(typed, region, catalogue);
  if (extra !== undefined)
    return problem('service-extra', { extra, example: `/release validate ${service} ${region}` });
  const regions = plan.regions.map((one) => one.region);
  if (region === null || regions.includes(region)) return { kind: 'deployment', service, region };
  return problem('region-unknown', {
    service,
    region: named ?? '',
    nearest: nearest(region, regions) ?? null,
  });
}

/** Two words, the second of which is a region of some service: the first was meant as a service. */
function notAService(typed: string, region: string, { services }: Catalogue): Problem | null {
  const isRegion = services.some(({ regions }) => regions.some((one) => one.region === region));
  if (!isRegion) return null;
  const known = services.map(({ service }) => service);
  return problem('service-unknown', {
    service: typed,
    nearest: nearest(unquoted(typed).toLowerCase(), known) ?? null,
  });
}

/** Validates or decides one release (B1, D7); without a name the latest, or a new one. */
function ofRelease(
  kind: 'validate' | 'decide',
  typed: string | undefined,
  extra: string[],
): Command | Problem {
  if (extra[0] !== undefined)
    return problem('release-extra', { extra: extra[0], example: `/release ${kind} ${typed}` });
  if (typed === undefined) return { kind, release: null };
  const release = unquoted(typed);
  return releaseName.test(release) ? { kind, release } : problem('release-name-wrong', { name: release });
}

function start(
  word: ActionWord,
  project: string | undefined,
  extra: string[],
  catalogue: Catalogue,
): Command | Problem {
  if (extra[0] !== undefined)
    return problem('command-extra', { extra: extra[0], example: `/release ${word} ${project}` });
  const action = actionOfWord(word);
  if (project === undefined) return { kind: 'start', action, project: null };
  const id = project.toLowerCase();
  if (id === 'all' || findProject(catalogue, id)) return { kind: 'start', action, project: id };
  const known = ['all', ...catalogue.projects.map((one) => one.id)];
  return problem('project-unknown', { project, nearest: nearest(id, known) ?? null });
}

function unknown(shown: string, word: string): Problem {
  return problem('command-unknown', { word: shown, nearest: nearest(word, words) ?? null });
}

export function isProblem(result: Command | Problem): result is Problem {
  return 'code' in result;
}
