import { randomUUID } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import type { LinearOptions as World } from '../../../sandbox/linear/server.ts';
import { LinearKeeper } from '../../../src/adapters/linear/linear-keeper.ts';
import { OutsideError } from '../../../src/core/ports.ts';
import { started } from '../../sandbox/linear/started.ts';
import { answering, nobody } from '../gitlab/stub.ts';

const never = new AbortController().signal;
const done = { outcome: 'done', value: null };
const page = 'https://gitlab.example.com/betterfleet/bf-manage-core/-/pipelines/7';

async function linear(options: World = {}) {
  const town = await started(options);
  const keeperWith = (change: object = {}) =>
    new LinearKeeper({
      apiKey: town.linear.apiKey,
      url: town.linear.url,
      team: 'MAN',
      timeoutMs: 5_000,
      ...change,
    });
  return { ...town, keeper: keeperWith(), keeperWith };
}
const keeperAt = (url: string) =>
  new LinearKeeper({ apiKey: 'lin_api_x', url, team: 'MAN', timeoutMs: 1_000 });

const issue = (change: object = {}) => ({
  id: randomUUID(),
  title: 'Validate Manage staging release 2026.47',
  description: '## Gate 1\n\n- [ ] empty',
  labels: ['Bug'],
  ...change,
});

async function failure(reading: Promise<unknown>): Promise<OutsideError> {
  const error = await reading.then(
    () => new Error('it was read'),
    (reason: unknown) => reason,
  );
  if (error instanceof OutsideError) return error;
  throw error;
}

describe('an issue', () => {
  test('is created with our id in the team, and read as it stands', async () => {
    const { keeper, control } = await linear();
    const made = issue({ labels: ['Bug', 'Chargers'] });
    expect(await keeper.create(made, never)).toEqual(done);
    expect(await keeper.read(made.id, never)).toEqual({
      id: made.id,
      identifier: 'MAN-1',
      url: expect.stringContaining('/issue/MAN-1/'),
      title: made.title,
      description: made.description,
      labels: expect.arrayContaining(['Bug', 'Chargers']),
      comments: new Set(),
      links: new Set(),
    });
    expect(await control.requests('issueCreate')).toHaveLength(1);
    expect(await control.requests('issue')).toHaveLength(1);
  });

  test('that was created before is done, and not made twice', async () => {
    const { keeper, control } = await linear();
    const made = issue();
    await keeper.create(made, never);
    expect(await keeper.create({ ...made, title: 'another' }, never)).toEqual(done);
    expect((await control.issues()).map(({ title }) => title)).toEqual([made.title]);
  });

  test('that is not there is none', async () => {
    const { keeper } = await linear();
    expect(await keeper.read(randomUUID(), never)).toBeNull();
  });

  test('is rewritten whole, keeping the labels that people gave it', async () => {
    const { keeper, control } = await linear();
    const { id } = issue();
    await keeper.create(issue({ id }), never);
    await control.editIssue({ issue: id, addLabels: ['SEV-2'] });
    const change = { title: 'new', description: 'other', addLabels: ['Chargers'] };
    expect(await keeper.rewrite(id, change, never)).toEqual(done);
    const { title, description, labels } = (await keeper.read(id, never)) ?? {};
    expect([title, description, labels?.toSorted()]).toEqual(['new', 'other', ['Bug', 'Chargers', 'SEV-2']]);
    expect(await keeper.rewrite(id, { ...change, addLabels: [] }, never)).toEqual(done);
  });

  test('has comments with our ids, once each', async () => {
    const { keeper, control } = await linear();
    const { id } = issue();
    await keeper.create(issue({ id }), never);
    const comment = { id: randomUUID(), issue: id, body: 'Pass 2 started' };
    expect(await keeper.comment(comment, never)).toEqual(done);
    expect(await keeper.comment(comment, never)).toEqual(done);
    expect((await keeper.read(id, never))?.comments).toEqual(new Set([comment.id]));
    expect((await control.issue(id)).comments).toHaveLength(1);
  });

  test('has each link once, with its last title', async () => {
    const { keeper, control } = await linear();
    const { id } = issue();
    await keeper.create(issue({ id }), never);
    expect(await keeper.link({ issue: id, url: page, title: 'running' }, never)).toEqual(done);
    expect(await keeper.link({ issue: id, url: page, title: 'passed' }, never)).toEqual(done);
    expect((await keeper.read(id, never))?.links).toEqual(new Set([page]));
    expect(JSON.stringify(await control.issue(id))).toContain('passed');
  });

  test('is read with all its comments and links, over every page, within the budget', async () => {
    const { keeper, control, client } = await linear();
    const { id } = issue();
    await keeper.create(issue({ id }), never);
    for (let i = 0; i < 230; i += 1) await control.comment({ issue: id, body: `comment ${i}` });
    for (let i = 0; i < 120; i += 1)
      await client.createAttachment({ issueId: id, url: `${page}${i}`, title: 'x' });
    const found = await keeper.read(id, never);
    expect([found?.comments.size, found?.links.size]).toEqual([230, 120]);
    const reads = await control.requests('issue.comments');
    expect(reads).toHaveLength(3);
    for (const { complexity } of reads) expect(complexity).toBeLessThan(500);
  });
});

