import { OutsideError } from '../../../src/core/ports.ts';
import { promotionId, startRollout } from '../../../src/core/promotion/acts.ts';
import type { Observation } from '../../../src/core/rollout/observation.ts';
import type { RolloutQuestion } from '../../../src/core/rollout/sources.ts';
import { actOnPromotion, type RolloutDeps } from '../../../src/jobs/promotion-deps.ts';
import { watchRollouts } from '../../../src/jobs/watch-rollouts.ts';
import { at, observed } from '../../checks/rollout/support.ts';
import { releases } from '../../support/catalogue.ts';
import type { keptLog } from '../../support/log.ts';
import { digest, first, promotions } from './promotions.ts';

/** The account and region whose rollouts are looked at together. */
export const group = `-/${first}`;
const appliedAt = at(0);
export const minutes = 60_000;

/** Rollouts that are watched, in an AWS that shows what it is told. */
export async function watching(begin = at(60)) {
  const shown: { now: Observation | OutsideError; tookMs: number } = { now: observed(), tookMs: 0 };
  const asked: RolloutQuestion[][] = [];
  const aws: RolloutDeps['aws'] = {
    rollouts: {
      observe: async (_, questions) => {
        asked.push([...questions]);
        it.time.move(shown.tookMs);
        return questions.map(() =>
          shown.now instanceof OutsideError ? { error: shown.now } : { observation: shown.now },
        );
      },
      snapshot: () => Promise.reject(new Error('not asked')),
    },
    taskLogs: { read: async () => ({ kind: 'drained', url: 'https://console.example/logs' }) },
  };
  const it = await promotions({ aws, at: begin });
  const watch = watchRollouts(it.deps);
  const look = () => it.run(watch, group);
  /** Starts `count` promotions of other commits, all at once. */
  const startMany = async (count: number) => {
    const shas = Array.from({ length: count }, (_, n) => n.toString(16).padStart(40, '0'));
    await Promise.all(
      shas.map((sha) =>
        actOnPromotion(it.deps, promotionId(digest, 'core', sha), 'gitlab:rita', (state) =>
          startRollout(state, {
            plan: it.plan,
            commit: sha,
            channel: releases,
            region: first,
            source: 'gitlab-deployment/1',
            expected: { taskDefinition: null, digest: null, appliedAt },
            pipeline: null,
          }),
        ),
      ),
    );
  };
  const start = () => it.start({ expected: { taskDefinition: null, digest: null, appliedAt } });
  const judged = async () => (await it.events()).filter((type) => type === 'RolloutJudged').length;
  const watches = () => it.deps.watches.due(group, new Date('2100-01-01'));
  const lines = (it.deps.log as ReturnType<typeof keptLog>).lines;
  return { ...it, shown, asked, look, start, startMany, judged, watches, lines };
}
