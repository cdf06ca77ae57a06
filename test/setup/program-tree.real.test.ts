import { execa } from 'execa';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const root = new URL('../..', import.meta.url).pathname;

// Without koffi the daemon tells systemd nothing, which would end it after a minute, again and again.
test('what a Debian package has of koffi calls the C library', async () => {
  await using folder = await temporaryFolder();
  const node = (...args: string[]) => execa(process.execPath, args, { cwd: folder.path });
  const copy = `import { copyPackages } from '${root}scripts/package/program-tree.mjs';
    await copyPackages(${JSON.stringify(root)}, ${JSON.stringify(folder.path)}, ['koffi'])`;
  await node('--input-type=module', '--eval', copy);
  const call = "console.log(require('koffi').load(null).func('int getppid()')())";
  const { stdout } = await node('--eval', call);
  expect(stdout).toBe(`${process.pid}`);
});
