import { defineConfig } from 'vitest/config';

/** Suites by what they need and how long they take; `npm test` runs the first two. */
const suite = (name: string, include: string[], options: object = {}) => ({
  test: {
    name,
    include,
    globalSetup: ['test/support/postgres-setup.ts'],
    testTimeout: 30_000,
    // What is awaited may take its time on a busy machine; vitest gives up after a second.
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
    ...options,
  },
});

const apart = [
  'test/acceptance/**',
  'test/scenarios/**',
  'test/faults/**',
  'test/contract/**',
  'test/**/*.browser.test.ts',
];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      // One module graph a worker: importing it anew for each of a hundred files takes longer than the tests.
      { test: { ...suite('unit', ['test/**/*.test.ts'], { isolate: false }).test, exclude: apart } },
      suite('acceptance', ['test/acceptance/**/*.test.ts'], { testTimeout: 60_000, isolate: false }),
      suite('scenarios', ['test/scenarios/**/*.test.ts'], { testTimeout: 150_000, isolate: false }),
      suite('contract', ['test/contract/**/*.test.ts'], { testTimeout: 60_000 }),
      suite('browser', ['test/**/*.browser.test.ts'], { testTimeout: 120_000 }),
      suite('faults', ['test/faults/**/*.test.ts'], { testTimeout: 600_000, fileParallelism: false }),
    ],
  },
});
