import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sha256 } from '../../src/adapters/store/hash-chain.ts';
import { validate } from '../../src/cli/validate.ts';
import type { ValidateOptions } from '../../src/cli/validate-input.ts';
import { promotionId } from '../../src/core/promotion/acts.ts';
import { promotionStream } from '../../src/core/promotion/stream.ts';
import { commit, otherCommit } from '../core/promotion/samples.ts';
import { hostileBot, sendJson } from './hostile-bot.ts';
import { jobOf, terminal } from './job.ts';
import { eu, type PromotionTown, promotionTown, token } from './promotion-town.ts';

const appliedAt = '2026-11-21T11:59:00Z';
const options: ValidateOptions = {
  ...{ service: 'core', region: eu, commit, appliedAt, timeout: '25m', until: 'decision' },
};
const job = { ...terminal, id: '77', pipeline: { id: 9, url: 'https://gitlab.example/p/9' } };
const failing = { row: 8, outcome: 'fail' as const, reason: 'Tasks stop.', remedy: 'The owner looks.' };

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'gonogo-validate-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

/** The command beside a bot in which one thing happens at each of its waits. */
function withSteps(town: PromotionTown, steps: (() => unknown)[], settings = {}) {
  return jobOf({ bot: { url: town.url, token }, job, ...settings }, async (ms) => {
    town.pass(ms);
    await steps.shift()?.();
  });
}

describe('gonogo validate with the bot', () => {
  test('ends with 0 once rollout and checks after it passed, and leaves JUnit and JSON', async () => {
    const town = await promotionTown();
    const dir = await folder();
    const running = {
      outcome: 'waiting' as const,
      row: 16,
      reason: 'It rolls.',
      tasks: { running: 1, wanted: 2 },
    };
    const steps = [() => town.judged(commit, running), () => town.judged(commit), () => town.checked(commit)];
    const { deps, written } = withSteps(town, steps);
    const files = { junit: join(dir, 'j.xml'), json: join(dir, 'r.json') };
    expect(await validate({ ...options, ...files }, deps)).toBe(0);
    expect(written.out).toMatch(/00:10 {2}watching: It rolls\. \(1 of 2 tasks run\)\n/);
    expect(written.out).toContain(
      'GO (provisional: it is looked at again): core in eu-west-1, commit aaaaaaaa',
    );
    expect(await readFile(files.junit, 'utf8')).toMatch(/tests="3" failures="0" errors="0"/);
    expect(JSON.parse(await readFile(files.json, 'utf8'))).toMatchObject({
      version: 1,
      exitCode: 0,
      regions: [{ decision: 'GO', service: 'core', commit }],
    });
    const { state } = await town.store.read(promotionStream, promotionId(sha256, 'core', commit));
    expect(state?.regions[eu]).toMatchObject({ sources: ['api/job/77'], pipeline: { id: 9 } });
  });

  test('ends with 1 for a NO-GO, with cause, exit code, log lines and what to do', async () => {
    const town = await promotionTown();
    const dir = await folder();
    const failure = {
      ...{
        task: 't1',
        stoppedAt: null,
        stopCode: 'EssentialContainerExited',
        container: 'app',
        exitCode: 137,
      },
      ...{
        stoppedReason: 'OutOfMemoryError: killed',
        cause: 'The container needed more memory than it has.',
      },
    };
    const lines = [
      { at: '2026-11-21T12:00:01.000Z', text: 'panic: <no memory> ]]>\u0007\u001B[31m', hit: true },
    ];
    const excerpts = [{ title: 'Last lines of task t1', task: 't1', lines, url: null }];
    const { deps, written } = withSteps(town, [
      () => town.judged(commit, { ...failing, failures: [failure], excerpts }),
    ]);
    const junit = join(dir, 'j.xml');
    expect(await validate({ ...options, junit }, deps)).toBe(1);
    for (const said of [
      'NO-GO: core in eu-west-1',
      'Cause: The container needed more memory than it has.',
      'exit code 137; ECS says: OutOfMemoryError: killed',
      '> 12:00:01 panic: <no memory>',
      'What to do: The owner looks.',
      'Advice: delegate',
      'Slack: https://slack.example/core.',
    ])
      expect(written.out).toContain(said);
    const xml = await readFile(junit, 'utf8');
    expect(xml).toMatch(/tests="2" failures="2" errors="0"/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML takes none of these.
    expect(xml).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/);
    expect(xml.match(/\]\]>/g)?.length).toBe(xml.match(/<!\[CDATA\[/g)?.length);
  });

  test('ends with 2 for what is inconclusive', async () => {
    const town = await promotionTown();
    const { deps, written } = withSteps(town, [
      () => town.judged(commit, { row: 3, outcome: 'inconclusive', reason: 'No new deployment.' }),
    ]);
    expect(await validate(options, deps)).toBe(2);
    expect(written.out).toContain('INCONCLUSIVE: core');
  });

  test('ends with 2 when the time is over, and says what was seen last', async () => {
    const town = await promotionTown();
    const { deps, written, slept } = withSteps(town, []);
    expect(await validate({ ...options, timeout: '2m' }, deps)).toBe(2);
    expect(written.out).toContain('There is no decision after 2 min. It was not looked at yet.');
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBe(120_000);
  });

  test('waits for the re-checks too when it is told so, and a GO that is taken back is not 0', async () => {
    const town = await promotionTown();
    const pass = async () => {
      await town.judged(commit);
      await town.checked(commit);
    };
    const fails = async () => {
      await town.judged(commit, failing);
      await town.ended(commit);
    };
    const { deps } = withSteps(town, [pass, () => undefined, fails]);
    expect(await validate({ ...options, until: 'final' }, deps)).toBe(1);
    const second = withSteps(town, [pass, () => town.ended(commit)]);
    expect(await validate({ ...options, until: 'final', timeout: '24h' }, second.deps)).toBe(1);
  });

  test('takes the beginning of the pipeline where nothing better is known, and no old pass for it', async () => {
    const town = await promotionTown();
    await town.ask('POST', '/api/rollouts', {
      service: 'core',
      region: eu,
      commit,
      source: 'job/1',
      appliedAt,
    });
    await town.judged(commit);
    await town.checked(commit);
    const { appliedAt: _, ...rest } = options;
    const settings = { job: { ...job, pipelineCreatedAt: '2026-11-21T11:50:00Z' } };
    const { deps } = withSteps(town, [() => town.judged(commit, failing)], settings);
    expect(await validate(rest, deps)).toBe(1);
    const { state } = await town.store.read(promotionStream, promotionId(sha256, 'core', commit));
    expect(state?.regions[eu]).toMatchObject({ run: 2, expected: { appliedAt: '2026-11-21T11:50:00.000Z' } });
  });

  test('ends with 3 when nobody knows when the apply began', async () => {
    const town = await promotionTown();
    const { appliedAt: _, ...rest } = options;
    const { deps, written } = withSteps(town, []);
    expect(await validate(rest, deps)).toBe(3);
    expect(written.err).toContain('--applied-at');
  });

  test('takes a snapshot before the apply, and judges by it', async () => {
    const town = await promotionTown();
    const out = join(await folder(), 'before.json');
    const { appliedAt: _, ...rest } = options;
    const first = withSteps(town, []);
    expect(await validate({ ...rest, before: true, out }, first.deps)).toBe(0);
    expect(first.written.out).toContain('ecs-svc/0 with core:41');
    const { deps } = withSteps(town, [() => town.judged(commit, failing)]);
    expect(await validate({ ...rest, snapshot: out }, deps)).toBe(1);
    const wrong = withSteps(town, []);
    expect(await validate({ ...rest, commit: otherCommit, snapshot: out }, wrong.deps)).toBe(3);
    expect(wrong.written.err).toContain('--snapshot: it was taken for the commit aaaa');
  });

  test.each([
    ['a file that is none', 'hello'],
    ['another version', JSON.stringify({ version: 2 })],
  ])('ends with 3 for a snapshot that is %s', async (_, text) => {
    const town = await promotionTown();
    const file = join(await folder(), 'before.json');
    await writeFile(file, text);
    expect(await validate({ ...options, snapshot: file }, withSteps(town, []).deps)).toBe(3);
  });

  test.each([
    ['a time without an offset', { appliedAt: '2026-11-21T12:00:00' }, '--applied-at'],
    ['a timeout that is none', { timeout: 'soon' }, '--timeout'],
    ['another point', { until: 'later' }, '--until'],
    ['a digest that is none', { digest: 'latest' }, '--digest'],
    ['a short commit', { commit: 'abc' }, '--commit'],
    ['a region that the service has not', { region: 'mars-1' }, 'no region "mars-1"'],
  ])('ends with 3 for %s', async (_, wrong, said) => {
    const town = await promotionTown();
    const { deps, written } = withSteps(town, []);
    expect(await validate({ ...options, ...wrong }, deps)).toBe(3);
    expect(written.err).toContain(said);
  });
});

