import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const shims = join(import.meta.dirname, '../../native/mediasoup-worker/shims');
const options = ['-std=c++20', '-Wall', '-Wextra', '-Werror', '-O1', '-fsanitize=address,undefined'];
/** System calls that a case answers in place of the kernel. */
const wrapped = '-Wl,--wrap=sendmmsg,--wrap=getsockopt';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  const sources = ['main.cpp', 'system-calls.cpp'];
  await execa('g++', [...options, `-I${shims}`, wrapped, ...sources, '-o', join(folder.path, 'udp')], {
    cwd: join(import.meta.dirname, 'udp'),
  });
});
afterAll(() => folder?.[Symbol.asyncDispose]());

describe('a batch of datagrams', () => {
  test.each([
    { name: 'every-shape-4', what: 'arrives whole and in order at each destination' },
    { name: 'every-shape-6', what: 'does so by IPv6' },
    {
      name: 'as-one',
      what: 'leaves by one system call, as one message for each destination as far as sizes allow',
    },
    { name: 'bounds', what: 'has a bounded number of datagrams and bytes' },
    { name: 'no-checksums', what: 'is never cut again once the device cannot' },
    { name: 'narrow-path', what: 'leaves one by one where the path is too narrow, and only there' },
    { name: 'unknown', what: 'is not cut by a kernel that does not know how' },
    { name: 'full', what: 'overtakes nothing that has to wait' },
    { name: 'interrupted', what: 'is sent after an interruption' },
  ])('$what', async ({ name }) => {
    const { exitCode, all } = await execa(join(folder.path, 'udp'), [name], { all: true, reject: false });
    expect({ exitCode, all }).toEqual({ exitCode: 0, all: '' });
  });
});
