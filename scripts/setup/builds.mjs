import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { commandLines } from './command-lines.mjs';

/** Builds are named after the moment at which they were made, so that the last by name is the newest. */
const BUILD = /^\d{8}T\d{9}$/;
/** So many are kept whoever uses them: what runs in a container of its own is not seen. */
const KEPT = 3;

/** The newest build of the checkout `root`, while there is one: a link, so that what starts from it stays with it. */
export const currentBuild = (root) => join(root, 'dist', 'current');

/**
 * Makes `fresh`, a finished build on dist's file system, the newest one, in one step. Those that processes run from stay, since a daemon
 * starts its processes again from the build that it is of itself, and so do the newest ones.
 */
export const addBuild = async (root, fresh) => {
  const dist = join(root, 'dist');
  const name = new Date()
    .toISOString()
    .replace(/\D/g, '')
    .replace(/^\d{8}/, '$&T');
  await mkdir(dist, { recursive: true });
  await rename(fresh, join(dist, name));
  const link = join(dist, `.current-${process.pid}`);
  await rm(link, { force: true });
  await symlink(name, link);
  await rename(link, currentBuild(root));
  await prune(dist);
};

const prune = async (dist) => {
  const old = (await readdir(dist))
    .filter((name) => BUILD.test(name))
    .sort()
    .slice(0, -KEPT);
  if (old.length === 0) return;
  const commands = commandLines();
  const isUsed = (name) => commands.some((command) => command.includes(`/${basename(dist)}/${name}/`));
  for (const name of old) if (!isUsed(name)) await rm(join(dist, name), { recursive: true, force: true });
};
