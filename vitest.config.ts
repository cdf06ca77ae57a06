import { defineConfig } from 'vitest/config';

const pure = 'test/**/*.test.{ts,tsx}';
const real = 'test/**/*.real.test.{ts,tsx}';
const timed = 'test/**/*.timed.test.{ts,tsx}';

/**
 * What a file's name says of it, and so how it is run. `*.timed.test.ts` judges times or gaps of real parts: two at once, since
 * what it waits for a CPU is told from what is a fault. `*.real.test.ts` starts processes or opens sockets: six at once, since
 * they wait more than they work. All others only compute, and are held to it: side by side. Modules are loaded once in each worker.
 */
export default defineConfig({
  test: {
    // A machine may have much else to do: these only end what will never be.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    maxConcurrency: 2,
    projects: [
      {
        extends: true,
        test: {
          ...{
            name: 'pure',
            include: [pure],
            exclude: [real, timed],
            setupFiles: ['test/helpers/only-computes.ts'],
          },
          ...{ pool: 'threads', isolate: false, sequence: { groupOrder: 0 } },
        },
      },
      {
        extends: true,
        test: {
          ...{ name: 'real', include: [real], pool: 'forks', isolate: false },
          ...{ maxWorkers: 6, sequence: { groupOrder: 1 } },
        },
      },
      {
        extends: true,
        test: {
          ...{ name: 'timed', include: [timed], pool: 'forks', isolate: false },
          ...{ maxWorkers: 2, sequence: { groupOrder: 2 } },
        },
      },
    ],
  },
});
