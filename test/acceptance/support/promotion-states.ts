import { longestRolloutWaiverHours } from '../../../src/core/promotion/acts.ts';
import type { PromotionEvent } from '../../../src/core/promotion/events.ts';
import type { RolloutVerdict } from '../../../src/core/rollout/verdict.ts';
import { failed, verdict } from '../../core/promotion/samples.ts';
import { ada, releases, rita } from '../../support/catalogue.ts';
import type { PromotionArchive } from './promotion-archive.ts';
import { cluster, eu, image, type PromotionTown, planOf } from './promotion-town.ts';

export const commit = 'a'.repeat(40);
const other = 'b'.repeat(40);
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);

/** A way in which the first region of a service of its own can stand. `of` is the service's id. */
export interface RegionOne {
  of: string;
  says: string;
  make(archive: PromotionArchive, town: PromotionTown): Promise<unknown>;
}

function begun(of: string, sha: string, at: Date, after = afterOf(of)): PromotionEvent[] {
  const expected = {
    commit: sha,
    taskDefinition: null,
    digest: null,
    appliedAt: at.toISOString(),
    before: null,
  };
  const data = { region: eu, run: 1, source: `test/${sha}`, expected, pipeline: null };
  return [
    {
      type: 'PromotionOpened',
      data: { commit: sha, plan: planOf({ service: of, after }), channel: releases },
    },
    { type: 'RolloutStarted', data },
  ];
}

const judged = (said: RolloutVerdict, run = 1): PromotionEvent[] => [
  { type: 'RolloutJudged', data: { region: eu, run, verdict: said } },
  { type: 'WatchEnded', data: { region: eu, run } },
];

/** So that nobody looks at it any more, all of it happens at once. */
const passed = (archive: PromotionArchive, of: string, at: Date, sha = commit) =>
  archive.record(sha, of, at, [...begun(of, sha, at), ...judged(verdict())]);
const refused = (archive: PromotionArchive, of: string, at: Date, said = failed) =>
  archive.record(commit, of, at, [...begun(of, commit, at), ...judged(said)]);

const unsure = verdict({ row: 6, outcome: 'inconclusive', reason: 'Superseded.', remedy: 'Deploy again.' });
const again: PromotionEvent = { type: 'RecheckRequested', data: { region: eu, run: 1 } };

/** Every way in which the second region must not be deployed to. */
export const heldStates: RegionOne[] = [
  { of: 's-never', says: 'was never validated', make: async () => undefined },
  {
    of: 's-watched',
    says: 'is being watched',
    make: async (archive, { cloud }) => {
      const at = new Date();
      // So slow that no task runs while the test does.
      const slow = { script: 'healthy' as const, pace: 0.05, image: `${image}:${commit}` };
      await cloud.deploy({ region: eu, cluster, service: 's-watched', ...slow });
      await archive.record(commit, 's-watched', at, begun('s-watched', commit, at));
    },
  },
  { of: 's-no-go', says: 'is NO-GO', make: (archive) => refused(archive, 's-no-go', ago(5)) },
  {
    of: 's-unsure',
    says: 'is INCONCLUSIVE',
    make: (archive) => refused(archive, 's-unsure', ago(5), unsure),
  },
  {
    of: 's-other',
    says: 'is GO for another commit',
    make: (archive) => passed(archive, 's-other', ago(5), other),
  },
  { of: 's-old', says: 'was GO, too long ago', make: (archive) => passed(archive, 's-old', ago(61)) },
  {
    of: 's-back',
    says: 'had its GO taken back',
    make: async (archive) => {
      await passed(archive, 's-back', ago(20));
      await archive.record(commit, 's-back', ago(10), [again, ...judged(failed)]);
    },
  },
  {
    of: 's-waived',
    says: 'was waived, and the waiver has ended',
    make: async (archive) => {
      const of = 's-waived';
      await refused(archive, of, ago(180));
      const waiver = { waiver: 'w1', region: eu, run: 1, blocker: 'rollout', signal: failed.reason };
      const words = { title: 'ECS rollout', reason: 'It can wait.', expiresAt: ago(1).toISOString() };
      const asked: PromotionEvent = { type: 'WaiverProposed', data: { ...waiver, ...words } };
      await archive.record(commit, of, ago(179), [asked], rita);
      await archive.record(commit, of, ago(178), [{ type: 'WaiverConfirmed', data: { waiver: 'w1' } }], ada);
    },
  },
  {
    of: 's-replaced',
    says: 'runs another commit since',
    make: async (archive) => {
      await passed(archive, 's-replaced', ago(20));
      await passed(archive, 's-replaced', ago(10), other);
    },
  },
  {
    of: 's-checked',
    says: 'passed, and a check after it is not green',
    make: (archive) => passed(archive, 's-checked', ago(5)),
  },
  {
    of: 's-again',
    says: 'was GO, and is deployed again',
    make: async (archive) => {
      await passed(archive, 's-again', ago(20));
      const at = ago(1).toISOString();
      const expected = { commit, taskDefinition: null, digest: null, appliedAt: at, before: null };
      const data = { region: eu, run: 2, source: 'test/2', expected, pipeline: null };
      await archive.record(commit, 's-again', ago(1), [
        { type: 'RolloutStarted', data },
        ...judged(unsure, 2),
      ]);
    },
  },
];

/** The one way that opens it: what the others are held against. */
export const openState: RegionOne = {
  of: 's-go',
  says: 'is freshly GO',
  make: (archive) => passed(archive, 's-go', ago(5)),
};

/** A check that no network answers. */
export function afterOf(of: string) {
  const page = {
    id: 'page',
    title: 'The page loads',
    check: 'url-loads',
    with: { url: 'http://127.0.0.1:9/' },
  };
  return of === 's-checked' ? [page] : [];
}

export const longestHours = String(longestRolloutWaiverHours);
