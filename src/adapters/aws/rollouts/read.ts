import { OutsideError } from '../../../core/ports.ts';
import type { Observation } from '../../../core/rollout/observation.ts';

type Nothing = Extract<Observation, { kind: 'nothing' }>;

/** Why there is nothing more to read of a service: there is none, or it could not be read. */
export type Ended = { nothing: Pick<Nothing, 'why' | 'said'> } | { error: OutsideError };

export type Read<T> = { value: T } | Ended;

/** The name by which AWS calls an error; empty for what did not come from AWS. */
export function nameOf({ cause }: OutsideError): string {
  return cause instanceof Error ? cause.name : '';
}

/** STS says AccessDenied where ECS says AccessDeniedException. */
export function isDenied(error: OutsideError): boolean {
  return /^AccessDenied(Exception)?$/.test(nameOf(error));
}

/** What a failed read means for the services that were asked about. */
export function endOf(error: OutsideError): Ended {
  const said = error.problem.why;
  if (isDenied(error)) return { nothing: { why: 'denied', said } };
  if (nameOf(error) === 'ClusterNotFoundException') return { nothing: { why: 'no-cluster', said } };
  return { error };
}

/** Splits a list into parts of at most `size`. */
export function partsOf<T>(list: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < list.length; at += size) parts.push(list.slice(at, at + size));
  return parts;
}

/** The last part of an ARN; a name stays as it is. */
export function lastPart(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}

/** What AWS ought to have given a time for counts as long ago: never as part of what was deployed last. */
export function isoOf(date: Date | undefined): string {
  return (date ?? new Date(0)).toISOString();
}
