import { defineConfig } from 'vitest/config';

const pure = 'test/**/*.test.{ts,tsx}';
const real = 'test/**/*.real.test.{ts,tsx}';
const alone = 'test/**/*.alone.test.{ts,tsx}';

/**
 * What a file's name says of it, and so how it is run. `*.alone.test.ts` judges times or gaps of real parts: one at a time.
 * `*.real.test.ts` starts processes or opens sockets: four at once, since they wait more than they work. All others only
 * compute, and are held to it: side by side. But for the first kind the modules are loaded once in each worker.
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
            exclude: [real, alone],
            setupFiles: ['test/helpers/only-computes.ts'],
          },
          ...{ pool: 'threads', isolate: false, sequence: { groupOrder: 0 } },
        },
      },
      {
        extends: true,
        test: {
          ...{ name: 'real', include: [real], pool: 'forks', isolate: false },
          ...{ maxWorkers: 4, sequence: { groupOrder: 1 } },
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: [alone], pool: 'forks', maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
  },
});
