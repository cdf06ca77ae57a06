// The client of the control API for other programs: `import { connect } from 'mirolive'`. One file, and its types, where package.json names them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { bundle } from './programs.mjs';

const entry = join('src', 'cli', 'library.ts');

/** Makes both below `fresh`, a folder on dist's file system. */
export const buildLibrary = async (root, fresh) => {
  const types = writeTypes(root, join(fresh, 'types'));
  const [{ text: code }] = await bundle(root, entry);
  await mkdir(fresh, { recursive: true });
  await writeFile(join(fresh, 'library.js'), code);
  await types;
};

/** Puts it in the place of the one before. */
export const placeLibrary = async (root, fresh) => {
  const dist = join(root, 'dist');
  const place = join(dist, 'library');
  // Of a checkout that has never been built there is none.
  await mkdir(dist, { recursive: true });
  await rm(place, { recursive: true, force: true });
  await rename(fresh, place);
};

const writeTypes = async (root, outDir) => {
  const flags = [
    '--noEmit',
    'false',
    '--declaration',
    '--emitDeclarationOnly',
    '--noCheck',
    '--rootDir',
    'src',
  ];
  const config = join(root, '.cache', 'library.json');
  // Of what it imports alone.
  await mkdir(join(root, '.cache'), { recursive: true });
  await writeFile(config, JSON.stringify({ extends: '../tsconfig.json', include: [join('..', entry)] }));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const child = spawn(process.execPath, [tsc, '-p', config, ...flags, '--outDir', outDir], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said, [status]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (status !== 0) throw new Error(`the types of the library cannot be written:\n${said}`);
};
