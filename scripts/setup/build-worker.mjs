// What `mirolive worker build` runs, in a checkout or without one: says on standard error how far it is, then on standard output, as
// one line of JSON, what came of it. What it makes lies in the cache of this user; nothing of the installation is changed.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtWorkerPath } from '../../native/mediasoup-worker/locate.mjs';
import { installPackages, missingPackages } from './debian-packages.mjs';
import { createSteps } from './steps.mjs';
import { findWorker, makeWorker } from './worker.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const build = async (signal) => {
  const { step } = createSteps();
  await step('system packages', ({ progress }) => {
    const missing = missingPackages(['worker']);
    progress(`installing ${missing.join(' ')}`);
    return installPackages(missing, { signal });
  });
  await step('mediasoup worker: build', ({ progress }) =>
    makeWorker(root, process.execPath, (part) => progress(`${Math.floor(part * 100)} %`), signal),
  );
};

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => interruption.abort());
try {
  const isThere = (await findWorker('built'))?.path === builtWorkerPath();
  if (!isThere) await build(interruption.signal);
  process.stdout.write(`${JSON.stringify({ path: builtWorkerPath(), built: !isThere })}\n`);
} catch (error) {
  const { message, next = 'mirolive worker build', output = '' } = error;
  // What was cut short had nothing to say.
  if (output && !interruption.signal.aborted) process.stderr.write(`${output}\n`);
  process.stdout.write(`${JSON.stringify({ message, next })}\n`);
}
