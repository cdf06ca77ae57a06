// The entry of `npm run demo|test|long|package|packages|bench|build|worker|check`: provides all that the task needs, then runs it on the bundled
// Node. It runs on the system's Node, 20 or newer, with nothing installed: it imports only what comes with Node.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledNode } from './setup/npm-packages.mjs';
import { setUp } from './setup/set-up.mjs';
import { SetupFailed } from './setup/setup-failed.mjs';
import { createSteps } from './setup/steps.mjs';
import { taskHelp } from './task-help.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node = bundledNode(root);
const inModules = (...path) => join(root, 'node_modules', ...path);
const vitest = ['--reporter=default', `--reporter=${join(root, 'scripts', 'setup', 'count-reporter.mjs')}`];
const types = [inModules('typescript', 'bin', 'tsc'), '--noEmit'];
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const without = (...projects) => projects.map((name) => `--project=!${name}`);

/** What tests need. */
const tested = {
  groups: [
    ...[
      'media',
      'browser',
      'firefox',
      'whep',
      'whip',
      'rtsp',
      'srt',
      'link',
      'desktop',
      'terminal',
      'encoder',
    ],
    ...['srtp', 'monitoring', 'operations'],
  ],
  worker: 'both',
};

/** What each task needs of a set-up, and what it runs, one after the other, as arguments of Node. */
const TASKS = {
  demo: { groups: ['media'], commands: [[join(root, 'scripts', 'demo.mjs')]] },
  test: {
    ...tested,
    commands: [types, [inModules('vitest', 'vitest.mjs'), 'run', ...without('long', 'packages'), ...vitest]],
  },
  long: { ...tested, commands: [[inModules('vitest', 'vitest.mjs'), 'run', '--project=long', ...vitest]] },
  package: {
    groups: ['media', 'package'],
    worker: 'built',
    commands: [[join(root, 'scripts', 'package', 'debian.mjs')]],
  },
  packages: {
    groups: ['media', 'browser', 'package', 'packages'],
    worker: 'built',
    commands: [[inModules('vitest', 'vitest.mjs'), 'run', '--project=packages', ...vitest]],
  },
  bench: {
    groups: ['media', 'browser'],
    check: join(root, 'bench', 'check-arguments.ts'),
    commands: [[join(root, 'bench', 'main.ts')]],
  },
  soak: { groups: undefined, commands: [[join(root, 'test', 'sim', 'soak.ts')]] },
  build: { groups: ['media'], commands: [] },
  worker: { groups: ['media'], worker: 'built', commands: [] },
  check: {
    groups: undefined,
    commands: [types, [inModules('@biomejs', 'biome', 'bin', 'biome'), 'check']],
  },
};

/** Calls `onSignal` for each signal that asks to end, while `act` runs. */
const withSignals = async (onSignal, act) => {
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return await act();
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
};

/** Runs one command of a task in the foreground; resolves to its exit code, 128 + n for a signal as shells have it. */
const runCommand = (args, setUpSeconds) => {
  const path = [dirname(node), inModules('.bin'), process.env.PATH].join(delimiter);
  // Vitest colours what goes into a file too.
  const plain = process.stdout.isTTY || process.env.FORCE_COLOR ? {} : { NO_COLOR: '1' };
  const env = {
    ...{ ...process.env, ...plain, PATH: path, MIROLIVE_SETUP_S: setUpSeconds.toFixed(1) },
    // For all processes that tests start: half of what one takes to begin is compiling.
    NODE_COMPILE_CACHE: join(root, '.cache', 'compile'),
  };
  const child = spawn(node, args, { cwd: root, stdio: 'inherit', env });
  const ended = new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => done(code ?? 128 + constants.signals[signal]));
  });
  const forward = (name) => {
    // A terminal sends its own to all of the foreground; a second one would mean 'at once' to the task.
    if (name !== 'SIGINT' || !process.stdin.isTTY) child.kill(name);
  };
  return withSignals(forward, () => ended);
};

/** Looks at the arguments of a task before its set-up, where there is a Node that can; 0 where nothing is wrong, or not known. */
const checkArguments = ({ check }, args) => {
  const able = existsSync(node) ? node : process.features.typescript && process.execPath;
  if (!check || !able) return 0;
  return (
    spawnSync(able, [check, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1
  );
};

/** Resolves to undefined when all is in place, else to the exit code. */
const prepare = async (task) => {
  const steps = createSteps();
  const interruption = new AbortController();
  try {
    await withSignals(
      (name) => interruption.abort(name),
      () => setUp(root, task, steps, interruption.signal),
    );
    return undefined;
  } catch (error) {
    if (interruption.signal.aborted) return 128 + constants.signals[interruption.signal.reason];
    if (!(error instanceof SetupFailed)) throw error;
    const output = error.output && `${error.output}\n\n`;
    process.stderr.write(`\n${output}${steps.paint(31, error.message)}\nnext: ${error.next}\n`);
    return 1;
  }
};

const main = async ([name, ...args]) => {
  const task = TASKS[name];
  if (!task) {
    process.stderr.write(`usage: node scripts/run.mjs ${Object.keys(TASKS).join('|')} [arguments]\n`);
    return 2;
  }
  if (args.some((arg) => arg === '--help' || arg === '-h')) {
    process.stdout.write(taskHelp[name]);
    return 0;
  }
  const refused = checkArguments(task, args);
  if (refused !== 0) return refused;
  const startedAt = performance.now();
  let exitCode = await prepare(task);
  const setUpSeconds = (performance.now() - startedAt) / 1000;
  if (exitCode !== undefined) return exitCode;
  exitCode = 0;
  for (const [index, command] of task.commands.entries()) {
    const last = index === task.commands.length - 1;
    // All are run, so that one look shows all that is wrong; the first failure is told.
    const code = await runCommand(last ? [...command, ...args] : command, setUpSeconds);
    exitCode ||= code;
  }
  return exitCode;
};

process.exitCode = await main(process.argv.slice(2));
