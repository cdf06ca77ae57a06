import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workerFault } from '../../../src/daemon/sfu/worker-fault.ts';
import { temporaryFolder } from '../../helpers/state.ts';

const program = await readFile(process.execPath);
const foreign = Buffer.from(program.subarray(0, 64));
// RISC-V, which neither is (elf(5)).
foreign.writeUInt16LE(243, 18);

test.each([
  { name: 'a program of this machine', bytes: program, fault: null },
  { name: 'one without its end', bytes: program.subarray(0, -1), fault: /^it is cut off: only \d+ bytes/ },
  { name: 'the beginning of one', bytes: program.subarray(0, 20), fault: /^it is cut off: only 20 bytes/ },
  { name: 'one of another machine', bytes: foreign, fault: /^it is for another kind of machine/ },
  { name: 'a script', bytes: Buffer.from('#!/bin/sh\n'), fault: null },
  { name: 'a page of the web', bytes: Buffer.from('<html>'), fault: /^it is no program$/ },
  { name: 'nothing', bytes: Buffer.alloc(0), fault: /^it is empty$/ },
])('workerFault of $name', async ({ bytes, fault }) => {
  await using folder = temporaryFolder();
  const path = join(folder.path, 'worker');
  await writeFile(path, bytes);
  await chmod(path, 0o755);
  const told = workerFault(path);
  if (fault === null) expect(told).toBeNull();
  else expect(told).toMatch(fault);
});

test('workerFault of what is no file, is not there or may not be run', async () => {
  await using folder = temporaryFolder();
  const path = join(folder.path, 'worker');
  expect(workerFault(path)).toMatch(/^there is no such file/);
  expect(workerFault(join(process.execPath, 'worker'))).toMatch(/^there is no such file/);
  await writeFile(path, program.subarray(0, 64), { mode: 0o644 });
  expect(workerFault(path)).toBe(`this user may not run it: ls -l ${path}`);
  const inner = join(folder.path, 'folder');
  await mkdir(inner);
  expect(workerFault(inner)).toBe('it is no file');
});
