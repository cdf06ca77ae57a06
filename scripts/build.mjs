// Builds src into dist: daemon and command line by tsc, file by file; the page as one file. Runs on the bundled Node.
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandFailed, runCommand } from '../native/mediasoup-worker/run-command.mjs';
import { buildStamp, stampName } from './setup/build-stamp.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, 'src', 'web-viewer');
const dist = join(root, 'dist');
// On dist's file system, so that a finished build only has to be renamed. A failed one changes nothing.
const fresh = join(root, '.cache', 'dist-new');
const old = join(root, '.cache', 'dist-old');

const compile = () =>
  runCommand(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh], { cwd: root });
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

const bundlePage = async () => {
  if (!existsSync(page)) return;
  const { buildPage } = await import('./page.mjs');
  const target = join(fresh, 'web-viewer');
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'index.html'), await buildPage(page));
  await cp(join(page, 'icon.svg'), join(target, 'icon.svg'));
};

try {
  // Taken first: what changes while the build runs makes the next one necessary.
  const stamp = await buildStamp(root);
  // What a killed build left.
  await rm(fresh, { recursive: true, force: true });
  await rm(old, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  await compile();
  await bundlePage();
  await writeFile(join(fresh, stampName), stamp);
  if (existsSync(dist)) await rename(dist, old);
  await rename(fresh, dist);
} catch (error) {
  const details = error instanceof CommandFailed ? error.output : '';
  process.stderr.write(`${details}\n${error.message}\n`);
  process.exitCode = 1;
} finally {
  await rm(fresh, { recursive: true, force: true });
  await rm(old, { recursive: true, force: true });
}
