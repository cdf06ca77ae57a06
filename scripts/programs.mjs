// The command line, the daemon and its processes, each as few files: a process begins several times sooner than from a thousand.
import { join } from 'node:path';
import { build } from 'esbuild';
import { programs } from '../src/contract/installation.ts';

// What stays where it is, beside native: packages that look for more of theirs beside them or start threads; those that only the
// dashboard draws with; and yaml, whose names an import() of it would not find in a bundle.
const external = [
  ...['#native/*', 'fluent-ffmpeg', 'mediasoup', 'node-media-server', 'pino', 'pino-pretty'],
  ...['ink', 'react', 'yaml'],
];

// Packages of the old kind ask for Node's modules by a function that modules of the new kind do not have.
const banner = "const require = process.getBuiltinModule('module').createRequire(import.meta.url);";

/** Writes the programs of `root` below `target`, which lies as deep in it as dist does. */
export const buildPrograms = (root, target) =>
  build({
    absWorkingDir: root,
    entryPoints: programs.map((name) => join(root, 'src', `${name}.ts`)),
    outbase: join(root, 'src'),
    outdir: target,
    ...{ bundle: true, splitting: true, chunkNames: 'shared/[name]-[hash]', external },
    ...{ format: 'esm', platform: 'node', target: 'node24', jsx: 'automatic' },
    banner: { js: banner },
    logLevel: 'silent',
  });
