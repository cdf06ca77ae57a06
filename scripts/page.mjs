// The page as one file: a browser needs one answer for it, and runs it as soon as that is there.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The text of index.html with its style and its script in it. */
export const buildPage = async (folder) => {
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  const [style, script] = await Promise.all([
    bundle(join(folder, 'style.css')),
    bundle(join(folder, 'main.ts')),
  ]);
  if (script.includes('</script')) throw new Error('the script of the page has </script in it');
  // By functions, since a replacement text would have `$` mean something.
  return html
    .replace('<link rel="stylesheet" href="style.css">', () => `<style>${style}</style>`)
    .replace('<script src="main.ts"></script>', () => `<script>${script}</script>`);
};

const bundle = async (entry) => {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    // A function of its own: a script of the page itself must leave no names behind.
    format: 'iife',
    target: 'es2022',
    minify: true,
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0].text.trim();
};
