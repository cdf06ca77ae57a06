import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const pure = 'test/**/*.test.{ts,tsx}';
const real = 'test/**/*.real.test.{ts,tsx}';
const timed = 'test/**/*.timed.test.{ts,tsx}';
const long = 'test/**/*.long.test.ts';
const packages = 'test/**/*.packages.test.ts';

/** Those that take longest, the longest first: none of them is left to run by itself at the end of those that run at once. */
const longest = [
  ...['commands/real-daemon', 'commands/daemon', 'viewers/steered', 'web-viewer/page', 'api/control-socket'],
  ...[
    'completion/completion',
    'commands/report',
    'commands/bundle',
    'whip/whip-routes',
    'dashboard/dashboard',
  ],
  ...[
    'cli/elsewhere',
    'rooms/recovery',
    'viewers/closed-room',
    'director/encoder-loss',
    'schedule/schedules',
  ],
  ...[
    'commands/state',
    'sources/test-input',
    'rtp-in/size-of-key-frame',
    'view/observe',
    'stdin/stdin-pipes',
  ],
  ...['commands/secrets', 'commands/stdin', 'srt/srt', 'api/hostile-calls', 'daemon/main'],
].map((name) => `/${name}.real.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.endsWith(name));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

/**
 * What a file's name says of it, and so how it is run. `*.timed.test.ts` judges times or gaps of real parts: one at a time, since
 * two at once make one another late on two cores. `*.real.test.ts` starts processes or opens sockets: two at once, since
 * each keeps a core busy for most of its time, and more make one another late. `*.long.test.ts` does either for half a minute or
 * more, drives somebody else's programs, or kills daemons: one at a time, by `npm run long`. `*.packages.test.ts` installs mirolive as others do: `npm run packages`. All others only compute, and are held to it: side by side. Modules are loaded once in each worker.
 */
export default defineConfig({
  test: {
    // A machine may have much else to do: these only end what will never be.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    maxConcurrency: 2,
    globalSetup: 'test/helpers/built.ts',
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          ...{
            name: 'pure',
            include: [pure],
            exclude: [real, timed, long, packages],
            setupFiles: ['test/helpers/only-computes.ts'],
          },
          ...{ pool: 'threads', isolate: false, sequence: { groupOrder: 0 } },
        },
      },
      {
        extends: true,
        test: {
          ...{ name: 'real', include: [real], pool: 'forks', isolate: false },
          ...{ maxWorkers: 2, sequence: { groupOrder: 1 } },
        },
      },
      {
        extends: true,
        test: {
          ...{ name: 'timed', include: [timed], pool: 'forks', isolate: false },
          ...{ maxWorkers: 1, sequence: { groupOrder: 2 } },
        },
      },
      {
        extends: true,
        test: {
          ...{ name: 'long', include: [long], pool: 'forks', isolate: false },
          ...{ maxWorkers: 1, sequence: { groupOrder: 3 } },
        },
      },
      {
        extends: true,
        test: {
          ...{ name: 'packages', include: [packages], pool: 'forks', isolate: false },
          ...{ maxWorkers: 1, testTimeout: 300_000, sequence: { groupOrder: 4 } },
        },
      },
    ],
  },
});
