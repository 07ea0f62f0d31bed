import { expect, test } from 'vitest';
import { taskOfStream } from '../../../src/checks/logs/streams.ts';

const id = '0123456789abcdef0123456789abcdef';
const older = '0123abcd-0123-abcd-0123-0123456789ab';

test.each([
  [`core/app/${id}`, 'app', id],
  [`core/app/${older}`, null, older],
  [`core/side/${id}`, 'app', null],
  [`a/prefix/with/slashes/app/${id}`, 'app', id],
  [`core-app-firelens-${id}`, 'app', id],
  [id, 'app', id],
  ['a stream of somebody', 'app', null],
  ['', null, null],
])('%s, container %s: %s', (stream, container, task) => {
  expect(taskOfStream(stream, container)).toBe(task);
});
