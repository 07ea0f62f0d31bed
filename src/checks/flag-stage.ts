import type { FeatureFlag } from '../core/sources.ts';
import { matchesWildcard } from './wildcards.ts';

/** How far a feature flag is open: to nobody, everybody, named users, user lists or a share of the users. */
export interface Stage {
  kind: 'off' | 'on' | 'users' | 'list' | 'percent' | 'unknown';
  /** Names in alphabetical order, or the share in percent; for `unknown` GitLab's name of the strategy. */
  audience: string[];
}

type Strategy = FeatureFlag['strategies'][number];

/** Whether anybody in the environment has the flag. */
export function isOnFor(flag: FeatureFlag, environment: string): boolean {
  return strategiesIn(flag, environment).length > 0;
}

/**
 * The stage of a flag in an environment. More than one entry: strategies of several kinds, or several shares, hold
 * side by side there; GitLab lets a user in whom any of them names.
 */
export function stageOf(flag: FeatureFlag, environment: string): Stage[] {
  const stages = strategiesIn(flag, environment).map(stageOfStrategy);
  if (stages.length === 0) return [{ kind: 'off', audience: [] }];
  // A strategy that is not known comes first: what is on for everybody may still mean something else then.
  const unknown = stages.filter(({ kind }) => kind === 'unknown');
  if (unknown.length > 0) return unknown;
  if (stages.some(({ kind }) => kind === 'on')) return [{ kind: 'on', audience: [] }];
  const named = (['users', 'list'] as const).flatMap((kind): Stage[] => {
    const names = stages.filter((stage) => stage.kind === kind).flatMap(({ audience }) => audience);
    return names.length > 0 ? [{ kind, audience: [...new Set(names)].sort() }] : [];
  });
  const open = [...named, ...stages.filter(({ kind }) => kind === 'percent')];
  // Strategies that name no user open the flag to nobody.
  return open.length > 0 ? open : [{ kind: 'off', audience: [] }];
}

/** In words; two stages that read the same are the same. */
export function stageWords(stages: readonly Stage[]): string {
  const words = stages.map(({ kind, audience }) => {
    if (kind === 'percent') return `on for ${audience.join(', ')} %`;
    if (kind === 'users') return `on for the users ${audience.join(', ')}`;
    if (kind === 'list') return `on for the lists ${audience.join(', ')}`;
    return kind === 'unknown' ? `unknown strategy ${audience.join(', ')}` : kind;
  });
  return words.join(' and ');
}

function strategiesIn({ active, strategies }: FeatureFlag, environment: string): Strategy[] {
  if (!active) return [];
  return strategies.filter(({ scopes }) => scopes.some((scope) => matchesWildcard(scope, environment)));
}

function stageOfStrategy({ name, parameters, userList }: Strategy): Stage {
  const unknown: Stage = { kind: 'unknown', audience: [name] };
  switch (name) {
    case 'default':
      return { kind: 'on', audience: [] };
    case 'userWithId':
      return { kind: 'users', audience: words(parameters['userIds'] ?? '') };
    case 'gitlabUserList':
      return userList === null ? unknown : { kind: 'list', audience: [userList] };
    case 'gradualRolloutUserId':
      return share(parameters['percentage']) ?? unknown;
    case 'flexibleRollout':
      return share(parameters['rollout']) ?? unknown;
    default:
      return unknown;
  }
}

function share(text: string | undefined): Stage | null {
  const percent = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(percent) ? { kind: 'percent', audience: [String(percent)] } : null;
}

function words(list: string): string[] {
  return list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
