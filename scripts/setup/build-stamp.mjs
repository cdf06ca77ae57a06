import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { currentBuild } from './builds.mjs';

const INPUTS = [
  ...['src', 'scripts/build.mjs', 'scripts/page.mjs', 'scripts/programs.mjs', 'scripts/library.mjs'],
  ...['package.json', 'package-lock.json', 'tsconfig.json'],
];

/** The file of a finished build that says what it was built from. */
export const stampName = '.built-from';

/** Changes whenever a build of this checkout could come out differently. */
export const buildStamp = async (root) => {
  const hash = createHash('sha256').update(process.platform);
  for (const name of INPUTS) await add(hash, root, name);
  return `${hash.digest('hex')}\n`;
};

/** Whether the newest build is of what the checkout holds now. */
export const buildIsCurrent = async (root) => {
  const path = join(currentBuild(root), stampName);
  return existsSync(path) && (await readFile(path, 'utf8')) === (await buildStamp(root));
};

const add = async (hash, root, name) => {
  const path = join(root, name);
  if (!existsSync(path)) return;
  let content;
  try {
    content = await readFile(path);
  } catch (error) {
    if (error.code !== 'EISDIR') throw error;
    for (const entry of (await readdir(path)).sort()) await add(hash, root, `${name}/${entry}`);
    return;
  }
  hash.update(`${name}\0${content.length}\0`).update(content);
};