describe('names', () => {
  test('of labels that are missing are refused one by one, and found as soon as somebody has made them', async () => {
    const { keeper, client } = await linear();
    const made = issue({ labels: ['Bug', 'Kind: validation', 'Nope'] });
    const refused = await keeper.create(made, never);
    expect(refused).toMatchObject({
      outcome: 'refused',
      problem: {
        code: 'linear-label-missing',
        what: 'Linear has no label "Kind: validation", "Nope" for the team MAN.',
      },
    });
    for (const name of ['Kind: validation', 'Nope']) await client.createIssueLabel({ name });
    expect(await keeper.create(made, never)).toEqual(done);
  });

  test.each([
    ['a group of labels', 'Kind', 'MAN'],
    ['a label of another team', 'Chargers', 'PLT'],
  ])('%s is no label', async (_, label, team) => {
    const { keeperWith } = await linear();
    expect(await keeperWith({ team }).create(issue({ labels: [label] }), never)).toMatchObject({
      problem: { code: 'linear-label-missing' },
    });
  });

  test('are the team’s own where the workspace has a label of the same name', async () => {
    const labels = [{ name: 'Bug' }, { name: 'Bug', team: 'MAN' }, { name: 'Bug', team: 'PLT' }];
    const { keeper, control } = await linear({ world: { labels } });
    const made = issue();
    await keeper.create(made, never);
    const [request] = await control.requests('issueCreate');
    const own = (await control.state()).labels.find(({ team }) => team === 'MAN');
    expect(request?.variables).toMatchObject({ input: { labelIds: [own?.id] } });
  });

  test('of a team that is not there are refused', async () => {
    const { keeperWith } = await linear();
    expect(await keeperWith({ team: 'NOPE' }).create(issue(), never)).toMatchObject({
      outcome: 'refused',
      problem: { code: 'linear-team-missing', what: 'Linear shows no team "NOPE".' },
    });
  });

  test('are asked for once', async () => {
    const { keeper, control } = await linear();
    for (let i = 0; i < 3; i += 1) await keeper.create(issue(), never);
    expect(await control.requests('teams')).toHaveLength(1);
    expect(await control.requests('issueLabels')).toHaveLength(1);
  });

  test('that can’t be looked up leave the change unsent', async () => {
    const { keeper, control } = await linear();
    await control.addFault({ kind: 'http500', operation: 'teams', times: 1 });
    expect(await keeper.create(issue(), never)).toMatchObject({ outcome: 'unsent' });
    expect(await control.requests('issueCreate')).toEqual([]);
  });
});

