import { afterAll, beforeAll, expect, test } from 'vitest';
import { wholeGate } from '../../src/core/release/gate-status.ts';
import { releaseButtons } from '../../src/views/release-ids.ts';
import { core, deploy, ended, job, playing, run, usualJobs } from '../acceptance/support/deploys.ts';
import { type ReleaseScene, releaseSceneOf } from '../acceptance/support/release-scene.ts';
import { type ReleaseTurns, releaseTurnsOf } from '../acceptance/support/release-turns.ts';
import { fiveGates, type ReleaseTown, startReleaseTown } from '../support/release-town.ts';
import { until } from '../support/until.ts';

let town: ReleaseTown;
let scene: ReleaseScene;
let turns: ReleaseTurns;

beforeAll(async () => {
  town = await startReleaseTown({ groups: (site) => fiveGates(site).filter(({ id }) => id === 'identity') });
  scene = releaseSceneOf(town);
  turns = releaseTurnsOf(scene);
});
afterAll(async () => {
  await scene?.close();
  await town?.stop();
});

const go = { verdict: 'GO', reasons: [] };
const failsOnce = { result: 'failed', failingAttempts: 1 } as const;
const pipelinesOf = (project: string) => town.forge.pipelines(project);

/** Runs the failed job of that name again, to its end. */
async function retried(project: string, name: string): Promise<void> {
  const pipeline = (await pipelinesOf(project)).at(-1);
  const failed = pipeline?.jobs.find((one) => one.name === name && one.status === 'failed');
  if (!failed) throw new Error(`${project} has no failed job ${name}`);
  await town.forge.retryJob({ project, jobId: failed.id });
  await until(`${name} succeeded`, async () =>
    (await pipelinesOf(project)).at(-1)?.jobs.some((one) => one.name === name && one.status === 'success'),
  );
}

const rollout = {
  name: 'roll-out',
  stage: 'after',
  project: './deployments',
  ref: 'main',
  strategy: 'none' as const,
  createProject: true,
  script: playing({ jobs: [job('roll-out', failsOnce)] }),
};

const failures = [
  {
    name: 'a pipeline that failed after it had deployed',
    script: { jobs: [...usualJobs, job('verify', failsOnce)] },
    status: 'failed',
    failed: { project: core, job: 'verify' },
    against: { gate: 'pipeline', blocker: wholeGate, why: /job "verify" failed/, url: /\/pipelines\/\d+$/ },
  },
  {
    name: 'a downstream job that failed behind a green pipeline',
    script: { bridges: [rollout] },
    status: 'success',
    failed: { project: 'betterfleet/deployments', job: 'roll-out' },
    against: {
      gate: 'pipeline',
      blocker: wholeGate,
      why: /downstream betterfleet\/deployments: job "roll-out" failed/,
      url: /deployments\/-\/pipelines\/\d+$/,
    },
  },
  {
    name: 'a migration that failed behind a green pipeline',
    script: {
      jobs: [
        job('build'),
        job('migrate', { ...failsOnce, allowFailure: true }),
        job('deploy', { environment: 'staging' }),
      ],
    },
    status: 'success',
    failed: { project: core, job: 'migrate' },
    against: {
      gate: 'migrations',
      blocker: wholeGate,
      why: /The migration job of .* failed/,
      url: /\/jobs\/\d+$/,
    },
  },
];

test.each(failures.map((one) => [one.name, one] as const))(
  '%s alone is NO-GO; run again and re-checked it is GO',
  async (_name, { script, status, failed, against }) => {
    const pipeline = await deploy(town, script);
    await ended(town, pipeline, status);
    await until('the failure', async () =>
      (await pipelinesOf(failed.project)).at(-1)?.jobs.some((one) => one.status === 'failed'),
    );
    const id = `after-${failed.job}`;
    await scene.open(id);
    await turns.isNoGo(id, await turns.decided(id, 0), against);
    await retried(failed.project, failed.job);
    await scene.recheckFailed(id);
    expect(await turns.decided(id, 1)).toMatchObject(go);
    expect(await scene.mismatches(id)).toEqual([]);
  },
);

/** Deploys anew as it should be, and goes on with the next pass. */
async function deployedAnew(id: string): Promise<void> {
  await ended(town, await deploy(town), 'success');
  await scene.when(id, 'the newer deployment', ({ newer }) => newer.length > 0);
  await scene.press(id, releaseButtons.nextPass);
}

test('a migration job that is not there is inconclusive, which is NO-GO; deployed with it, it is GO', async () => {
  await ended(
    town,
    await deploy(town, { jobs: usualJobs.filter(({ name }) => name !== 'migrate') }),
    'success',
  );
  const id = 'no-migration';
  await scene.open(id);
  const missing = {
    gate: 'migrations',
    blocker: wholeGate,
    why: /^Inconclusive: No job "migrate" was found/,
  };
  await turns.isNoGo(id, await turns.decided(id, 0), missing);
  await deployedAnew(id);
  expect(await turns.decided(id, 1)).toMatchObject({ ...go, pass: 2 });
  expect(await scene.mismatches(id)).toEqual([]);
});

test('a deployment of another commit than the head of the release branch is NO-GO; deployed, it is GO', async () => {
  await ended(town, await deploy(town), 'success');
  const { sha } = await town.forge.push({ project: core, ref: 'release', title: 'A late commit' });
  await run(town, sha);
  const id = 'late-commit';
  await scene.open(id);
  const why = new RegExp(
    `^GitLab deployed [0-9a-f]{8} of ${core} to staging, intended is ${sha.slice(0, 8)}`,
  );
  await turns.isNoGo(id, await turns.decided(id, 0), {
    gate: 'build',
    blocker: wholeGate,
    why,
    url: /\/jobs\/\d+$/,
  });
  await deployedAnew(id);
  expect(await turns.decided(id, 1)).toMatchObject({ ...go, pass: 2 });
  expect(await scene.mismatches(id)).toEqual([]);
});

test('while staging is being deployed nothing is judged; it goes on by itself', async () => {
  const long = job('deploy', { environment: 'staging', durationMs: 86_400_000 });
  const pipelineId = await deploy(town, { jobs: [job('build'), job('migrate'), long] });
  await until('the deployment', async () =>
    (await pipelinesOf(core))
      .at(-1)
      ?.jobs.some(({ name, status }) => name === 'deploy' && status === 'running'),
  );
  const id = 'under-way';
  await scene.open(id);
  const { decisions } = await scene.when(
    id,
    'the reason',
    ({ candidateProblem }) => candidateProblem !== null,
  );
  expect(decisions).toEqual([]);
  expect((await scene.summary(id)).replace(/\s+/g, ' ')).toContain('is being deployed to staging right now');
  await town.forge.finish({ project: core, pipelineId, status: 'success' });
  expect(await turns.decided(id, 0)).toMatchObject(go);
  expect(await scene.mismatches(id)).toEqual([]);
});
