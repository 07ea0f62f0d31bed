import { describe, expect, test } from 'vitest';
import { rolloutsOnDemand } from '../../src/adapters/aws/on-demand.ts';
import { decideRegion } from '../../src/core/promotion/decide.ts';
import { watchRollouts } from '../../src/jobs/watch-rollouts.ts';
import { aws, options } from '../adapters/aws/stage.ts';
import { logRules } from '../checks/rollout/support.ts';
import { commit, first, planOf, promotions } from './support/promotions.ts';

/** One minute of the simulated AWS takes no time here: it stands still until it is moved. */
const stepMs = 10_000;
const mostSteps = 120;

/** Deploys by a script of the simulated ECS, and watches with the real SDK until nothing more is awaited. */
async function deployed(script: string, more: object = {}, rules: object = {}) {
  const { control } = await aws();
  const { now: begin } = await control.setClock({ frozen: true });
  const place = { region: first, cluster: 'main' };
  const image = `registry.example/core:${'0'.repeat(40)}`;
  const logs = { logGroup: '/ecs/core', streamPrefix: 'core', container: 'app' };
  await control.addService({ ...place, ...logs, name: 'core', image });
  const plan = planOf();
  const it = await promotions({
    plan: { ...plan, rules: { ...plan.rules, ...rules } },
    at: new Date(begin).toISOString(),
  });
  const pace = { reserve: async () => it.time.now(), holdUntil: async () => undefined };
  it.deps.aws = rolloutsOnDemand(options, [], pace, it.time.now);
  const wish = { ...place, service: 'core', image: `registry.example/core:${commit}`, ...more };
  await control.deploy({ ...wish, script } as Parameters<typeof control.deploy>[0]);
  await it.start();
  const seen: string[] = [];
  for (let step = 0; step < mostSteps; step += 1) {
    const next = await it.run(watchRollouts(it.deps), `-/${first}`);
    const { verdict, phase } = await it.region();
    if (verdict && seen.at(-1) !== verdict.outcome) seen.push(verdict.outcome);
    if (next.next === 'done' || phase === 'ended' || verdict?.outcome === 'pass') break;
    it.time.move(stepMs);
    await control.advance(stepMs);
  }
  const state = await it.state();
  const { verdict } = await it.region();
  return { seen, verdict, decision: decideRegion(state, first, it.time.now()).decision };
}

describe('a rollout on the simulated AWS', () => {
  test('that goes well is GO', async () => {
    const { seen, decision, verdict } = await deployed('healthy-fast');
    expect([seen.at(-1), decision]).toEqual(['pass', 'GO']);
    expect(verdict?.tasks?.running).toBe(verdict?.tasks?.wanted);
  });

  test.each([
    ['crash-loop', 8],
    ['missing-secret', 7],
    ['rolled-back', 4],
  ])('that goes by %s is NO-GO by row %i', async (script, row) => {
    const { decision, verdict } = await deployed(script);
    expect([decision, verdict?.row]).toEqual(['NO-GO', row]);
  });

  test('that crashes shows the last lines of a task', async () => {
    const { verdict } = await deployed('crash-loop');
    expect(verdict?.excerpts[0]?.lines.length).toBeGreaterThan(0);
    expect(verdict?.excerpts[0]?.url).toContain('console.aws.amazon.com');
  });

  test('whose awaited line is missing is NO-GO though ECS is content', async () => {
    const logs = { ...logRules, success: [{ name: 'ready', pattern: 'never written', quorum: 'each' }] };
    const { decision, verdict } = await deployed('healthy-fast', {}, { logs });
    expect([decision, verdict?.outcome]).toEqual(['NO-GO', 'fail']);
    expect(verdict?.reason).toContain('ready');
  });
});
