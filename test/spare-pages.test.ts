import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import botNode from '../scripts/bot-node.json' with { type: 'json' };
import { sparePages } from '../src/spare-pages.ts';

const run = promisify(execFile);
const mb = 1e6;
const usage = (beside: number, heap = 100) => ({
  rss: (beside + heap + 10) * mb,
  heapTotal: heap * mb,
  external: 10 * mb,
});

test('pages are given back when 30 MB more than ever stand beside the heap, once a minute at most', () => {
  const hasSpare = sparePages();
  const said = [
    [usage(80), 0],
    [usage(109), 5_000],
    [usage(80, 200), 10_000],
    [usage(110), 15_000],
    [usage(120), 74_999],
    [usage(120), 75_000],
    [usage(70), 140_000],
    [usage(100), 145_000],
  ] as const;
  expect(said.map(([seen, at]) => hasSpare(seen, at))).toEqual([
    false,
    false,
    false,
    true,
    false,
    true,
    false,
    true,
  ]);
});

/** Makes V8 empty pages until some are given back; tells what was resident before and after, in bytes. */
const script = `
  import { setImmediate as turn } from 'node:timers/promises';
  import { giveSparePagesBack } from ${JSON.stringify(join(import.meta.dirname, '../src/spare-pages.ts'))};
  const one = (i) => ({ id: 'x' + i, list: Array.from({ length: 6 }, (_, j) => ({ at: i + '.' + j })) });
  let given = null;
  const stop = giveSparePagesBack({ debug: (told) => (given = told) }, 20);
  const kept = Array.from({ length: 30_000 }, (_, i) => one(i));
  for (let round = 0; !given; round += 1) {
    const batch = Array.from({ length: 3_000 }, (_, i) => one(i));
    for (let i = 0; i < 200; i += 1) kept[(round * 211 + i * 149) % kept.length] = batch[i];
    await turn();
  }
  stop();
  console.log(JSON.stringify(given));
`;

test('they are given back, on this Node with the flags of the bot', async () => {
  const flags = [...botNode.flags, '--compact-on-every-full-gc', '--input-type=module'];
  const { stdout } = await run(process.execPath, [...flags, '--eval', script], { timeout: 30_000 });
  const { from, to } = JSON.parse(stdout) as { from: number; to: number };
  expect(from - to).toBeGreaterThan(20 * mb);
});
