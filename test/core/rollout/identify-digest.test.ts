import { expect, test } from 'vitest';
import { at, digest, expectation, observed, rollout, task, watched } from './support.ts';

const pushed = `sha256:${'ef'.repeat(32)}`;
const unpulled = [{ container: 'app', image: 'registry.example/app:1a2b3c4d5e6f', digest: null }];

test('a PRIMARY whose tasks pulled another digest is not deployed, and superseded by nobody', () => {
  const starting = observed({
    tasks: [task('a', { lastStatus: 'PENDING', startedAt: null, containers: [] })],
    rollouts: [rollout({ targetDigests: unpulled })],
  });
  // The service deployment comes to know its digests later than the tasks.
  const pulled = observed({ rollouts: [rollout({ targetDigests: unpulled })] });
  expect(pulled.tasks[0]?.containers[0]?.digest).toBe(digest);
  const looks = [
    { seconds: 20, observation: starting },
    { seconds: 30, observation: pulled },
    { seconds: 60, observation: pulled },
  ];
  const { verdicts } = watched(looks, { expected: expectation({ digest: pushed }), watchedSince: at(15) });
  expect(verdicts.map(({ row, outcome }) => `${row} ${outcome}`)).toEqual([
    '16 waiting',
    '3 waiting',
    '3 fail',
  ]);
});
