import { describe, expect, test } from 'vitest';
import type { Effect } from '../../src/core/effect.ts';
import type { CommitStatus } from '../../src/core/ports.ts';
import { promotionKeys } from '../../src/core/promotion/orders.ts';
import type { Sources } from '../../src/core/sources.ts';
import { writeCommitStatus } from '../../src/jobs/commit-status.ts';
import {
  commit,
  failVerdict,
  first,
  path,
  promotions,
  verdictOf,
  waitingVerdict,
} from './support/promotions.ts';

/** A watched rollout, and a GitLab that answers as it is told. */
async function stated() {
  const written: (CommitStatus & { path: string; sha: string })[] = [];
  const answers: Effect<null>[] = [];
  const setCommitStatus = async (at: string, sha: string, status: CommitStatus): Promise<Effect<null>> => {
    written.push({ ...status, path: at, sha });
    return answers.shift() ?? { outcome: 'done', value: null };
  };
  const codeHost = { setCommitStatus } as unknown as Sources['codeHost'];
  const it = await promotions({ sources: { codeHost } });
  await it.start();
  const key = promotionKeys.region(it.id, first);
  const write = () => it.run(writeCommitStatus(it.deps), key);
  return { ...it, key, write, written, answers };
}

const words = ({ state, description }: CommitStatus) => [state, description];

describe('the status beside a commit', () => {
  test('is running while the rollout is watched, and leads to its pipeline', async () => {
    const { write, written, work, key } = await stated();
    expect(await work('commit-status')).toEqual([key]);
    expect(await write()).toEqual({ next: 'done' });
    const url = 'https://gitlab.example/p/7';
    expect(written).toEqual([
      {
        path,
        sha: commit,
        name: 'gonogo/eu-west-1',
        state: 'running',
        description: 'Watching the rollout.',
        url,
      },
    ]);
  });

  test.each([
    ['GO', verdictOf(), ['success', 'GO: All tasks run.']],
    ['NO-GO', failVerdict(), ['failed', 'NO-GO: A task ended.']],
    [
      'INCONCLUSIVE',
      failVerdict({ row: 16, outcome: 'inconclusive', reason: 'Still rolling.' }),
      ['failed', 'INCONCLUSIVE: Still rolling.'],
    ],
  ])('of %s is what it means', async (_, verdict, expected) => {
    const { write, written, judge } = await stated();
    await judge(verdict);
    await write();
    expect(written.map(words)).toEqual([expected]);
  });

  test('leads to the message in Slack once that stands', async () => {
    const { write, written, deps, id } = await stated();
    const place = { channel: 'C1', digest: null, intendedAt: null, writtenAt: null };
    await deps.deliveries.put(promotionKeys.parent(id), { ...place, ts: '1.2' }, null);
    await write();
    expect(written[0]?.url).toBe('https://slack.example/1.2');
  });

  test('is at most 255 characters long', async () => {
    const { write, written, judge } = await stated();
    await judge(failVerdict({ reason: 'x'.repeat(400) }));
    await write();
    expect(written[0]?.description).toBe(`NO-GO: ${'x'.repeat(247)}…`);
  });

  test('is written only when it differs from the last that was written', async () => {
    const { write, written, judge } = await stated();
    await write();
    await judge(waitingVerdict());
    await write();
    expect(written).toHaveLength(1);
    await judge(verdictOf());
    await write();
    await write();
    expect(written.map(({ state }) => state)).toEqual(['running', 'success']);
  });

  test('is written again when it has ended with other words', async () => {
    const { write, written, judge } = await stated();
    await judge(failVerdict());
    await write();
    await judge(failVerdict({ reason: 'Two tasks ended.' }));
    await write();
    expect(written.map(words)).toEqual([
      ['failed', 'NO-GO: A task ended.'],
      ['failed', 'NO-GO: Two tasks ended.'],
    ]);
  });
});

describe('a status that was not written', () => {
  test.each([
    [{ outcome: 'busy', retryAfterMs: 9_000 } as const, 9_000],
    [{ outcome: 'unsent', cause: 'refused' } as const, 5_000],
    [{ outcome: 'unclear', cause: 'timeout' } as const, 5_000],
  ])('for %o is written again', async (effect, ms) => {
    const { write, written, answers, time } = await stated();
    answers.push(effect);
    expect(await write()).toEqual({ next: 'again', at: new Date(time.now().getTime() + ms) });
    expect(await write()).toEqual({ next: 'done' });
    expect(written).toHaveLength(2);
  });

  test('because GitLab refuses it is tried for an hour', async () => {
    const { write, answers, time } = await stated();
    const refused = {
      outcome: 'refused',
      problem: { code: 'gitlab-refused', what: 'No.', why: '', todo: '' },
    } as const;
    answers.push(refused, refused);
    expect(await write()).toEqual({ next: 'again', at: new Date(time.now().getTime() + 30_000) });
    time.move(3_600_001);
    expect(await write()).toEqual({ next: 'done' });
  });
});

test('a region that nothing was deployed to has no status', async () => {
  const { run, deps, id, written } = await stated();
  expect(await run(writeCommitStatus(deps), promotionKeys.region(id, 'us-east-1'))).toEqual({ next: 'done' });
  expect(written).toEqual([]);
});
