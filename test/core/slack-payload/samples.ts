/** Small valid pieces of Block Kit that the tables of this folder stretch to a limit and one over it. */

export const x = (length: number): string => 'x'.repeat(length);
export const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

export const plain = (text: string) => ({ type: 'plain_text', text });
export const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });

export const section = (text = 'Cut-off of 16 projects') => ({ type: 'section', text: mrkdwn(text) });
export const divider = (block_id?: string) => ({ type: 'divider', ...(block_id && { block_id }) });
export const actions = (...elements: object[]) => ({ type: 'actions', elements });
export const button = (extra: object = {}) => ({
  type: 'button',
  action_id: 'stop',
  text: plain('Stop'),
  ...extra,
});
export const confirm = (extra: object = {}) => ({
  title: plain('Stop?'),
  text: mrkdwn('Targets not started yet stay as they are.'),
  confirm: plain('Stop'),
  deny: plain('Keep going'),
  ...extra,
});
export const option = (index: number, extra: object = {}) => ({
  text: plain(`Project ${index}`),
  value: `p${index}`,
  ...extra,
});
export const options = (count: number) => many(count, (index) => option(index));
export const groups = (count: number, each: number) =>
  many(count, (group) => ({
    label: plain(`Group ${group}`),
    options: many(each, (index) => option(group * 1_000 + index)),
  }));
export const select = (extra: object = {}) => ({
  type: 'static_select',
  action_id: 'project',
  options: options(2),
  ...extra,
});
export const choice = (type: 'checkboxes' | 'radio_buttons', count: number) => ({
  type,
  action_id: 'confirm',
  options: options(count),
});
export const overflow = (count: number) => ({ type: 'overflow', action_id: 'more', options: options(count) });
export const textInput = (extra: object = {}) => ({
  type: 'plain_text_input',
  action_id: 'reason',
  max_length: 3_000,
  ...extra,
});
export const input = (extra: object = {}) => ({
  type: 'input',
  block_id: 'reason',
  label: plain('Reason'),
  element: textInput(),
  ...extra,
});
export const image = (extra: object = {}) => ({
  type: 'image',
  image_url: 'https://example.test/bar.png',
  alt_text: 'Progress: 4 of 16',
  ...extra,
});
export const cell = (text = 'bf-manage-core') => ({ type: 'raw_text', text });
export const table = (rows: number, cells: number) => ({
  type: 'table',
  rows: many(rows, () => many(cells, () => cell('x'))),
});
export const richText = (...elements: object[]) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});

export const message = (...blocks: unknown[]) => ({ text: 'Cut-off of 16 projects', blocks });
export const modal = (blocks: unknown[], extra: object = {}) => ({
  type: 'modal',
  title: plain('Release'),
  submit: plain('Start'),
  blocks,
  ...extra,
});
export const home = (blocks: unknown[], extra: object = {}) => ({ type: 'home', blocks, ...extra });
