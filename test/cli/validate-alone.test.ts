import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { JobDeps } from '../../src/cli/pipeline-job.ts';
import { validate } from '../../src/cli/validate.ts';
import type { ValidateOptions } from '../../src/cli/validate-input.ts';
import { aws } from '../adapters/aws/stage.ts';
import { sample } from '../core/catalogue/sample.ts';
import { commit, otherCommit } from '../core/promotion/samples.ts';
import { hostileBot } from './hostile-bot.ts';
import { jobOf } from './job.ts';
import { eu, us } from './promotion-town.ts';

const place = { cluster: 'production', service: 'core' };
const imageOf = (sha: string) => `registry.example/core:${sha}`;
const options: ValidateOptions = {
  ...{ service: 'core', region: eu, commit, timeout: '25m', until: 'decision' },
};

/** A simulated AWS whose clock moves with the waits of the command, a catalogue, and a service that runs already. */
async function town(service: object = {}) {
  const { control } = await aws({
    services: [{ cluster: 'production', name: 'core', image: imageOf(otherCommit), desiredCount: 2 }],
  });
  const { now } = await control.setClock({ frozen: true });
  let at = Date.parse(now);
  const dir = await mkdtemp(join(tmpdir(), 'gonogo-alone-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const regions = [eu, us].map((region) => ({ region, cluster: 'production', environment: `p/${region}` }));
  const owner = { name: 'Manage team', users: ['U0OWNER'] };
  const services = [{ id: 'core', project: 'bf-manage-core', owner, regions, ...service }];
  const catalogue = join(dir, 'release.yml');
  await writeFile(catalogue, JSON.stringify(sample({ services })));
  const job = (settings: Partial<JobDeps['settings']> = {}) => {
    const made = jobOf({ cataloguePath: catalogue, ...settings });
    const deps: JobDeps = {
      ...made.deps,
      now: () => new Date(at),
      sleep: async (ms) => {
        at += ms;
        await control.advance(ms);
      },
    };
    return { deps, written: made.written };
  };
  const pass = async (ms: number) => {
    at += ms;
    await control.advance(ms);
  };
  return { control, dir, job, pass };
}

async function deployed(script: string, service: object = {}) {
  const made = await town(service);
  const out = join(made.dir, 'before.json');
  expect(await validate({ ...options, before: true, out }, made.job().deps)).toBe(0);
  await made.pass(1_000);
  await made.control.deploy({ ...place, script, image: imageOf(commit) });
  await made.pass(1_000);
  return { ...made, snapshot: out };
}

describe('gonogo validate without a bot', () => {
  test('ends with 0 for a rollout that goes well, and leaves JUnit and JSON', async () => {
    const { job, snapshot, dir } = await deployed('healthy');
    const files = { junit: join(dir, 'j.xml'), json: join(dir, 'r.json') };
    const { deps, written } = job();
    const code = await validate({ ...options, snapshot, ...files }, deps);
    expect([code, written.err]).toEqual([0, '']);
    expect(written.out).toContain('GO (provisional: it is looked at again): core in eu-west-1');
    expect(await readFile(files.junit, 'utf8')).toContain('tests="2" failures="0" errors="0"');
    const { regions } = JSON.parse(await readFile(files.json, 'utf8')) as { regions: object[] };
    expect(regions).toMatchObject([{ decision: 'GO', promotion: null, verdict: { outcome: 'pass' } }]);
  });

  test('ends with 1 for a service that crashes, with the exit code', async () => {
    const { job, snapshot } = await deployed('crash-loop');
    const { deps, written } = job();
    expect(await validate({ ...options, snapshot }, deps)).toBe(1);
    expect(written.out).toMatch(/NO-GO: core in eu-west-1[\s\S]*Cause: [\s\S]*exit code 1;/);
  });

  test('ends with 1 when it was rolled back before anybody looked', async () => {
    const { job, snapshot, pass } = await deployed('rolled-back');
    await pass(60_000);
    expect(await validate({ ...options, snapshot }, job().deps)).toBe(1);
  });

  test('waits for the re-checks too when it is told so', async () => {
    const { job, snapshot } = await deployed('healthy');
    const { deps, written } = job();
    const code = await validate({ ...options, snapshot, until: 'final', timeout: '1h' }, deps);
    expect([code, written.err]).toEqual([0, '']);
    expect(written.out).toContain('\nGO: core in eu-west-1');
  });

  test('ends with 2 when the apply changed nothing', async () => {
    const { job, dir } = await town();
    const snapshot = join(dir, 'before.json');
    await validate({ ...options, before: true, out: snapshot, commit: otherCommit }, job().deps);
    expect(await validate({ ...options, commit: otherCommit, snapshot }, job().deps)).toBe(2);
  });

  test('ends with 2 when AWS refuses to show it', async () => {
    const { control, job, snapshot } = await deployed('healthy');
    await control.access({ operation: 'DescribeServices', allowed: false });
    const { deps, written } = job();
    expect(await validate({ ...options, snapshot }, deps)).toBe(2);
    expect(written.out).toContain('INCONCLUSIVE');
  });

  test('ends with 2 in time when it rolls for too long', async () => {
    const { job, snapshot } = await deployed('slow');
    const { deps, written } = job();
    expect(await validate({ ...options, snapshot, timeout: '3m' }, deps)).toBe(2);
    expect(written.out).toContain('There is no decision after 3 min.');
  });

  test.each([
    [200, 0],
    [503, 1],
  ])('runs the checks after the rollout: status %i ends with %i', async (status, code) => {
    const site = await hostileBot((_, response) => response.writeHead(status).end('ok'));
    const health = { id: 'health', title: 'Says that it is well', check: 'http-health' };
    const checks = [{ ...health, with: { url: `${site.url}/{region}/health` } }];
    const { job, snapshot } = await deployed('healthy', { checks });
    const { deps, written } = job();
    expect([await validate({ ...options, snapshot }, deps), written.err]).toEqual([code, '']);
    expect(new Set(site.asked)).toEqual(new Set(['/eu-west-1/health']));
    expect(written.out).toContain(`Says that it is well: ${code === 0 ? 'pass' : 'fail'}.`);
  });

  test.each<[string, object, object, RegExp]>([
    ['no catalogue', { catalogue: 'nowhere.yml' }, {}, /nowhere\.yml .*--catalogue/s],
    ['a service that is none', { service: 'cor' }, {}, /Did you mean "core"/],
    ['a region that is none', { region: 'mars-1' }, {}, /no region "mars-1"/],
    ['no beginning of the apply', {}, {}, /--applied-at/],
    ['a snapshot without a file', { before: true }, {}, /--out/],
    [
      'a check that asks Sentry',
      { appliedAt: '2026-11-21T12:00:00Z' },
      { checks: [{ id: 's', title: 'S', check: 'error-spike', with: { projects: ['web'] } }] },
      /SENTRY_TOKEN/,
    ],
  ])('ends with 3 for %s', async (_, wrong, service, said) => {
    const { job } = await town(service);
    const { deps, written } = job();
    expect(await validate({ ...options, ...wrong }, deps)).toBe(3);
    expect(written.err).toMatch(said);
  });

  test('takes no snapshot that AWS does not show, and says so', async () => {
    const { control, job, dir } = await town();
    await control.access({ operation: 'DescribeServices', allowed: false });
    const { deps, written } = job();
    expect(await validate({ ...options, before: true, out: join(dir, 'b.json') }, deps)).toBe(2);
    expect(written.err).toContain('No snapshot was taken.');
  });
});
