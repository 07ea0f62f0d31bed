import { describe, expect, test } from 'vitest';
import { scriptIds } from '../../../sandbox/aws/rollouts/scripts/index.ts';
import { picture, rolling } from './rolling.ts';

const begins = ['ACTIVE 2/2', 'new PRIMARY IN_PROGRESS 0/2', 'old ACTIVE COMPLETED 2/2'];
const both = ['ACTIVE 4/2', 'new PRIMARY IN_PROGRESS 2/2', 'old ACTIVE COMPLETED 2/2'];
const draining = ['ACTIVE 2/2', 'new PRIMARY IN_PROGRESS 2/2', 'old ACTIVE COMPLETED 0/0'];
const done = ['ACTIVE 2/2', 'new PRIMARY COMPLETED 2/2'];
const rollingBack = ['ACTIVE 2/2', 'other PRIMARY IN_PROGRESS 2/2', 'new ACTIVE FAILED 0/0'];
const back = ['ACTIVE 2/2', 'other PRIMARY COMPLETED 2/2'];
const unchanged = ['ACTIVE 2/2', 'old PRIMARY COMPLETED 2/2'];

/** By script: seconds after its begin, and what DescribeServices shows then. */
const courses: Record<string, [number, string[]][]> = {
  healthy: [
    [0, begins],
    [25, begins],
    [30, both],
    [180, both],
    [190, draining],
    [268, draining],
    [275, done],
  ],
  'healthy-fast': [
    [0, begins],
    [10, draining],
    [15, done],
  ],
  spot: [
    [30, both],
    [45, begins],
    [85, draining],
    [110, done],
  ],
  'placement-recovers': [
    [30, begins],
    [70, both],
    [105, done],
  ],
  'dies-later': [
    [15, done],
    [330, done],
    [341, ['ACTIVE 1/2', 'new PRIMARY COMPLETED 1/2']],
    [355, done],
    [375, ['ACTIVE 1/2', 'new PRIMARY COMPLETED 1/2']],
  ],
  'crash-loop': [
    [25, begins],
    [30, both],
    [35, begins],
    [75, rollingBack],
    [115, back],
  ],
  'crash-no-breaker': [
    [35, begins],
    [300, begins],
    [1200, begins],
  ],
  'crash-no-rollback': [
    [35, begins],
    [75, ['ACTIVE 2/2', 'new PRIMARY FAILED 0/0', 'old ACTIVE COMPLETED 2/2']],
  ],
  'exit-zero': [
    [35, begins],
    [120, back],
  ],
  'out-of-memory': [
    [40, begins],
    [85, rollingBack],
  ],
  killed: [
    [40, begins],
    [85, rollingBack],
  ],
  'elb-health': [
    [100, both],
    [110, begins],
  ],
  'container-health': [
    [120, both],
    [130, begins],
  ],
  slow: [
    [30, ['ACTIVE 3/2', 'new PRIMARY IN_PROGRESS 1/2', 'old ACTIVE COMPLETED 2/2']],
    [3000, ['ACTIVE 3/2', 'new PRIMARY IN_PROGRESS 1/2', 'old ACTIVE COMPLETED 2/2']],
  ],
  'image-pull': [
    [50, begins],
    [1200, begins],
  ],
  'missing-secret': [
    [35, begins],
    [75, rollingBack],
    [110, back],
  ],
  eni: [
    [40, begins],
    [130, back],
  ],
  'log-group-missing': [
    [35, begins],
    [75, rollingBack],
  ],
  'cannot-start': [
    [35, begins],
    [70, rollingBack],
  ],
  'exec-format': [
    [35, begins],
    [70, rollingBack],
  ],
  placement: [
    [15, begins],
    [900, begins],
  ],
  'never-starts': [
    [30, begins],
    [900, begins],
  ],
  'rolled-back': [[0, back]],
  'rollback-by-alarm': [
    [80, both],
    [90, rollingBack],
    [130, back],
  ],
  'rolls-back-later': [
    [420, both],
    [430, rollingBack],
    [470, back],
  ],
  'rollback-by-person': [
    [45, both],
    [55, rollingBack],
    [95, back],
  ],
  'rollback-fails': [
    [90, rollingBack],
    [600, rollingBack],
  ],
  stopped: [
    [30, both],
    [60, ['ACTIVE 2/2', 'new PRIMARY IN_PROGRESS 0/0', 'old ACTIVE COMPLETED 2/2']],
  ],
  superseded: [
    [30, both],
    [
      45,
      [
        'ACTIVE 4/2',
        'other PRIMARY IN_PROGRESS 0/2',
        'new ACTIVE IN_PROGRESS 2/0',
        'old ACTIVE COMPLETED 2/2',
      ],
    ],
    [60, ['ACTIVE 2/2', 'other PRIMARY COMPLETED 2/2']],
  ],
  inactive: [
    [10, ['DRAINING 2/0', 'new PRIMARY IN_PROGRESS 0/2', 'old ACTIVE COMPLETED 2/2']],
    [20, ['INACTIVE 0/0']],
  ],
  draining: [[20, ['DRAINING 4/0', 'new PRIMARY IN_PROGRESS 2/2', 'old ACTIVE COMPLETED 2/2']]],
  zero: [
    [0, ['ACTIVE 2/0', 'new PRIMARY IN_PROGRESS 0/0', 'old ACTIVE COMPLETED 2/2']],
    [10, ['ACTIVE 0/0', 'new PRIMARY COMPLETED 0/0']],
  ],
  'daemon-empty': [[10, ['ACTIVE 0/0', 'new PRIMARY COMPLETED 0/0']]],
  'no-op': [[60, unchanged]],
  'not-deployed': [[60, unchanged]],
  'blue-green': [
    [190, both],
    [490, both],
    [510, draining],
    [585, done],
  ],
  'hook-awaiting': [[3600, both]],
  canary: [
    [490, both],
    [705, done],
  ],
  linear: [
    [600, both],
    [700, done],
  ],
  'code-deploy': [
    [0, ['ACTIVE 2/2', 'old PRIMARY STEADY_STATE 2/2', 'new ACTIVE STABILIZING 0/2']],
    [35, ['ACTIVE 4/2', 'old PRIMARY STEADY_STATE 2/2', 'new ACTIVE STEADY_STATE 2/2']],
    [45, ['ACTIVE 4/2', 'old ACTIVE STEADY_STATE 2/2', 'new PRIMARY STEADY_STATE 2/2']],
    [125, ['ACTIVE 2/2', 'new PRIMARY STEADY_STATE 2/2']],
  ],
  'code-deploy-stuck': [[3600, ['ACTIVE 3/2', 'old PRIMARY STEADY_STATE 2/2', 'new ACTIVE STABILIZING 1/2']]],
  external: [[125, ['ACTIVE 2/2', 'new PRIMARY STEADY_STATE 2/2']]],
};

describe('the course of the script', () => {
  test.each(scriptIds)('%s', async (script) => {
    const at = await rolling();
    const begun = await at.deploy({ script });
    const seen: [number, string[]][] = [];
    for (const [seconds] of courses[script] ?? []) {
      await at.goTo(seconds);
      const { service, parts } = await picture(at, begun);
      seen.push([seconds, [service, ...parts]]);
    }
    expect(seen).toEqual(courses[script]);
  });
});

test('every script has one line for people', async () => {
  const { control } = await rolling();
  const all = await control.scripts();
  expect(all.map(({ id }) => id)).toEqual(scriptIds);
  for (const { says } of all) expect(says).toMatch(/^.{20,130}$/);
});