describe('gonogo validate with a bot that is not well', () => {
  test('ends with 2 after five minutes without an answer, and leaves a report all the same', async () => {
    const bot = await hostileBot((_, response) => response.writeHead(502).end('Bad gateway'));
    const junit = join(await folder(), 'j.xml');
    const { deps, written, slept } = jobOf({ bot: { url: bot.url, token } });
    expect(await validate({ ...options, junit }, deps)).toBe(2);
    expect(written.out).toContain('The bot did not answer. It answered 502 without JSON.');
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBe(300_000);
    expect(await readFile(junit, 'utf8')).toMatch(/failures="0" errors="2"/);
  });

  test.each<[string, object]>([
    ['another commit', { commit: otherCommit }],
    ['another region', { region: 'us-east-1' }],
    ['a word that is no decision', { decision: 'GOOD' }],
    ['a run of before', { run: 0 }],
    ['no version', { version: null }],
  ])('never takes a GO of %s', async (_, wrong) => {
    const town = await promotionTown();
    const body = { service: 'core', region: eu, commit, source: 'job/1', appliedAt };
    await town.ask('POST', '/api/rollouts', body);
    const whole = (await town.ask('GET', `/api/rollouts/core/${eu}?commit=${commit}`)).body;
    const bot = await hostileBot((request, response) =>
      sendJson(response, request.method === 'POST' ? 202 : 200, {
        ...whole,
        ...(request.method === 'POST' ? {} : { decision: 'GO', ...wrong }),
      }),
    );
    const { deps } = jobOf({ bot: { url: bot.url, token } });
    expect(await validate(options, deps)).toBe(2);
  });

  test('goes on when the bot comes back', async () => {
    const town = await promotionTown();
    const bot = await hostileBot(async (request, response, count) => {
      if (count < 3) return response.destroy();
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = chunks.length > 0 ? Buffer.concat(chunks).toString() : undefined;
      const method = request.method === 'POST' ? 'POST' : 'GET';
      const answer = await town.ask(method, request.url ?? '', body);
      sendJson(response, answer.status, answer.body);
    });
    const { deps, written } = jobOf({ bot: { url: bot.url, token }, job }, async () => {
      if (bot.asked.length > 2) await town.judged(commit, failing);
    });
    expect(await validate(options, deps)).toBe(1);
    expect(written.out).toContain('the bot does not answer: The connection failed');
    const { state } = await town.store.read(promotionStream, promotionId(sha256, 'core', commit));
    expect(state?.regions[eu]?.run).toBe(1);
  });
});
