import { expect, test } from 'vitest';
import { started } from './started.ts';

test('the state shows the world, and every issue with what hangs on it', async () => {
  const { client, control, create } = await started();
  const id = await create({ description: '- [ ] one\n- [x] two' });
  await client.createComment({ issueId: id, body: 'hello' });
  await client.createAttachment({ issueId: id, title: 'Thread', url: 'https://slack.example/p1' });
  const state = await control.state();
  expect(state.teams.map(({ key }) => key)).toEqual(['MAN', 'PLT']);
  expect(state.issues).toMatchObject([
    {
      id,
      identifier: 'MAN-1',
      state: 'Backlog',
      boxes: [
        { text: 'one', checked: false },
        { text: 'two', checked: true },
      ],
      comments: [{ body: 'hello', user: 'gonogo' }],
      attachments: [{ title: 'Thread' }],
      history: [{ by: 'gonogo', changes: ['link + https://slack.example/p1'] }],
    },
  ]);
});

test('a person edits, ticks, labels, closes and comments', async () => {
  const { control, create, client } = await started();
  const id = await create({ description: '- [ ] one\n- [ ] two' });
  await control.toggle({ issue: id, box: 'two', user: 'dan@example.com' });
  await control.toggle({ issue: 'MAN-1', box: 0, checked: true });
  await control.comment({ issue: id, body: 'looks good', user: 'Ada Admin' });
  const view = await control.editIssue({
    issue: id,
    state: 'Done',
    addLabels: ['Bug'],
    assignee: 'Ada Admin',
  });
  expect(view).toMatchObject({ stateType: 'completed', labels: ['Bug'], assignee: 'Ada Admin' });
  expect((await client.issue(id)).description).toBe('- [x] one\n- [x] two');
  expect(view.history).toMatchObject([
    { by: 'Dan On Duty', changes: ['description'] },
    { by: 'Rita Release', changes: ['description'] },
    { changes: ['state: Backlog → Done', 'assignee: none → Ada Admin', 'label + Bug'] },
  ]);
});

test('requests are logged by what they asked, without the key', async () => {
  const { client, control, create, linear } = await started();
  const issue = await client.issue(await create());
  await issue.comments();
  const requests = await control.requests();
  expect(requests.map(({ operations }) => operations)).toEqual([
    ['issueCreate'],
    ['issue'],
    ['issue', 'issue.comments'],
  ]);
  expect(requests[0]).toMatchObject({ variables: { input: { title: 'Validate 2026.47' } }, errors: [] });
  expect(JSON.stringify(requests)).not.toContain(linear.apiKey);
});

test('changes are streamed as they happen', async () => {
  const { linear, create, client } = await started();
  const stop = new AbortController();
  const stream = await fetch(new URL('/_control/changes', linear.url), { signal: stop.signal });
  const id = await create();
  await client.createComment({ issueId: id, body: 'streamed' });
  let text = '';
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  while (reader && !text.includes('streamed')) text += (await reader.read()).value ?? '';
  stop.abort();
  const [first, second] = text.split('\n\n').map((line) => JSON.parse(line.replace('data: ', '') || '{}'));
  expect(first).toMatchObject({ kind: 'issue', created: true, issue: { id } });
  expect(second).toMatchObject({ kind: 'comment', issue: 'MAN-1', comment: { body: 'streamed' } });
});

test.each([
  ['an unknown setting', 'world', { colour: 'red' }, 400, 'colour'],
  ['an unknown fault', 'faults', { kind: 'flood' }, 400, 'kind'],
  ['a probability above one', 'faults', { kind: 'reset', probability: 2 }, 400, 'probability'],
  ['an issue that is not there', 'act/comment', { issue: 'MAN-9', body: 'x' }, 404, 'MAN-9'],
  ['a label that is not there', 'act/create-issue', { title: 'x', labels: ['Red'] }, 404, 'Red'],
  ['a person who is not there', 'act/create-issue', { title: 'x', user: 'Nobody' }, 404, 'Nobody'],
  ['what Linear refuses', 'act/create-issue', { title: ' ' }, 400, 'title should not be empty'],
])('%s is refused by name', async (_, path, body, status, word) => {
  const { linear } = await started();
  const response = await fetch(new URL(`/_control/${path}`, linear.url), {
    method: 'POST',
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(status);
  expect(await response.text()).toContain(word);
});

test('the address of an issue leads to a page with its boxes, and what people typed is harmless', async () => {
  const { client, create, control } = await started();
  const description =
    '## Gate 1\n\n- [x] done **well**\n- [ ] `open`\n\n<script>alert(1)</script> https://a.example/?a=1&b=2';
  const id = await create({ title: 'Say "hi" & <b>', description });
  await control.comment({ issue: id, body: '[evil](javascript:alert(1)) [good](https://b.example/)' });
  const { url } = await client.issue(id);
  const html = await (await fetch(url)).text();
  expect(html).toContain('<h3>Gate 1</h3>');
  expect(html).toContain('<input type="checkbox" disabled checked> done <strong>well</strong>');
  expect(html).toContain('<input type="checkbox" disabled> <code>open</code>');
  expect(html).toContain('1 of 2 boxes ticked');
  expect(html).toContain('&lt;script&gt;');
  expect(html).toContain('<a href="https://a.example/?a=1&amp;b=2">');
  expect(html).toContain('<a href="https://b.example/">good</a>');
  expect(html).not.toMatch(/<script|href="javascript|<b>/);
  expect(html).toContain('Simulated Linear');
  const list = await (await fetch(new URL('/', url))).text();
  expect(list).toContain(`href="${url}"`);
  expect((await fetch(url.replace('MAN-1', 'MAN-2'))).status).toBe(404);
});

test('a strange Host or Origin is refused, on the API too', async () => {
  const { linear, ask } = await started();
  const origin = { origin: 'http://evil.example' };
  expect((await ask('{ viewer { id } }', {}, origin)).status).toBe(403);
  expect((await fetch(new URL('/_control/state', linear.url), { headers: origin })).status).toBe(403);
});
