import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeLock } from '../../scripts/setup/setup-lock.mjs';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mirolive-lock-test-'));
  path = join(folder, 'setup.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('takeLock gives the lock to one at a time', async () => {
  const release = await takeLock(path);
  const waiting = Promise.withResolvers<number>();
  let taken = false;
  const second = takeLock(path, { onWait: waiting.resolve }).then((releaseSecond) => {
    taken = true;
    return releaseSecond;
  });
  expect(await waiting.promise).toBe(process.pid);
  expect(taken).toBe(false);
  release();
  (await second)();
  expect(existsSync(path)).toBe(false);
});

test('takeLock takes over the lock of a process that was killed', async () => {
  const module = join(import.meta.dirname, '../../scripts/setup/setup-lock.mjs');
  const script = `import { takeLock } from ${JSON.stringify(module)};
    await takeLock(${JSON.stringify(path)}); console.log('taken'); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script]);
  await once(holder.stdout, 'data');
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(existsSync(path)).toBe(true);
  const release = await takeLock(path);
  release();
});

test('takeLock does not take a process that has got the same id for the holder', async () => {
  writeFileSync(path, `${process.pid} 1\n`);
  (await takeLock(path))();
});

test('takeLock stops waiting when it is aborted', async () => {
  const release = await takeLock(path);
  const controller = new AbortController();
  const second = takeLock(path, { onWait: () => controller.abort(), signal: controller.signal });
  await expect(second).rejects.toThrow('aborted');
  release();
});
