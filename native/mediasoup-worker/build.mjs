// Builds mediasoup-worker from mediasoup's npm package: `node build.mjs PATH` puts the binary at PATH.
import { chmod, cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mediasoupPackage } from './locate.mjs';
import { runCommand } from './run-command.mjs';

const here = dirname(fileURLToPath(import.meta.url));

// What of the package's worker folder a build reads; the rest is tests.
const SOURCES = ['src', 'include', 'fbs', 'deps', 'meson.build'];

/**
 * Builds in `workFolder`, which the caller removes, and resolves to the binary's path in it. Nothing in node_modules is
 * changed. `onProgress` gets the finished part, 0 to 1. `signal` ends the compilers.
 */
export const buildWorker = async ({ workFolder, onProgress = () => {}, signal }) => {
  const source = join(workFolder, 'source');
  const build = join(workFolder, 'build');
  const worker = join(mediasoupPackage().folder, 'worker');
  for (const name of SOURCES) await cp(join(worker, name), join(source, name), { recursive: true });
  for (const name of (await readdir(join(here, 'patches'))).sort()) {
    const input = await readFile(join(here, 'patches', name));
    await runCommand('patch', ['-p1', '--batch', '--fuzz=0', '-d', source], { input, signal });
  }
  await runCommand('cmake', ['-G', 'Ninja', '-S', here, '-B', build, `-DWORKER_SOURCE=${source}`], {
    signal,
  });
  const onLine = (line) => {
    const [, done, all] = line.match(/^\[(\d+)\/(\d+)\]/) ?? [];
    if (done) onProgress(Number(done) / Number(all));
  };
  await runCommand('ninja', ['-C', build, '-j', String(availableParallelism())], { signal, onLine });
  return join(build, 'mediasoup-worker');
};

/** Puts a finished binary in its place in one step, so that nobody ever finds half of one. Same file system only. */
export const placeWorker = async (from, to) => {
  await mkdir(dirname(to), { recursive: true });
  await chmod(from, 0o755);
  await rename(from, to);
};

const main = async (target) => {
  const workFolder = `${target}.building-${process.pid}`;
  let shown = -1;
  const onProgress = (part) => {
    const percent = Math.floor(part * 10) * 10;
    if (percent > shown) process.stdout.write(`${percent} %\n`);
    shown = Math.max(shown, percent);
  };
  try {
    await placeWorker(await buildWorker({ workFolder, onProgress }), target);
  } catch (error) {
    process.stderr.write(`${error.output ?? ''}\n${error.message}\n`);
    process.exitCode = 1;
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
};

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  if (process.argv[2]) await main(resolve(process.argv[2]));
  else throw new Error('name the file to write: node build.mjs PATH');
}
