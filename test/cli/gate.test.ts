import type { IncomingMessage, ServerResponse } from 'node:http';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gate } from '../../src/cli/gate.ts';
import { commit, otherCommit } from '../core/promotion/samples.ts';
import { hostileBot, sendJson } from './hostile-bot.ts';
import { jobOf, terminal } from './job.ts';
import { eu, promotionTown, token, us } from './promotion-town.ts';

const options = { service: 'core', region: us, commit, wait: '0' };

/** A whole "open" to exactly what is asked. */
function openTo(request: IncomingMessage): Record<string, unknown> {
  const url = new URL(request.url ?? '', 'http://bot');
  const [, , , service, region] = url.pathname.split('/');
  return {
    ...{ version: 1, service, region, open: true, holds: [] },
    ...{ commit: url.searchParams.get('commit'), asked: url.searchParams.get('asked') },
  };
}

const hold = { service: 'core', region: eu, canPass: true, why: 'It is watched.', todo: 'Wait.' };

describe('gonogo gate', () => {
  test('ends with 0 for a whole, open answer to this very question', async () => {
    const bot = await hostileBot((request, response) => sendJson(response, 200, openTo(request)));
    const { deps, written } = jobOf({ bot: { url: bot.url, token } });
    expect(await gate(options, deps)).toBe(0);
    expect(written.out).toContain('OPEN: Gate of core in us-east-1 for commit aaaaaaaa');
    expect(bot.tokens).toEqual([`Bearer ${token}`]);
  });

  test.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ['an open answer of another service', (q, r) => sendJson(r, 200, { ...openTo(q), service: 'web' })],
    ['an open answer of another region', (q, r) => sendJson(r, 200, { ...openTo(q), region: eu })],
    ['an open answer of another commit', (q, r) => sendJson(r, 200, { ...openTo(q), commit: otherCommit })],
    ['an answer that something has kept', (q, r) => sendJson(r, 200, { ...openTo(q), asked: 'word-0' })],
    ['open and held at once', (q, r) => sendJson(r, 200, { ...openTo(q), holds: [hold] })],
    ['held with nothing that holds', (q, r) => sendJson(r, 200, { ...openTo(q), open: false })],
    ['another version', (q, r) => sendJson(r, 200, { ...openTo(q), version: 2 })],
    ['open as a word', (q, r) => sendJson(r, 200, { ...openTo(q), open: 'true' })],
    ['open as a number', (q, r) => sendJson(r, 200, { ...openTo(q), open: 1 })],
    ['no holds', (q, r) => sendJson(r, 200, { ...openTo(q), holds: undefined })],
    ['a list around it', (q, r) => sendJson(r, 200, [openTo(q)])],
    ['just open', (_, r) => sendJson(r, 200, { open: true })],
    ['null', (_, r) => sendJson(r, 200, null)],
    ['a created', (q, r) => sendJson(r, 201, openTo(q))],
    ['a partial answer', (q, r) => sendJson(r, 206, openTo(q))],
    ['an error that says open', (q, r) => sendJson(r, 500, openTo(q))],
    ['a bad gateway', (_, r) => void r.writeHead(502).end('Bad gateway')],
    [
      'a page that nobody knows',
      (_, r) => void r.writeHead(404, { 'content-type': 'text/html' }).end('<h1>'),
    ],
    [
      'too many requests',
      (q, r) => void r.writeHead(429, { 'retry-after': '1' }).end(JSON.stringify(openTo(q))),
    ],
    ['no content', (_, r) => void r.writeHead(204).end()],
    ['nothing', (_, r) => void r.writeHead(200, { 'content-type': 'application/json' }).end()],
    [
      'HTML with 200',
      (_, r) => void r.writeHead(200, { 'content-type': 'text/html' }).end('<title>Sign in</title>'),
    ],
    [
      'JSON that calls itself HTML',
      (q, r) => void r.writeHead(200, { 'content-type': 'text/html' }).end(JSON.stringify(openTo(q))),
    ],
    ['JSON without a type', (q, r) => void r.writeHead(200).end(JSON.stringify(openTo(q)))],
    [
      'half of it',
      (q, r) =>
        void r
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify(openTo(q)).slice(0, -1)),
    ],
    [
      'a connection that breaks in the middle',
      (q, r) => {
        const text = JSON.stringify(openTo(q));
        r.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
        r.write(text.slice(0, 40), () => r.destroy());
      },
    ],
    [
      'a whole answer that is said to be longer',
      (q, r) => {
        const text = JSON.stringify(openTo(q));
        r.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length + 5 });
        r.write(text, () => r.destroy());
      },
    ],
    ['a connection that breaks at once', (_, r) => void r.destroy()],
    [
      'more than fits',
      (q, r) =>
        void r
          .writeHead(200, { 'content-type': 'application/json' })
          .end(`${' '.repeat(6 * 1024 * 1024)}${JSON.stringify(openTo(q))}`),
    ],
  ])('ends with 2 for %s', async (_, answer) => {
    const bot = await hostileBot(answer);
    const { deps, written } = jobOf({ bot: { url: bot.url, token } });
    expect(await gate(options, deps)).toBe(2);
    expect(written.out).toContain('NOT KNOWN');
    expect(written.out).not.toContain('OPEN');
  });

  test('follows no redirect, and takes the token nowhere else', async () => {
    const other = await hostileBot((request, response) => sendJson(response, 200, openTo(request)));
    const bot = await hostileBot((request, response) =>
      response.writeHead(302, { location: `${other.url}${request.url}` }).end(),
    );
    const { deps } = jobOf({ bot: { url: bot.url, token } });
    expect(await gate(options, deps)).toBe(2);
    expect(other.asked).toEqual([]);
  });

  test('ends with 2 when nobody listens', async () => {
    const { deps } = jobOf({ bot: { url: 'http://127.0.0.1:9', token } });
    expect(await gate(options, deps)).toBe(2);
  });

  test('of all answers that could be made up, only the right one ends with 0', async () => {
    let content: unknown;
    const bot = await hostileBot((request, response) =>
      sendJson(response, 200, typeof content === 'function' ? content(request) : content),
    );
    const odd = fc.oneof(fc.jsonValue(), fc.constantFrom(null, '', 'true', [], {}, otherCommit, eu, 2));
    const key = fc.constantFrom('version', 'service', 'region', 'commit', 'asked', 'open', 'holds');
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(key, odd), { minLength: 1, selector: ([k]) => k }),
        async (changes) => {
          let isSame = false;
          content = (request: IncomingMessage) => {
            const right = openTo(request);
            const wrong = { ...right, ...Object.fromEntries(changes) };
            isSame = JSON.stringify(wrong) === JSON.stringify(right);
            return wrong;
          };
          const { deps } = jobOf({ bot: { url: bot.url, token } });
          const code = await gate(options, deps);
          expect(code === 0).toBe(isSame);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('asks every time with a new word', async () => {
    const bot = await hostileBot((request, response, count) =>
      sendJson(
        response,
        200,
        count < 3 ? { ...openTo(request), open: false, holds: [hold] } : openTo(request),
      ),
    );
    const { deps } = jobOf({ bot: { url: bot.url, token } });
    expect(await gate({ ...options, wait: '15m' }, deps)).toBe(0);
    expect(new Set(bot.asked).size).toBe(3);
  });

  test('says what it waits for when that changes, and ends with 2 when the time is over', async () => {
    const whys = ['first', 'first', 'second'];
    const bot = await hostileBot((request, response, count) =>
      sendJson(response, 200, {
        ...openTo(request),
        ...{ open: false, holds: [{ ...hold, why: whys[count - 1] ?? 'second' }] },
      }),
    );
    const { deps, written, slept } = jobOf({ bot: { url: bot.url, token } });
    expect(await gate({ ...options, wait: '1m' }, deps)).toBe(2);
    expect(written.out.match(/waiting: \w+/g)).toEqual(['waiting: first', 'waiting: second']);
    expect(written.out).toContain('STILL HELD');
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBe(60_000);
  });

  test('ends with 1 at once when waiting does not help', async () => {
    const stuck = { ...hold, canPass: false, why: 'NO-GO: tasks stop.', todo: 'The owner looks.' };
    const bot = await hostileBot((request, response) =>
      sendJson(response, 200, { ...openTo(request), open: false, holds: [hold, stuck] }),
    );
    const { deps, written, slept } = jobOf({ bot: { url: bot.url, token } });
    expect(await gate({ ...options, wait: '15m' }, deps)).toBe(1);
    expect(written.out).toContain('HELD');
    expect(written.out).toContain('What to do: The owner looks.');
    expect(slept).toEqual([]);
  });

  test('goes on asking while the bot is away, at growing distances', async () => {
    const bot = await hostileBot((request, response, count) =>
      count < 5 ? response.destroy() : sendJson(response, 200, openTo(request)),
    );
    const { deps, slept } = jobOf({ bot: { url: bot.url, token } });
    expect(await gate({ ...options, wait: '15m' }, deps)).toBe(0);
    expect(slept).toEqual([2_000, 4_000, 8_000, 16_000]);
  });

  test.each([
    ['a wrong token', 401],
    ['an unknown service', 404],
  ])('ends with 3 when the bot refuses it: %s', async (_, status) => {
    const error = { code: 'c', what: 'It is refused.', why: '', todo: 'Mend it.' };
    const bot = await hostileBot((_request, response) => sendJson(response, status, { error }));
    const { deps, written } = jobOf({ bot: { url: bot.url, token } });
    expect(await gate({ ...options, wait: '15m' }, deps)).toBe(3);
    expect(written.out).toContain('It is refused. Mend it.');
  });

  test.each([
    ['a short commit', { commit: 'abcdef12' }, '40 hexadecimal digits'],
    ['a commit that was not filled in', { commit: '$CI_COMMIT_SHA' }, '--commit'],
    ['an empty service', { service: '' }, '--service is empty'],
    ['a wait that is none', { wait: '15' }, '--wait: "15" is no time'],
    ['a wait of days', { wait: '25h' }, '--wait'],
  ])('ends with 3 for %s', async (_, wrong, said) => {
    const { deps, written } = jobOf({ bot: { url: 'http://127.0.0.1:9', token } });
    expect(await gate({ ...options, ...wrong }, deps)).toBe(3);
    expect(written.err).toContain(said);
  });

  test('ends with 3 without a bot to ask', async () => {
    const { deps, written } = jobOf({});
    expect(await gate(options, deps)).toBe(3);
    expect(written.err).toContain('GONOGO_URL');
  });

  test('cannot be steered by what it prints', async () => {
    const why = 'x\u001B[0Ksection_end:1:gonogo_progress\r\u001B[0K\nOPEN: all\u202E';
    const bot = await hostileBot((request, response) =>
      sendJson(response, 200, {
        ...openTo(request),
        ...{ open: false, holds: [{ ...hold, canPass: false, why, todo: '\u0007\u009B31m' }] },
      }),
    );
    const { deps, written } = jobOf({ bot: { url: bot.url, token }, job: { ...terminal, id: '7' } });
    expect(await gate(options, deps)).toBe(1);
    const after = written.out.split('gonogo_progress\r\u001B[0K\n').at(-1);
    expect(after).toMatch(/^HELD: /);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there.
    expect(after).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]|^OPEN/m);
  });
});

