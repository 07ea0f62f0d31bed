import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { commit } from '../core/promotion/samples.ts';
import { eu, promotionTown, token, us } from './promotion-town.ts';

const main = join(import.meta.dirname, '../../src/main.ts');

/** Runs gonogo as a job of a pipeline would, with nothing in its environment but PATH and `settings`. */
async function gonogo(args: string[], settings: Record<string, string> = {}) {
  const env = { PATH: process.env['PATH'], ...settings };
  return promisify(execFile)(process.execPath, [main, ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      stdout,
      stderr,
    }),
  );
}

const about = (region: string) => ['--service', 'core', '--region', region, '--commit', commit];

describe('a job of a pipeline', () => {
  test('is let through by an open gate, and held by a shut one', async () => {
    const town = await promotionTown();
    const settings = { GONOGO_URL: town.url, GONOGO_API_TOKEN: token };
    const open = await gonogo(['gate', ...about(eu), '--wait', '0'], settings);
    expect([open.code, open.stdout]).toEqual([0, expect.stringContaining('OPEN: ')]);
    const held = await gonogo(['gate', ...about(us), '--wait', '0'], { ...settings, CI_JOB_ID: '7' });
    expect([held.code, held.stdout]).toEqual([2, expect.stringContaining('STILL HELD: ')]);
    expect(held.stdout).toContain('section_start:');
  });

  test.each([
    ['an option that is none', ['gate', ...about(eu), '--now'], /unknown option/],
    ['no commit', ['validate', '--service', 'core', '--region', eu], /--commit/],
    ['no bot', ['gate', ...about(eu)], /GONOGO_URL/],
    ['no catalogue', ['validate', ...about(eu), '--catalogue', 'nowhere.yml'], /nowhere\.yml/],
  ])('ends with 3 for %s', async (_, args, said) => {
    const { code, stderr } = await gonogo(args);
    expect(stderr).toMatch(said);
    expect(code).toBe(3);
  });

  test('ends with 3 for settings that are wrong, without their values', async () => {
    const { code, stderr } = await gonogo(['gate', ...about(eu)], {
      ...{ GONOGO_URL: 'https://gonogo.example', GONOGO_API_TOKEN: 'hunter2' },
    });
    expect([code, stderr]).toEqual([3, expect.stringContaining('GONOGO_API_TOKEN must have')]);
    expect(stderr).not.toContain('hunter2');
  });
});
