import type { ObservedDefinition } from '../../core/rollout/observation.ts';

/** Which lines of a log group are those of one container. */
export interface LinesOf {
  group: string;
  /** Of the group; null: the one that the service runs in. */
  region: string | null;
  /** Streams begin so; null reads the whole group. */
  streamPrefix: string | null;
  /** Container whose lines count; null: any. */
  container: string | null;
}

/**
 * Where the lines of a container are, by the task definition or, where that does not say it, by the rules (facts:
 * logs). Null: nobody says it. A group of the rules goes before that of the definition.
 */
export function linesOf(
  definition: ObservedDefinition | null,
  rules: { container: string | null; group: string | null },
): LinesOf | null {
  const essential = definition?.containers.filter((one) => one.essential) ?? [];
  const only = essential.length === 1 ? essential[0] : undefined;
  const name = rules.container ?? only?.name ?? null;
  const target = definition?.containers.find((one) => one.name === name)?.logs ?? null;
  const group = rules.group ?? (target?.prefix ? target.group : null);
  if (group === null) return null;
  const streamPrefix = target?.prefix && name !== null ? `${target.prefix}/${name}/` : null;
  return { group, region: target?.region ?? null, streamPrefix, container: name };
}
