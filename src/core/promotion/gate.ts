import { decideRegion } from './decide.ts';
import { type PromotionPlan, regionsBefore } from './plan.ts';
import { type Promotion, regionState } from './state.ts';

/** One reason why a region may not be deployed yet. */
export interface GateHold {
  /** What is waited for. */
  service: string;
  region: string;
  /** Whether waiting can help; otherwise somebody has to do something. */
  canPass: boolean;
  why: string;
  todo: string;
}

export interface GateAnswer {
  open: boolean;
  holds: GateHold[];
}

/** Services in waves: a later one starts only when those before are GO in all their regions (C6). */
export type Waves = readonly { name: string; services: readonly string[] }[];

/** What the gate knows: the catalogue's plans, and for each service its promotions, the latest first. */
export interface GateView {
  plans: readonly PromotionPlan[];
  waves: Waves;
  promotions: (service: string) => readonly Promotion[];
}

/**
 * May `commit` of a service be deployed to a region now? Only when every region before it is GO for this very
 * commit, freshly, and runs it still, and every service of an earlier wave is GO everywhere. The first region of a
 * service in the first wave is always open: nothing can be known before it is deployed (C9). Fails closed.
 */
export function regionGate(
  view: GateView,
  asked: { service: string; region: string; commit: string },
  now: Date,
): GateAnswer {
  const plan = view.plans.find(({ service }) => service === asked.service);
  if (!plan?.regions.some(({ region }) => region === asked.region))
    return { open: false, holds: [unknown(asked)] };
  const holds = [
    ...waveHolds(view, asked.service, now),
    ...regionsBefore(plan, asked.region).flatMap(({ region }) =>
      regionHolds(view.promotions(asked.service), plan, { ...asked, region }, now),
    ),
  ];
  return { open: holds.length === 0, holds };
}

function unknown({ service, region }: { service: string; region: string }): GateHold {
  return {
    service,
    region,
    canPass: false,
    why: `The catalogue has no region ${region} for the service ${service}.`,
    todo: 'Correct the name, or add it under services in release.yml.',
  };
}

/** Services of earlier waves have to be GO in all their regions, with whatever was promoted last. */
function waveHolds({ waves, promotions, plans }: GateView, service: string, now: Date): GateHold[] {
  const own = waves.findIndex(({ services }) => services.includes(service));
  return waves
    .slice(0, Math.max(0, own))
    .flatMap(({ services }) => services)
    .flatMap((earlier): GateHold[] => {
      const plan = plans.find((one) => one.service === earlier);
      const [latest] = promotions(earlier);
      if (!plan) return [unknown({ service: earlier, region: '' })];
      return plan.regions.flatMap(({ region }) => {
        const commit = latest?.commit ?? '';
        return regionHolds(promotions(earlier), plan, { service: earlier, region, commit }, now);
      });
    });
}

function regionHolds(
  promotions: readonly Promotion[],
  { freshMinutes }: PromotionPlan,
  { service, region, commit }: { service: string; region: string; commit: string },
  now: Date,
): GateHold[] {
  const promotion = promotions.find((one) => one.commit === commit);
  const hold = (why: string, todo: string, canPass = false): GateHold[] => [
    { service, region, canPass, why: `${service} in ${region}: ${why}`, todo },
  ];
  if (!promotion || regionState(promotion, region).run === 0)
    return hold(
      commit === '' ? 'it was never validated.' : `commit ${commit.slice(0, 8)} was not validated.`,
      `Deploy and validate ${region} first.`,
      true,
    );
  const { decision, holds, freshFrom } = decideRegion(promotion, region, now);
  if (decision === 'watching') return hold('its validation is under way.', 'Wait until it ends.', true);
  if (decision !== 'GO')
    return hold(
      `${decision}: ${holds.map(({ signal }) => signal).join(' ')}`,
      holds.map(({ todo }) => todo).find(Boolean) ?? `See ${region} through first.`,
    );
  const since = regionState(promotion, region).startedAt ?? '';
  const other = promotions.find(
    (one) => one.id !== promotion.id && (regionState(one, region).startedAt ?? '') > since,
  );
  if (other)
    return hold(
      `it runs another commit since, ${other.commit.slice(0, 8)}.`,
      `Promote ${other.commit.slice(0, 8)}, or deploy ${commit.slice(0, 8)} to ${region} again.`,
    );
  const age = now.getTime() - Date.parse(freshFrom ?? '');
  if (age <= freshMinutes * 60_000) return [];
  return hold(
    `its GO is older than ${freshMinutes} min.`,
    `Look again: /release validate ${service} ${region}`,
  );
}
