// Builds src into a folder of its own in dist: each program as one file, beside what several of them share, and the pages. Runs on the bundled Node.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildLibrary, placeLibrary } from './library.mjs';
import { buildModule, buildPage } from './page.mjs';
import { buildPrograms } from './programs.mjs';
import { buildStamp, stampName } from './setup/build-stamp.mjs';
import { addBuild } from './setup/builds.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pages = join(root, 'src', 'web-viewer');
// On dist's file system, so that a finished build only has to be renamed. A failed one changes nothing.
const fresh = join(root, '.cache', 'dist-new');
const library = join(root, '.cache', 'library-new');

const bundlePages = async () => {
  const target = join(fresh, 'web-viewer');
  await mkdir(target, { recursive: true });
  for (const name of ['index.html', 'home.html', 'enter.html'])
    await writeFile(join(target, name), await buildPage(pages, name));
  await writeFile(join(target, 'later.js'), await buildModule(pages, 'later.ts'));
  await cp(join(pages, 'icon.svg'), join(target, 'icon.svg'));
};

try {
  // Taken first: what changes while the build runs makes the next one necessary.
  const stamp = await buildStamp(root);
  // What a killed build left.
  for (const left of [fresh, library]) await rm(left, { recursive: true, force: true });
  // Also where one fails: what the others still write would stay.
  const parts = [buildPrograms(root, fresh), bundlePages(), buildLibrary(root, library)];
  await Promise.allSettled(parts);
  await Promise.all(parts);
  await writeFile(join(fresh, stampName), stamp);
  // The build says that all is there, so it is the last.
  await placeLibrary(root, library);
  await addBuild(root, fresh);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  for (const left of [fresh, library]) await rm(left, { recursive: true, force: true });
}
