import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { importsOf, readModules } from '../../helpers/modules.ts';

const modules = await readModules();
const verbs = [...modules.keys()].filter((file) => file.startsWith('src/cli/commands/'));

/** What is loaded with a module, packages too, but for what it loads when it runs. */
function loadedWith(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  const code = modules.get(file)?.code.replace(/\bimport\([^)]*\)/g, '') ?? '';
  for (const { name, typeOnly } of importsOf(code, file)) if (!typeOnly) loadedWith(name, found);
  return found;
}

test('the command line itself loads no verb', () => {
  const loaded = [...loadedWith('src/cli/main.ts'), ...loadedWith('src/cli/program/run.ts')];
  expect(loaded.filter((name) => verbs.includes(name))).toEqual([]);
  expect(loaded).toContain('commander');
});

test.each(verbs)('%s loads what it needs at once, and the rest when it runs', (file) => {
  const loaded = [...loadedWith(file), ...loadedWith('src/cli/program/run.ts')];
  const [own = ''] = basename(file, '.ts').split('-');
  expect(loaded.filter((name) => verbs.includes(name) && !basename(name).startsWith(own))).toEqual([]);
  expect(loaded.filter((name) => ['zod', 'yaml', 'ink', 'react', 'node:tls'].includes(name))).toEqual([]);
});
