import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingPackages } from '../../scripts/setup/debian-packages.mjs';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const worker = join(import.meta.dirname, '../../native/mediasoup-worker');
const shim = join(worker, 'shims', 'srtp');
const cases = join(import.meta.dirname, 'srtp');
/** What reads or writes beyond a packet ends the program. */
const sanitized = '-fsanitize=address,undefined';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

/** Compiles files as one: most of the time goes into the headers that they share. */
async function compile(sources: readonly string[], ...flags: string[]): Promise<string> {
  const object = join(folder.path, `${sources.length}.o`);
  const input = sources.map((path) => `#include "${path}"\n`).join('');
  const options = [
    '-std=c++20',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-Wno-deprecated-declarations',
    `-I${worker}`,
  ];
  await execa('g++', [...options, ...flags, '-x', 'c++', '-c', '-', '-o', object], { input, cwd: cases });
  return object;
}

beforeAll(async () => {
  expect(
    missingPackages(['srtp']),
    'Debian packages that are missing to compile the shim beside libsrtp',
  ).toEqual([]);
  folder = await temporaryFolder();
  const sources = readdirSync(shim).filter((name) => name.endsWith('.cpp'));
  const objects = await Promise.all([
    compile(
      sources.map((name) => join(shim, name)),
      '-O1',
      sanitized,
    ),
    compile(
      ['vectors.cpp', 'by-itself.cpp', 'beside-libsrtp.cpp', 'main.cpp'].map((name) => join(cases, name)),
    ),
    compile([join(cases, 'libsrtp2.cpp')]),
  ]);
  await execa('g++', [sanitized, ...objects, '-lcrypto', '-lsrtp2', '-o', join(folder.path, 'srtp')]);
});
afterAll(() => folder?.[Symbol.asyncDispose]());

const passes = async (name: string) => {
  const { exitCode, all } = await execa(join(folder.path, 'srtp'), [name], { all: true, reject: false });
  expect({ exitCode, all }).toEqual({ exitCode: 0, all: '' });
};

describe('SRTP by OpenSSL', () => {
  test.each([
    { name: 'key-derivation', what: 'derives the keys of RFC 3711 B.3' },
    { name: 'counter-keystream', what: 'has the keystream of RFC 3711 B.2' },
    { name: 'gcm-128-rtp', what: 'encrypts the packet of RFC 7714 16.1' },
    { name: 'gcm-256-rtp', what: 'encrypts the packet of RFC 7714 16.2' },
    { name: 'gcm-128-rtcp', what: 'encrypts the RTCP packet of RFC 7714 17.1' },
    { name: 'gcm-256-rtcp', what: 'encrypts the RTCP packet of RFC 7714 17.2' },
    { name: 'no-allocations', what: 'has OpenSSL allocate nothing for a packet' },
    { name: 'room', what: 'writes nothing where there is no room, and decrypts in place' },
    { name: 'many-streams', what: 'knows a bounded number of streams of one sender' },
    { name: 'refused', what: 'refuses settings that it does not have' },
  ])('$what', ({ name }) => passes(name));
});

describe('SRTP by OpenSSL answers as libsrtp does, in each suite', () => {
  test.each([
    { name: 'every-shape', what: 'packets of every shape' },
    { name: 'rollover-counter', what: 'sequence numbers that go round' },
    { name: 'reordered', what: 'packets out of order' },
    { name: 'replayed', what: 'packets that come twice' },
    { name: 'sent-again', what: 'packets that are sent again' },
    { name: 'rtcp-index', what: 'RTCP that is late, or comes twice' },
    { name: 'removed', what: 'a stream that is removed and begins anew' },
    { name: 'damaged', what: 'packets that are cut, changed or made up' },
    { name: 'story', what: 'a long story of all of these' },
  ])('$what', ({ name }) => passes(name));
});
