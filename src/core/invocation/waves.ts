import type { Catalogue } from '../catalogue/catalogue.ts';
import { decideRegion } from '../promotion/decide.ts';
import { type Promotion, regionState } from '../promotion/state.ts';
import { findTarget, type Invocation, isSettled, type TargetWord, wordOf } from './state.ts';

/**
 * Waves hold the targets of a fan-out (C6): one of a later wave waits until those of the same invocation that its
 * waves put before it have passed, and run where the deploy brought them. Fails closed: what is not known to be
 * through is waited for.
 */

/** A target that goes before another, and the rollouts by which its services show that they run. */
export interface Earlier {
  project: string;
  rollouts: { service: string; region: string }[];
}

/** So many things of one kind are named; more would be told anew each time one of many ends. */
const mostNamed = 3;

/**
 * The targets of this invocation that go before one of its projects; none unless it is a deploy. A project
 * goes with the first wave that names a service of it. Only regions whose environment is that of a phase count: a
 * deploy to staging says nothing about production.
 */
export function earlierThan(
  { services, waves, phases }: Pick<Catalogue, 'services' | 'waves' | 'phases'>,
  { action, targets }: Pick<Invocation, 'action' | 'targets'>,
  project: string,
): Earlier[] {
  if (action !== 'deploy-release-branch-to-staging') return [];
  const own = waves.findIndex((wave) => servicesOf(project).some(({ service }) => inWave(wave, service)));
  const before = waves.slice(0, Math.max(0, own));
  const environments = new Set(phases.map(({ environment }) => environment));
  return targets.flatMap((target): Earlier[] => {
    const early = servicesOf(target.project).filter(({ service }) =>
      before.some((wave) => inWave(wave, service)),
    );
    if (early.length === 0) return [];
    const rollouts = early.flatMap(({ service, regions }) =>
      regions
        .filter(({ environment }) => environments.has(environment))
        .map(({ region }) => ({ service, region })),
    );
    return [{ project: target.project, rollouts }];
  });

  function servicesOf(id: string) {
    return services.filter((service) => service.project === id);
  }
}

function inWave(wave: Catalogue['waves'][number], service: string): boolean {
  return wave.services.includes(service);
}

/**
 * What keeps a target from starting now, in words for people, what went wrong first; empty when it may start.
 * `promotions` are those of each service that changed since the invocation was confirmed; of a service that is
 * missing there nothing is known.
 */
export function waitsFor(
  state: Invocation,
  earlier: readonly Earlier[],
  promotions: ReadonlyMap<string, readonly Promotion[]>,
  now: Date,
): string[] {
  const wrong: string[] = [];
  const open: string[] = [];
  for (const { project, rollouts } of earlier) {
    const target = findTarget(state, project);
    if (!target || !isSettled(target)) open.push(`${project} has not passed yet`);
    else if (wordOf(target) !== 'passed')
      wrong.push(`${project} ${endings[wordOf(target)] ?? 'did not pass'}`);
    else
      for (const { service, region } of rollouts) {
        const decision = decisionSince(state, promotions.get(service) ?? [], region, now);
        if (decision === 'GO') continue;
        if (decision === 'NO-GO' || decision === 'INCONCLUSIVE')
          wrong.push(`${service} in ${region} is ${decision}`);
        else open.push(`${service} in ${region} is not GO yet`);
      }
  }
  return [
    ...wrong.slice(0, mostNamed),
    ...(wrong.length > mostNamed ? ['others that went wrong too'] : []),
    ...(open.length > mostNamed ? [`more than ${mostNamed} that are not through yet`] : open),
  ];
}

/** How a target ended that holds others, after its name. */
const endings: Partial<Record<TargetWord, string>> = {
  failed: 'failed',
  canceled: 'was canceled',
  skipped: 'was skipped',
  manual: 'waits for a person in GitLab',
  lost: 'was not seen to end',
  'not-started': 'was not started',
};

/** The decision for the last rollout in a region since the invocation was confirmed; `none` without one. */
function decisionSince(
  { requestedAt }: Invocation,
  promotions: readonly Promotion[],
  region: string,
  now: Date,
): ReturnType<typeof decideRegion>['decision'] {
  const startOf = (promotion: Promotion) => regionState(promotion, region).startedAt ?? '';
  const last = promotions
    .filter((promotion) => startOf(promotion) >= requestedAt)
    .sort((a, b) => startOf(a).localeCompare(startOf(b)))
    .at(-1);
  return last ? decideRegion(last, region, now).decision : 'none';
}
