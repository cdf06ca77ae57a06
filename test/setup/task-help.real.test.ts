import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { taskHelp } from '../../scripts/task-help.mjs';

const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> };
const tasks = Object.keys(scripts).filter((name) => scripts[name]?.endsWith(`run.mjs ${name}`));

test('every task has its help', () => {
  expect(Object.keys(taskHelp).sort()).toEqual(tasks.sort());
});

test('npm run TASK -- --help says what it does and its flags, and does nothing', async () => {
  await using scope = new AsyncDisposableStack();
  // A fresh clone: nothing is installed there.
  const root = await mkdtemp(join(tmpdir(), 'mirolive-help-'));
  scope.defer(() => rm(root, { recursive: true }));
  for (const name of ['scripts', 'native', 'package.json', 'package-lock.json'])
    await cp(name, join(root, name), { recursive: true });
  const before = await readdir(root);
  const env = { MIROLIVE_CACHE_DIR: join(root, 'cache') };
  for (const task of tasks)
    for (const flag of ['--help', '-h']) {
      const ran = await execa(process.execPath, [join(root, 'scripts', 'run.mjs'), task, flag], { env });
      expect(ran).toMatchObject({ exitCode: 0, stderr: '', stdout: taskHelp[task]?.trimEnd() });
      expect(ran.stdout).toContain(`usage: npm run ${task}`);
    }
  expect(await readdir(root)).toEqual(before);
});
