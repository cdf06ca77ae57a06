import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Whose texts every Debian has. */
const common = {
  'Apache-2.0': '/usr/share/common-licenses/Apache-2.0',
  'MPL-2.0': '/usr/share/common-licenses/MPL-2.0',
};

/** Debian's file about whose work is in the package, and under which terms: ours, and each npm package that runs, with its own text. */
export const copyrightFile = async (root) => {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const byText = new Map();
  for (const [folder, { dev, license, version }] of Object.entries(packages)) {
    if (folder === '' || dev) continue;
    const text = await licenseText(join(root, folder), folder, license);
    if (text === undefined) continue;
    const name = `${folder.split('node_modules/').at(-1)} ${version} (${license})`;
    byText.set(text, [...(byText.get(text) ?? []), name]);
  }
  return [
    'mirolive: https://www.npmjs.com/ has the sources of all packages that are named below.',
    '',
    await readFile(join(root, 'LICENSE'), 'utf8'),
    'It has in it, or brings with it:',
    ...[...byText].map(
      ([text, names]) => `\n${'-'.repeat(72)}\n${[...new Set(names)].join('\n')}\n\n${text}`,
    ),
    '',
  ].join('\n');
};

/** Undefined: it is not installed here, being for another kind of machine. */
const licenseText = async (path, folder, license) => {
  const names = await readdir(path).catch(() => undefined);
  if (names === undefined) return undefined;
  if (common[license]) return `The text: ${common[license]}`;
  const file = names.find((name) => /^(licen[cs]e|copying)/i.test(name));
  if (file === undefined) return `It says no more than the name: ${license}.`;
  // Node's own names all that is in it.
  if (folder.includes('node-linux-')) return `The text: /usr/lib/mirolive/${folder}/${file}`;
  return (await readFile(join(path, file), 'utf8')).trim();
};
