import { request } from 'node:http';
import { expect, test } from 'vitest';
import { stage } from './stage.ts';

/** The status of a request with these headers (fetch would not let Host be set). */
function statusOf(url: string, headers: Record<string, string>, body?: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { headers, method: body === undefined ? 'GET' : 'POST' }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

test.each([
  ['a rebound DNS name', { host: 'evil.example' }, 403],
  ['a page from elsewhere', { origin: 'https://evil.example' }, 403],
  ['a page without an origin', { origin: 'null' }, 403],
  ['a page of this machine', { origin: 'http://localhost:3000' }, 200],
  ['a script of this machine', {}, 200],
])('%s gets %j: %i', async (_, headers, status) => {
  const { slack } = await stage();
  expect(await statusOf(`${slack.url}/_control/screen`, headers as Record<string, string>)).toBe(status);
});

test('unknown paths, verbs and bodies are told so', async () => {
  const { slack } = await stage();
  expect(await statusOf(`${slack.url}/_control/nothing`, {})).toBe(404);
  expect(await statusOf(`${slack.url}/_control/act/press`, {})).toBe(405);
  expect(await statusOf(`${slack.url}/_control/act/press`, {}, '{"user": 1}')).toBe(400);
  expect(await statusOf(`${slack.url}/_control/act/press`, {}, 'no json')).toBe(400);
  expect(await statusOf(`${slack.url}/_control/screen?user=U0`, {})).toBe(404);
  expect(await statusOf(`${slack.url}/_control/faults`, {}, 'x'.repeat(1_048_577))).toBe(413);
});
