// Each page as one file: a browser needs one answer for it, and runs it as soon as that is there.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const embedded = [
  { tag: /<link rel="stylesheet" href="(.+?)">/, element: 'style' },
  { tag: /<script src="(.+?)"><\/script>/, element: 'script' },
];

/** The text of an HTML file of the folder with its style and its script, where it has one, in it. */
export const buildPage = async (folder, name) => {
  // How deep an element stands is for whoever reads the file.
  let html = (await readFile(join(folder, name), 'utf8')).replace(/\n\s+/g, '\n');
  for (const { tag, element } of embedded) {
    const found = tag.exec(html);
    if (!found) continue;
    const text = await bundle(join(folder, found[1]));
    if (text.includes(`</${element}`)) throw new Error(`${found[1]} has </${element} in it`);
    // By a function, since a replacement text would have `$` mean something.
    html = html.replace(found[0], () => `<${element}>${text}</${element}>`);
  }
  return html;
};

/** The text of a module of its own, which a page fetches later. */
export const buildModule = (folder, name) => bundle(join(folder, name), 'esm');

const bundle = async (entry, format = 'iife') => {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    // A function of its own by default: a script of the page itself must leave no names behind.
    format,
    target: 'es2022',
    minify: true,
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0].text.trim();
};
