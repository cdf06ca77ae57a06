// The entry of `npm run demo|test|bench|build|check`: provides all that the task needs, then runs it on the bundled
// Node. It runs on the system's Node, 20 or newer, with nothing installed: it imports only what comes with Node.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../native/mediasoup-worker/run-command.mjs';
import { buildIsCurrent } from './setup/build-stamp.mjs';
import { installPackages, missingPackages } from './setup/debian-packages.mjs';
import { bundledNode, installNpmPackages, packagesInstalled } from './setup/npm-packages.mjs';
import { explain, SetupFailed } from './setup/setup-failed.mjs';
import { takeLock } from './setup/setup-lock.mjs';
import { createSteps } from './setup/steps.mjs';
import { fetchWorker, findWorker, makeWorker } from './setup/worker.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node = bundledNode(root);
const inModules = (...path) => join(root, 'node_modules', ...path);
const vitest = ['--reporter=default', `--reporter=${join(root, 'scripts', 'setup', 'count-reporter.mjs')}`];

/** What each task needs, and the commands that it runs one after the other, as arguments of Node. */
const TASKS = {
  demo: { groups: ['media'], commands: [[join(root, 'scripts', 'demo.mjs')]] },
  test: {
    groups: ['media', 'browser', 'whep'],
    commands: [[inModules('vitest', 'vitest.mjs'), 'run', ...vitest]],
  },
  bench: { groups: ['media', 'browser'], commands: [[join(root, 'bench', 'main.ts')]] },
  build: { groups: ['media'], commands: [] },
  check: {
    groups: undefined,
    commands: [
      [inModules('typescript', 'bin', 'tsc'), '--noEmit'],
      [inModules('@biomejs', 'biome', 'bin', 'biome'), 'check'],
    ],
  },
};

const setUp = async ({ groups }, { step }, signal) => {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new SetupFailed(
      `mirolive runs on Linux, x64 or arm64; this is ${process.platform}, ${process.arch}`,
      {
        next: 'run this on such a machine',
      },
    );
  }
  const onWait = (pid) => process.stderr.write(`another set-up runs here (process ${pid}): waiting for it\n`);
  const release = await takeLock(join(root, '.cache', 'setup.lock'), { onWait, signal });
  try {
    await step('npm packages', async () => {
      if (!(await packagesInstalled(root))) await installNpmPackages(root, { signal });
    });
    if (!groups) return;

    let worker = await step('mediasoup worker', ({ note }) => {
      const found = findWorker();
      note(found ? found.origin : 'none yet');
      return found;
    });
    if (!worker) {
      await step('mediasoup worker: download', async ({ note }) => {
        if (await fetchWorker(root, node, signal)) worker = findWorker();
        else note('not possible here, so it is built');
      });
    }
    await step('system packages', async ({ progress }) => {
      const missing = missingPackages(worker ? groups : [...groups, 'worker']);
      progress(`installing ${missing.join(' ')}`);
      await installPackages(missing, { signal });
      const still = missingPackages(groups);
      if (still.length > 0) {
        throw new SetupFailed(`${still.join(', ')}: installed, but not found where Debian has it`, {
          next: `dpkg -L ${still.join(' ')}`,
        });
      }
    });
    if (!worker) {
      await step('mediasoup worker: build', ({ progress }) =>
        makeWorker(root, node, (part) => progress(`${Math.floor(part * 100)} %`), signal),
      );
    }
    await step('build', async () => {
      if (await buildIsCurrent(root)) return;
      await explain('the build failed', 'npm run check', () =>
        runCommand(node, [join(root, 'scripts', 'build.mjs')], { cwd: root, signal }),
      );
    });
  } finally {
    release();
  }
};

/** Runs one command of a task in the foreground; resolves to its exit code, 128 + n for a signal as shells have it. */
const runTask = (args) =>
  new Promise((done, fail) => {
    const path = [dirname(node), inModules('.bin'), process.env.PATH].join(delimiter);
    const child = spawn(node, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path } });
    const forward = (name) => {
      // A terminal sends its own to all of the foreground; a second one would mean 'at once' to the task.
      if (name === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(name);
    };
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, forward);
    child.on('error', fail);
    child.on('close', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, forward);
      done(code ?? 128 + constants.signals[signal]);
    });
  });

const main = async (name, args) => {
  const task = TASKS[name];
  if (!task) {
    process.stderr.write(`usage: node scripts/run.mjs ${Object.keys(TASKS).join('|')} [arguments]\n`);
    return 2;
  }
  const steps = createSteps();
  const interruption = new AbortController();
  let interruptedBy;
  const interrupt = (signal) => {
    interruptedBy ??= signal;
    interruption.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
  try {
    await setUp(task, steps, interruption.signal);
  } catch (error) {
    if (interruptedBy) return 128 + constants.signals[interruptedBy];
    if (!(error instanceof SetupFailed)) throw error;
    const output = error.output && `${error.output}\n\n`;
    process.stderr.write(`\n${output}${steps.paint(31, error.message)}\nnext: ${error.next}\n`);
    return 1;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, interrupt);
  }
  let exitCode = 0;
  for (const [index, command] of task.commands.entries()) {
    const last = index === task.commands.length - 1;
    const code = await runTask(last ? [...command, ...args] : command);
    exitCode = exitCode || code;
  }
  return exitCode;
};

process.exitCode = await main(process.argv[2], process.argv.slice(3));
