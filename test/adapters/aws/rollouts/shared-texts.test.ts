import { expect, test } from 'vitest';
import { SharedTexts } from '../../../../src/adapters/aws/rollouts/shared-texts.ts';
import { container, task } from '../../../checks/rollout/support.ts';

test('a task is the same with shared texts as with its own', () => {
  const texts = new SharedTexts();
  const one = task(1, { containers: [container({ digest: 'sha256:1' }), container({ name: 'proxy' })] });
  expect(texts.of(one)).toEqual(one);
  expect(texts.of(structuredClone(one))).toEqual(one);
});
