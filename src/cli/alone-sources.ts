import { awsOnDemand, type RolloutReaders, rolloutsOnDemand } from '../adapters/aws/on-demand.ts';
import { renderFaults } from '../adapters/catalogue-file/faults.ts';
import { CatalogueUnreadable, loadCatalogue } from '../adapters/catalogue-file.ts';
import { codeHostOf } from '../adapters/gitlab/whole-host.ts';
import { SentryTracker } from '../adapters/sentry/sentry-tracker.ts';
import { unsetTracker } from '../adapters/sentry/unset-tracker.ts';
import { HttpWebProbe } from '../adapters/web/web-probe.ts';
import { findCheck, knowledge } from '../checks/index.ts';
import { type Catalogue } from '../core/catalogue/catalogue.ts';
import { nearest } from '../core/catalogue/nearest.ts';
import { problem, sentenceOf } from '../core/problem.ts';
import { findRegion, type PromotionPlan, type RegionPlan } from '../core/promotion/plan.ts';
import type { Sources } from '../core/sources.ts';
import { WrongUse } from './exit-codes.ts';
import { OwnPace } from './own-pace.ts';
import type { JobDeps, JobSettings } from './pipeline-job.ts';
import { answerMs } from './waits.ts';

/** What a job knows of a service without a bot. */
export interface KnownService {
  catalogue: Catalogue;
  plan: PromotionPlan;
  place: RegionPlan;
}

/** Reads the catalogue and finds the service in it. Throws {@link WrongUse}. */
export async function knownService(
  { service, region }: { service: string; region: string },
  file: string,
): Promise<KnownService> {
  const catalogue = await catalogueOf(file);
  const names = catalogue.services.map((one) => one.service);
  const plan = catalogue.services.find((one) => one.service === service);
  if (!plan) {
    const meant = nearest(service, names) ?? null;
    throw new WrongUse([sentenceOf(problem('service-unknown', { service, nearest: meant }))]);
  }
  const place = findRegion(plan, region);
  if (!place) throw new WrongUse([sentenceOf(problem('region-unknown', { service, region }))]);
  return { catalogue, plan, place };
}

async function catalogueOf(file: string): Promise<Catalogue> {
  try {
    const reading = await loadCatalogue(file, knowledge);
    if (reading.ok) return reading.catalogue;
    throw new WrongUse([renderFaults(reading.faults)]);
  } catch (error) {
    if (!(error instanceof CatalogueUnreadable)) throw error;
    throw new WrongUse([`${error.message} Without GONOGO_URL the catalogue is needed: --catalogue FILE`]);
  }
}

/** What a job reads of the outside by itself: AWS with the SDK's own variables, and what checks ask besides. */
export function aloneSources(
  { accounts }: Catalogue,
  { settings, now }: Pick<JobDeps, 'settings' | 'now'>,
): { aws: RolloutReaders; sources: Sources } {
  const { gitlab, sentry } = settings;
  const timeoutMs = answerMs;
  const sources: Sources = {
    get codeHost() {
      if (!gitlab) throw new WrongUse([gitlabMissing]);
      return codeHostOf({ ...gitlab, timeoutMs });
    },
    web: new HttpWebProbe(),
    errors: sentry ? new SentryTracker({ ...sentry, timeoutMs }) : unsetTracker,
    ...awsOnDemand({ timeoutMs }),
  };
  return { aws: rolloutsOnDemand({ timeoutMs }, accounts, new OwnPace(now), now), sources };
}

const gitlabMissing = 'GITLAB_TOKEN is not set: a check after the rollout asks GitLab.';

/** Throws {@link WrongUse} for what the checks after the rollout need and the settings do not give: at once, not late. */
export function needSettings({ after }: PromotionPlan, { gitlab, sentry }: JobSettings): void {
  const needs = new Set(after.flatMap(({ check }) => findCheck(check)?.needs ?? []));
  const faults = [
    ...(needs.has('codeHost') && !gitlab ? [gitlabMissing] : []),
    ...(needs.has('errors') && !sentry
      ? ['SENTRY_TOKEN and SENTRY_ORGANIZATION are not set: a check after the rollout asks Sentry.']
      : []),
  ];
  if (faults.length > 0) throw new WrongUse(faults);
}
