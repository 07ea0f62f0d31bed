import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineCheck } from '../../src/checks/define-check.ts';
import { checkParams, checks, findCheck } from '../../src/checks/index.ts';
import { pass } from '../../src/checks/judgements.ts';
import { type SourceName, type Sources } from '../../src/core/sources.ts';
import { candidate, judged, now } from './support/release.ts';

const signal = new AbortController().signal;
const everything = { codeHost: {}, web: {}, errors: {}, logs: {}, containers: {} } as unknown as Sources;

describe('a check', () => {
  test.each<SourceName[]>([[], ['web'], ['codeHost', 'logs']])(
    'is handed the sources it declares and no other: %s %s',
    async (...needs) => {
      const check = defineCheck({
        id: 'curious',
        question: 'What is there?',
        needs,
        params: z.strictObject({}),
        collect: async (_candidate, _params, sources) => Object.keys(sources),
        evaluate: (facts) => pass(facts.join(' '), []),
      });
      const { reason } = await check.run(candidate(), {}, everything, signal, () => now);
      expect(reason).toBe(needs.join(' '));
    },
  );

  test('refuses parameters that it does not know', async () => {
    await expect(judged('merge-requests', { lable: 'x' }, {})).rejects.toThrow(z.ZodError);
  });
});

describe('the registry', () => {
  test.each(Object.entries(checks))(
    '%s: has its own id, asks a question and refuses unknown keys',
    (id, check) => {
      expect(check.id).toBe(id);
      expect(check.question).toMatch(/^[A-Z].*\?$/);
      expect(checkParams[id]?.safeParse({ 'no-such-key': 1 }).success).toBe(false);
      expect(() => z.toJSONSchema(check.params, { io: 'input' })).not.toThrow();
    },
  );

  test('finds what is there and nothing else', () => {
    expect(findCheck('pipeline')?.id).toBe('pipeline');
    expect(findCheck('toString')).toBeUndefined();
    expect(findCheck('')).toBeUndefined();
  });

  test('lets merge requests be excluded and signals accepted, and nothing else', () => {
    const handled = Object.values(checks).filter(({ handling }) => handling !== 'none');
    expect(handled.map(({ id, handling }) => `${id} ${handling}`)).toEqual([
      'merge-requests exclude',
      'error-spike accept',
      'log-spike accept',
      'frontend-errors accept',
    ]);
  });
});
