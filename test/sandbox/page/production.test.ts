import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { awsControl } from '../../../sandbox/aws/control-client.ts';
import { crashLines, linesOf, startLines } from '../../../sandbox/aws/rollouts/lines.ts';
import { logBehaviours } from '../../../sandbox/aws/rollouts/wish.ts';
import { type SimulatedAws, startAws } from '../../../sandbox/aws/server.ts';
import { gitlabControl } from '../../../sandbox/gitlab/control-client.ts';
import { type SimulatedGitLab, startGitLab } from '../../../sandbox/gitlab/server.ts';
import { happeningGroups, happeningOf } from '../../../sandbox/page/panel/production-happenings.ts';
import { productionControl } from '../../../sandbox/production/control-client.ts';
import { type Production, startProduction } from '../../../sandbox/production/server.ts';
import { productionService, productionWorld } from '../../../sandbox/scenes/production.ts';
import { listen, Router, type RunningServer, sendJson } from '../../../sandbox/shared/http.ts';
import { compilePattern } from '../../../src/checks/logs/pattern.ts';
import { betterfleet } from '../../acceptance/support/example.ts';

const project = productionService.project;
const token = 'a-token-of-a-pipeline';
const hold = {
  service: 'bf-manage-core',
  region: 'eu-west-1',
  canPass: false,
  why: 'bf-manage-core in eu-west-1: NO-GO: it crashes.',
  todo: 'Deploy a fix.',
};

describe('the pipelines to production', () => {
  let gitlab: SimulatedGitLab;
  let aws: SimulatedAws;
  let bot: RunningServer;
  let production: Production;
  let control: ReturnType<typeof productionControl>;
  let gate: (question: Record<string, string>) => object;

  beforeAll(async () => {
    gitlab = await startGitLab({ timeScale: 60 });
    aws = await startAws({ world: productionWorld('a'.repeat(40)) });
    const router = new Router().add(
      'GET',
      '/api/gates/:service/:region',
      ({ request, response, url, params }) => {
        if (request.headers.authorization !== `Bearer ${token}`)
          return sendJson(response, 401, { error: { what: 'Who are you?', why: '' } });
        sendJson(response, 200, gate({ ...params, ...Object.fromEntries(url.searchParams) }));
      },
    );
    bot = await listen(router);
    production = await startProduction({
      about: productionService,
      gitlab,
      awsUrl: aws.url,
      bot: { url: bot.url, token },
      pace: { planMs: 10, applyMs: 10, ecs: 4 },
    });
    control = productionControl(production.url);
  });
  beforeEach(() => {
    gate = (question) => ({ version: 1, ...question, open: true, holds: [] });
  });
  afterAll(async () => {
    await production.close();
    await Promise.all([gitlab.close(), aws.close(), bot.close()]);
  });

  const region = async (name: string) => {
    const found = (await control.state()).regions.find((one) => one.region === name);
    if (!found) throw new Error(`no region ${name}`);
    return found;
  };
  const step = async (name: string) => (await region(name)).step;
  const ofProject = async () => {
    const found = (await gitlabControl(gitlab.url).state()).projects.find(({ path }) => path === project);
    if (!found) throw new Error(`no project ${project}`);
    return found;
  };
  const imagesIn = async (name: string) => {
    const { regions } = await awsControl(aws.url).state();
    const clusters = regions.find((one) => one.name === name)?.clusters ?? [];
    const services = clusters
      .flatMap((cluster) => cluster.services)
      .filter(({ name: it }) => it === 'bf-manage-core');
    return services.flatMap(({ deployments }) => deployments.map(({ definition }) => definition.image));
  };

  test('an open gate lets Terraform apply: a deployment in GitLab, and the commit’s image in ECS', async () => {
    const { commit } = await control.deploy({ region: 'us-east-1', script: 'healthy-fast' });
    await expect.poll(() => step('us-east-1')).toBe('applied');
    const { deployments } = await ofProject();
    expect(deployments.at(-1)).toMatchObject({
      environment: 'production/us-east-1',
      status: 'success',
      sha: commit,
      pipelineId: (await region('us-east-1')).pipelineId,
    });
    expect(await imagesIn('us-east-1')).toContain(`${productionService.image}:${commit}`);
  });

  test('a held gate fails the pipeline before Terraform, with the reason in the job, unless somebody insists', async () => {
    gate = (question) => ({ version: 1, ...question, open: false, holds: [hold] });
    const before = await ofProject();
    await control.bringFix();
    await control.deploy({ region: 'us-east-1', script: 'healthy-fast' });
    await expect.poll(() => step('us-east-1')).toBe('held');
    const { commit, pipelineId, gate: said } = await region('us-east-1');
    expect(said).toEqual({ open: false, holds: [hold] });
    const pipeline = async () => (await ofProject()).pipelines.find(({ id }) => id === pipelineId);
    await expect.poll(async () => (await pipeline())?.status).toBe('failed');
    expect((await pipeline())?.jobs).toMatchObject([
      { name: 'gate-us-east-1', status: 'failed' },
      { name: 'deploy-production/us-east-1', status: 'skipped' },
    ]);
    const after = await ofProject();
    expect(after.deployments).toEqual(before.deployments);
    expect(after.spec).toEqual(before.spec);
    expect(await imagesIn('us-east-1')).not.toContain(`${productionService.image}:${commit}`);
    await control.deploy({ region: 'us-east-1', script: 'healthy-fast', anyway: true });
    await expect.poll(() => step('us-east-1')).toBe('applied');
    expect(await imagesIn('us-east-1')).toContain(`${productionService.image}:${commit}`);
  });

  test.each([
    [
      'an answer to another question',
      (q: object) => ({ version: 1, ...q, asked: 'another', open: true, holds: [] }),
    ],
    ['no gate at all', () => ({ ok: true })],
    ['open and held at once', (q: object) => ({ version: 1, ...q, open: true, holds: [hold] })],
  ])('%s holds the gate', async (_, answer) => {
    gate = answer;
    const { gate: said } = await region('us-east-1');
    expect(said).toEqual({ trouble: 'The bot’s answer could not be read.' });
  });

  test('a fix is another commit, and what is not there is refused', async () => {
    const before = await control.state();
    const after = await control.bringFix();
    expect(after.commit).not.toBe(before.commit);
    await expect(control.deploy({ region: 'eu-west-3', script: 'healthy' })).rejects.toThrow(
      '404 no region eu-west-3',
    );
    await control.deploy({ region: 'eu-west-1', script: 'no-such-script' });
    await expect.poll(() => step('eu-west-1')).toBe('failed');
    const { trouble } = await region('eu-west-1');
    expect(trouble).toContain('400');
    expect((await ofProject()).deployments.at(-1)).toMatchObject({ status: 'failed' });
  });

  test('every script of the simulated ECS can be chosen once, and each log that tasks may write is known', async () => {
    const scripts = await awsControl(aws.url).scripts();
    const all = happeningGroups(scripts).flatMap(({ happenings }) => happenings);
    const plain = all.filter(({ id }) => happeningOf(id).logs === undefined).map(({ id }) => id);
    expect(plain.toSorted()).toEqual(scripts.map(({ id }) => id).toSorted());
    expect(new Set(all.map(({ label }) => label)).size).toBe(all.length);
    const logs = all.flatMap(({ id }) => happeningOf(id).logs ?? []);
    expect(logBehaviours).toEqual(expect.arrayContaining(logs));
  });
});

