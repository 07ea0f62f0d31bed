import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsControl } from '../../../sandbox/aws/control-client.ts';
import { type SimulatedAws, startAws } from '../../../sandbox/aws/server.ts';
import { gitlabControl } from '../../../sandbox/gitlab/control-client.ts';
import { type SimulatedGitLab, startGitLab } from '../../../sandbox/gitlab/server.ts';
import { copyCatalogue } from '../../../sandbox/scenes/example-catalogue.ts';
import { followStaging } from '../../../sandbox/scenes/follow-staging.ts';
import { type StagingScene, seedStagingRelease } from '../../../sandbox/scenes/staging-release.ts';
import { websiteControl } from '../../../sandbox/website/control-client.ts';
import { type SimulatedWebsite, startWebsite } from '../../../sandbox/website/server.ts';

const core = 'betterfleet/bf-manage-core';
const hours = (iso: string | null) => (Date.now() - Date.parse(iso ?? '')) / 3_600_000;

describe('the scene of a staging release', () => {
  let gitlab: SimulatedGitLab;
  let website: SimulatedWebsite;
  let aws: SimulatedAws;
  let control: ReturnType<typeof gitlabControl>;
  let scene: StagingScene;

  beforeAll(async () => {
    gitlab = await startGitLab({ timeScale: 60 });
    website = await startWebsite({ tls: false });
    aws = await startAws();
    control = gitlabControl(gitlab.url);
    scene = await seedStagingRelease({ gitlab: control, ...site() });
  });
  afterAll(async () => {
    await Promise.all([gitlab.close(), website.close(), aws.close()]);
  });

  const site = () => ({ website: websiteControl(website.controlUrl), aws: awsControl(aws.url) });
  const projectOf = async (path: string) => {
    const found = (await control.state()).projects.find((project) => project.path === path);
    if (!found) throw new Error(`no project ${path}`);
    return found;
  };

  test('ships seven merge requests of different people, one of them without the label', () => {
    const { mergeRequests, unlabelled } = scene;
    expect(mergeRequests).toHaveLength(7);
    expect(new Set(mergeRequests.map(({ author }) => author)).size).toBeGreaterThan(4);
    const without = mergeRequests.filter(({ labels }) => !labels.includes('Validated in Staging'));
    expect(without).toEqual([unlabelled]);
    expect(
      mergeRequests.some(({ paths }) => paths.some((path) => path.startsWith('src/load_management/'))),
    ).toBe(true);
    expect(mergeRequests.some(({ labels }) => labels.includes('reports'))).toBe(true);
  });

  test('leaves production with the release before', async () => {
    const { deployments } = await projectOf(core);
    const [before, production, staging] = deployments;
    expect(deployments).toHaveLength(3);
    expect(production).toMatchObject({ environment: 'production', sha: before?.sha, mergeRequests: [1] });
    expect(staging).toMatchObject({ environment: 'staging', status: 'success', mergeRequests: [2, 3, 4, 5] });
    expect(staging?.sha).not.toBe(production?.sha);
    expect(hours(production?.finishedAt ?? null)).toBeGreaterThan(24 * 6);
    expect(hours(staging?.finishedAt ?? null)).toBeCloseTo(0.75, 1);
  });

  test('staging was reached by a pipeline with a migration and a downstream deployment, both passed', async () => {
    const { pipelines } = await projectOf(core);
    const pipeline = pipelines.at(-1);
    expect(pipeline?.variables).toMatchObject([{ key: 'ORCHESTRATION_RELEASE' }]);
    expect(pipeline?.jobs.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'build success',
      'migrate success',
      'deploy-staging success',
      'deploy success',
    ]);
    const downstream = await projectOf('betterfleet/deployments');
    expect(
      downstream.pipelines.find(({ id }) => id === pipeline?.jobs.at(-1)?.downstreamPipelineId)?.status,
    ).toBe('success');
    const migrate = pipeline?.jobs.find(({ name }) => name === 'migrate');
    const trace = await fetch(
      `${gitlab.url}/api/v4/projects/${encodeURIComponent(core)}/jobs/${migrate?.id}/trace`,
      { headers: { 'private-token': gitlab.token } },
    );
    expect(await trace.text()).toContain('Migrations completed');
  });

  test('later pipelines of the projects play what they always played', async () => {
    expect((await projectOf(core)).spec.pipeline).toBeUndefined();
  });

  test('site and service run the deployed commit, and follow the next deployment', async () => {
    const told = async () =>
      ((await (await fetch(`${website.url}/build-info`)).json()) as { commit: string }).commit;
    const image = async () =>
      JSON.stringify((await awsControl(aws.url).state()).regions.flatMap(({ clusters }) => clusters));
    expect(await told()).toBe(scene.commits[core]);
    expect(await image()).toContain(`bf-manage-core:${scene.commits[core]}`);
    const stop = followStaging(gitlab, site(), 0);
    const { iid } = await control.addMergeRequest({ project: core, title: 'Hotfix' });
    await control.pick({ project: core, iid, onto: 'release' });
    await control.deploy({ project: core, environment: 'production' });
    const hotfix = await control.deploy({ project: core });
    await expect.poll(told).toBe(hotfix.sha);
    await expect.poll(image).toContain(`bf-manage-core:${hotfix.sha}`);
    await expect.poll(async () => (await projectOf(core)).deployments.at(-1)?.mergeRequests).toEqual([iid]);
    stop();
    await control.push({ project: core, ref: 'release', title: 'Another' });
    await control.deploy({ project: core });
    expect(await told()).toBe(hotfix.sha);
  });
});

test('the catalogue’s copy names the simulated site, and is taken away again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'catalogue-copy-'));
  const [from, to] = [join(folder, 'release.yml'), join(folder, 'new', 'copy.yml')];
  await writeFile(from, 'site: https://manage-staging.betterfleet.example/health # and\nmore: 1\n');
  const remove = await copyCatalogue(from, to, 'http://127.0.0.1:1');
  expect(await readFile(to, 'utf8')).toBe('site: http://127.0.0.1:1/health # and\nmore: 1\n');
  await remove();
  await expect(readFile(to, 'utf8')).rejects.toThrow('ENOENT');
  await rm(folder, { recursive: true });
});
