import { expect, test } from 'vitest';
import { asLinearWrites, boxesOf, toggled } from '../../../sandbox/linear/markdown.ts';
import { started } from './started.ts';

test.each([
  ['bullets become stars', '- one\n  - two\n+ three', '* one\n  * two\n* three'],
  ['boxes stay', '- [ ] one\n* [X] two', '- [ ] one\n- [x] two'],
  ['comments are gone', '<!-- gonogo:begin -->\n## Gate\n<!-- gonogo:end -->', '## Gate'],
  ['bare addresses stand in brackets', 'see https://a.example/x now', 'see <https://a.example/x> now'],
  [
    'links stay',
    '[x](https://a.example/) <https://b.example>',
    '[x](https://a.example/) <https://b.example>',
  ],
  ['code stays', '```\n- a <b>\n```\n`- https://c.example`', '```\n- a <b>\n```\n`- https://c.example`'],
  ['blank lines are never doubled', '\n\na\n\n\n\nb  \n', 'a\n\nb'],
])('%s', (_, written, read) => {
  expect(asLinearWrites(written)).toBe(read);
  expect(asLinearWrites(read), 'what Linear wrote it leaves alone').toBe(read);
});

test('what is saved through the API reads back as Linear writes it, unless the world says verbatim', async () => {
  const text = '<!-- begin -->\n- plain\n- [ ] box';
  const { client, create, control } = await started();
  const id = await create({ description: text });
  expect((await client.issue(id)).description).toBe('* plain\n- [ ] box');
  await control.world({ markdown: 'verbatim' });
  await client.updateIssue(id, { description: text });
  expect((await client.issue(id)).description).toBe(text);
});

test('a box is found and ticked by its index, code aside', () => {
  const text = '- [ ] one\n```\n- [ ] no box\n```\n  - [x] two';
  expect(boxesOf(text)).toEqual([
    { index: 0, text: 'one', checked: false },
    { index: 1, text: 'two', checked: true },
  ]);
  expect(toggled(text, 1)).toBe('- [ ] one\n```\n- [ ] no box\n```\n  - [ ] two');
  expect(toggled(text, 0, true)).toContain('- [x] one');
  expect(toggled(text, 0, false)).toBe(text);
});