describe('the example catalogue', () => {
  const planOf = async () => {
    const { services } = await betterfleet();
    const plan = services.find(({ service }) => service === productionService.service);
    if (!plan) throw new Error('no such service');
    return plan;
  };
  /** Names of the signatures that these lines of the simulated tasks match. */
  const found = (
    signatures: readonly { name: string; pattern: string }[],
    lines: readonly { text: string }[],
  ) =>
    signatures
      .filter(({ pattern }) => lines.some(({ text }) => compilePattern(pattern).test(text)))
      .map(({ name }) => name);

  test('has the regions of the scene', async () => {
    const { regions, path } = await planOf();
    const places = regions.map(({ region, cluster, environment }) => ({ region, cluster, environment }));
    expect(places).toEqual(productionService.regions);
    expect(path).toBe(productionService.project);
  });

  test('knows what the simulated tasks write', async () => {
    const { logs, migration } = (await planOf()).rules;
    const [ends, migrates] = [logs?.failure ?? [], migration?.failure ?? []];
    expect(found(logs?.success ?? [], startLines)).toEqual(['Listening']);
    expect(found(ends, startLines)).toEqual([]);
    expect(found(ends, crashLines)).toEqual(['Setting missing', 'Unhandled exception']);
    expect(found(ends, linesOf('failure-line', startLines))).toEqual(['Database unreachable']);
    for (const fine of ['migration-ok', 'migration-none-pending'] as const) {
      expect(found(migration?.success ?? [], linesOf(fine, []))).toEqual(['Migrations done']);
      expect(found(migrates, linesOf(fine, []))).toEqual([]);
    }
    expect(found(migrates, linesOf('migration-fails', []))).toEqual(['Migration failed']);
  });
});