describe('a change', () => {
  test.each(['acceptThen500', 'acceptThenReset'] as const)(
    'after %s is unclear, sent once, found by its id, and done when tried again',
    async (kind) => {
      const { keeper, control } = await linear();
      const made = issue();
      await control.addFault({ kind, operation: 'issueCreate', times: 1 });
      expect(await keeper.create(made, never)).toMatchObject({ outcome: 'unclear' });
      expect(await control.requests('issueCreate')).toHaveLength(1);
      expect((await keeper.read(made.id, never))?.identifier).toBe('MAN-1');
      expect(await keeper.create(made, never)).toEqual(done);
      expect(await control.issues()).toHaveLength(1);
    },
  );

  test.each(['http500', 'reset'] as const)('after %s is unclear, though nothing was done', async (kind) => {
    const { keeper, control } = await linear();
    const made = issue();
    await keeper.create(made, never);
    await control.addFault({ kind });
    expect(
      await Promise.all([
        keeper.rewrite(made.id, { title: 't', description: 'd', addLabels: [] }, never),
        keeper.comment({ id: randomUUID(), issue: made.id, body: 'b' }, never),
        keeper.link({ issue: made.id, url: page, title: 't' }, never),
      ]),
    ).toMatchObject(Array(3).fill({ outcome: 'unclear' }));
    expect(await control.requests('commentCreate')).toHaveLength(1);
  });

  test('without an answer in time is unclear', async () => {
    const { keeper, keeperWith, control } = await linear();
    const made = issue();
    await keeper.create(made, never);
    await control.addFault({ kind: 'acceptThenTimeout', operation: 'commentCreate' });
    const comment = { id: randomUUID(), issue: made.id, body: 'b' };
    expect(await keeperWith({ timeoutMs: 150 }).comment(comment, never)).toEqual({
      outcome: 'unclear',
      cause: 'no answer in time',
    });
    expect((await keeper.read(made.id, never))?.comments).toEqual(new Set([comment.id]));
  });

  test('that nobody took is unsent', async () => {
    const keeper = keeperAt(await nobody());
    expect(await keeper.link({ issue: randomUUID(), url: page, title: 't' }, never)).toEqual({
      outcome: 'unsent',
      cause: 'the connection failed (ECONNREFUSED)',
    });
  });

  test.each([
    [true, 400, 7_000],
    [true, 429, 7_000],
    [false, 400, 30_000],
  ] as const)(
    'too many: Retry-After %s, status %i, waits %i ms',
    async (retryAfterHeader, rateLimitStatus, retryAfterMs) => {
      const { keeper, control } = await linear({ world: { retryAfterHeader, rateLimitStatus } });
      await control.addFault({ kind: 'ratelimited', retryAfter: 7 });
      expect(await keeper.link({ issue: randomUUID(), url: page, title: 't' }, never)).toEqual({
        outcome: 'busy',
        retryAfterMs,
      });
    },
  );

  test('that Linear refuses says so in its words', async () => {
    const { keeper } = await linear();
    expect(await keeper.create(issue({ title: 'x'.repeat(300) }), never)).toMatchObject({
      outcome: 'refused',
      problem: { code: 'linear-refused', why: expect.stringContaining('title must be shorter') },
    });
    const nowhere = { id: randomUUID(), issue: randomUUID(), body: 'b' };
    expect(await keeper.comment(nowhere, never)).toMatchObject({ outcome: 'refused' });
  });

  test('with a wrong key is refused, and no answer tells the key', async () => {
    const { keeperWith } = await linear();
    const effect = await keeperWith({ apiKey: 'lin_api_wrong' }).create(issue(), never);
    expect(effect).toMatchObject({ outcome: 'refused', problem: { code: 'linear-key-refused' } });
    expect(JSON.stringify(effect)).not.toContain('lin_api_wrong');
  });

  test.each([
    [404, '<html>not here</html>'],
    [408, ''],
    [499, ''],
    [502, '<html>bad gateway</html>'],
  ])('that something before Linear answers with %i is unclear', async (status, body) => {
    const { url } = await answering(status, body, { 'content-type': 'text/html' });
    const effect = await keeperAt(url).link({ issue: randomUUID(), url: page, title: 't' }, never);
    expect(effect).toEqual({ outcome: 'unclear', cause: `it answered ${status}` });
  });

  test.each(['{"data":{"attachmentCreate":{"success":false,"lastSyncId":1}}}', '{"data":', '{}'])(
    'whose answer says nothing is unclear: %s',
    async (body) => {
      const { url } = await answering(200, body);
      const effect = await keeperAt(url).link({ issue: randomUUID(), url: page, title: 't' }, never);
      expect(effect.outcome).toBe('unclear');
    },
  );

  test('is not begun when its caller has ended it, and unclear when it ends under way', async () => {
    const { keeper, control } = await linear();
    await control.addFault({ kind: 'timeout' });
    const stop = new AbortController();
    const link = { issue: randomUUID(), url: page, title: 't' };
    const linking = keeper.link(link, stop.signal);
    await vi.waitFor(async () => expect((await control.faults())[0]?.struck).toBe(1));
    stop.abort(new Error('enough'));
    expect(await linking).toMatchObject({ outcome: 'unclear' });
    await expect(keeper.link(link, stop.signal)).rejects.toThrow('enough');
  });
});

describe('a read of Linear', () => {
  test.each([
    ['http500', 'unreachable', 'linear-unread'],
    ['reset', 'unreachable', 'linear-unread'],
    ['ratelimited', 'busy', 'linear-unread'],
  ] as const)('after %s throws, after one attempt', async (kind, expected, code) => {
    const { keeper, control } = await linear();
    await control.addFault({ kind, retryAfter: 7 });
    const error = await failure(keeper.read(randomUUID(), never));
    expect([error.kind, error.problem.code]).toEqual([expected, code]);
    expect(error.retryAfterMs).toBe(kind === 'ratelimited' ? 7_000 : null);
    expect(await control.requests()).toHaveLength(1);
  });

  test('on its second page that fails is no read of the first', async () => {
    const { keeper, control } = await linear();
    const made = issue();
    await keeper.create(made, never);
    for (let i = 0; i < 101; i += 1) await control.comment({ issue: made.id, body: 'x' });
    await control.addFault({ kind: 'slow', delayMs: 100, operation: 'issue', times: 1 });
    await control.addFault({ kind: 'http500', operation: 'issue' });
    expect((await failure(keeper.read(made.id, never))).kind).toBe('unreachable');
  });

  test('with a wrong key is refused', async () => {
    const { keeperWith } = await linear();
    const error = await failure(keeperWith({ apiKey: 'lin_api_wrong' }).read(randomUUID(), never));
    expect([error.kind, error.problem.code]).toEqual(['refused', 'linear-key-refused']);
  });

  test('whose answer is not understood throws', async () => {
    const { url } = await answering(200, '{"data":{"issue":{"id":"1"}}}');
    const error = await failure(keeperAt(url).read('1', never));
    expect([error.kind, error.problem.why]).toEqual([
      'unreachable',
      'Linear’s answer could not be understood',
    ]);
  });

  test('ends when its caller ends it, with the caller’s reason', async () => {
    const { keeper, control } = await linear();
    await control.addFault({ kind: 'timeout' });
    const stop = new AbortController();
    const reading = keeper.read(randomUUID(), stop.signal);
    await vi.waitFor(async () => expect((await control.faults())[0]?.struck).toBe(1));
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });
});
