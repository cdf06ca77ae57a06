// Builds src into dist: each program as one file, beside what several of them share, and the page. Runs on the bundled Node.
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPage } from './page.mjs';
import { buildPrograms } from './programs.mjs';
import { buildStamp, stampName } from './setup/build-stamp.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, 'src', 'web-viewer');
const dist = join(root, 'dist');
// On dist's file system, so that a finished build only has to be renamed. A failed one changes nothing.
const fresh = join(root, '.cache', 'dist-new');
const old = join(root, '.cache', 'dist-old');

const bundlePage = async () => {
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
  await Promise.all([buildPrograms(root, fresh), bundlePage()]);
  await writeFile(join(fresh, stampName), stamp);
  if (existsSync(dist)) await rename(dist, old);
  await rename(fresh, dist);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  await rm(fresh, { recursive: true, force: true });
  await rm(old, { recursive: true, force: true });
}
