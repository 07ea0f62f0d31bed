import type { z } from 'zod';
import type { Finding } from '../core/finding.ts';
import type { Candidate } from '../core/release/candidate.ts';
import type { SourceName, Sources } from '../core/sources.ts';

/** What people may do about a single blocker besides mending it. */
export type Handleable = 'exclude' | 'accept' | 'none';

/** A finding, and for `waiting` when to look again. */
export type Judgement = Finding & { checkAgainInMs?: number };

/** Code that answers one yes/no question about a candidate: facts first, judgement second. */
export interface CheckDefinition<Params extends z.ZodType, Needs extends SourceName, Facts> {
  id: string;
  /** Answerable with yes or no. */
  question: string;
  /** Only these sources are handed to `collect`. */
  needs: readonly Needs[];
  /** The gate's `with:` block. */
  params: Params;
  /** Whether a merge request may be excluded, or a signal accepted, one by one with a reason. Default none. */
  handling?: Handleable;
  /** Input and output; throws OutsideError when a source does not answer. */
  collect(
    candidate: Candidate,
    params: z.output<Params>,
    sources: Pick<Sources, Needs>,
    signal: AbortSignal,
    now: Date,
  ): Promise<Facts>;
  /** Pure. */
  evaluate(facts: Facts, params: z.output<Params>, now: Date): Judgement;
}

/** A check as the engine runs it: its parameters checked, its sources narrowed, nothing of its facts outside. */
export interface Check {
  id: string;
  question: string;
  needs: readonly SourceName[];
  handling: Handleable;
  params: z.ZodType;
  /** Throws a ZodError for wrong parameters, and what `collect` throws. */
  run(
    candidate: Candidate,
    params: unknown,
    sources: Sources,
    signal: AbortSignal,
    now: () => Date,
  ): Promise<Judgement>;
}

/**
 * Declares a check. At run time it is handed only the sources it declares: one it did not ask for is not there,
 * whatever its code tries.
 */
export function defineCheck<Params extends z.ZodType, Needs extends SourceName, Facts>(
  definition: CheckDefinition<Params, Needs, Facts>,
): Check {
  const { id, question, needs, params, collect, evaluate } = definition;
  return {
    id,
    question,
    needs,
    params,
    handling: definition.handling ?? 'none',
    async run(candidate, given, sources, signal, now) {
      const wanted = params.parse(given);
      const narrowed = Object.fromEntries(needs.map((name) => [name, sources[name]])) as Pick<Sources, Needs>;
      const facts = await collect(candidate, wanted, narrowed, signal, now());
      return evaluate(facts, wanted, now());
    },
  };
}
