// The command line, the daemon and its processes, each as few files: a process begins several times sooner than from a thousand.
import { mkdir, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { programs } from '../src/contract/installation.ts';

// What stays where it is, beside native: packages that are loaded where few starts need them.
export const external = ['#native/*', 'pino-pretty', 'ink', 'react', 'prom-client'];

// Packages of the old kind ask for others by a function that modules of the new kind do not have.
const requirer = "const require=process.getBuiltinModule('module').createRequire(import.meta.url);\n";

/** `import one,{two as other}from"node:fs";`, as it is written without spaces; of a module or a package. */
const imports =
  /\bimport\b\s*(?:([\w$]+)\s*,?)?\s*(?:\*\s*as\s+([\w$]+)|\{([^}]*)\})?\s*(?:\bfrom\s*)?"([^"]+)"\s*;?/g;

/**
 * A program's text with Node's modules had without their names: to import these reads each of them, and some load a client for HTTP or a
 * WebSocket with it.
 */
const withoutNames = (text) => {
  const had = [];
  const rest = text.replace(imports, (statement, whole, all, some, path) => {
    if (!isBuiltin(path)) return statement;
    const own = `globalThis.process.getBuiltinModule("${path}")`;
    for (const name of [whole, all]) if (name) had.push(`${name}=${own}`);
    if (some) had.push(`{${some.replace(/\s+as\s+/g, ':')}}=${own}`);
    return '';
  });
  const first = /\brequire\b/.test(rest) ? requirer : '';
  return first + (had.length === 0 ? '' : `const ${had.join(',\n')};\n`) + rest;
};

/** One module with all that it imports, as one file. */
export const bundle = async (root, entry) => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join(root, entry)],
    ...{
      bundle: true,
      external,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      banner: { js: requirer },
    },
    ...{ legalComments: 'eof', write: false, logLevel: 'silent' },
  });
  return outputFiles;
};

/** Writes the programs of `root` below `target`, a folder in it. Each has its own of what others have too: together, they would be split into many more files. */
export const buildPrograms = async (root, target) => {
  const built = await Promise.all(
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
        // Packages ask where theirs lies that we never use.
        define: { __dirname: 'import.meta.dirname' },
        ...{ write: false, logLevel: 'silent' },
      }),
    ),
  );
  // Only now: where one cannot be built, nothing is written.
  for (const { path, text } of built.flatMap(({ outputFiles }) => outputFiles)) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, path.endsWith('.js') ? withoutNames(text) : text);
  }
};