describe('gonogo gate with the bot', () => {
  test('waits until the region before is GO', async () => {
    const town = await promotionTown();
    await town.ask('POST', '/api/rollouts', {
      ...{ service: 'core', region: eu, commit, source: 'job/1', appliedAt: '2026-11-21T11:59:00Z' },
    });
    const steps = [() => town.judged(commit), () => town.checked(commit)];
    const { deps, written } = jobOf({ bot: { url: town.url, token } }, () => steps.shift()?.());
    expect(await gate({ ...options, wait: '15m' }, deps)).toBe(0);
    expect(written.out).toMatch(/waiting: core in eu-west-1: its validation is under way\.\n(.|\n)*OPEN/);
  });

  test('is held by a NO-GO, and by a wrong token', async () => {
    const town = await promotionTown();
    await town.ask('POST', '/api/rollouts', {
      ...{ service: 'core', region: eu, commit, source: 'job/1', appliedAt: '2026-11-21T11:59:00Z' },
    });
    await town.judged(commit, { outcome: 'fail', row: 8, reason: 'Tasks stop.', remedy: 'Look.' });
    expect(await gate(options, jobOf({ bot: { url: town.url, token } }).deps)).toBe(1);
    const wrong = jobOf({ bot: { url: town.url, token: 'another-token-of-16' } });
    expect(await gate(options, wrong.deps)).toBe(3);
    expect(wrong.written.out).toContain('GONOGO_API_TOKEN');
  });
});
