// The command line, the daemon and its processes, each as few files: a process begins several times sooner than from a thousand.
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { programs } from '../src/contract/installation.ts';

// What stays where it is, beside native: packages that are loaded where few starts need them.
const external = ['#native/*', 'pino-pretty', 'ink', 'react'];

// Packages of the old kind ask for Node's modules by a function that modules of the new kind do not have.
const banner = "const require = process.getBuiltinModule('module').createRequire(import.meta.url);";

/** Node's modules without their names: to import these reads each of them, and some load a client for HTTP or a WebSocket with it. */
const builtins = {
  name: 'builtins',
  setup(own) {
    own.onResolve({ filter: /^[a-z:/_\d]+$/ }, ({ path }) =>
      isBuiltin(path) ? { path: `node:${path.replace(/^node:/, '')}`, namespace: 'builtin' } : undefined,
    );
    own.onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('${path}');`,
    }));
  },
};

/** Writes the programs of `root` below `target`, a folder in it. Each has its own of what others have too: together, they would be split into many more files. */
export const buildPrograms = (root, target) =>
  Promise.all(
    programs.map((name) =>
      build({
        absWorkingDir: root,
        entryPoints: [join(root, 'src', `${name}.ts`)],
        outbase: join(root, 'src'),
        outdir: target,
        ...{ bundle: true, splitting: true, chunkNames: 'shared/[name]-[hash]', external },
        ...{ format: 'esm', platform: 'node', target: 'node24', jsx: 'automatic' },
        // What is read at each start, and held for as long as a process runs. Names stay, and lines are no longer than a stack trace can show.
        ...{ minifyWhitespace: true, minifySyntax: true, lineLimit: 160, legalComments: 'external' },
        banner: { js: banner },
        // Packages ask where theirs lies that we never use.
        define: { __dirname: 'import.meta.dirname' },
        plugins: [builtins],
        logLevel: 'silent',
      }),
    ),
  );
