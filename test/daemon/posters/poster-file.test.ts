import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPosterFile } from '../../../src/daemon/posters/poster-file.ts';
import { temporaryFolder } from '../../helpers/state.ts';

const png = Buffer.from('89504e470d0a1a0a', 'hex');

test.each([
  { name: 'a PNG', bytes: png, type: 'image/png' },
  { name: 'a JPEG', bytes: Buffer.from('ffd8ffe0', 'hex'), type: 'image/jpeg' },
  { name: 'a WebP', bytes: Buffer.from('RIFF....WEBP'), type: 'image/webp' },
])('$name is known by its bytes', async ({ bytes, type }) => {
  await using folder = temporaryFolder();
  const path = join(folder.path, 'poster.txt');
  await writeFile(path, bytes);
  expect(await readPosterFile(path)).toEqual({ type, body: bytes });
});

test.each([
  { name: 'no image', bytes: Buffer.from('<svg>'), message: /JPEG, PNG or WebP/ },
  { name: 'too large', bytes: Buffer.concat([png, Buffer.alloc(512 * 1024)]), message: /at most 512 KiB/ },
])('a file that is $name is refused', async ({ bytes, message }) => {
  await using folder = temporaryFolder();
  const path = join(folder.path, 'poster.png');
  await writeFile(path, bytes);
  const code = 'POSTER_NOT_USABLE';
  await expect(readPosterFile(path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test.each(['/nowhere/poster.png', '/dev/zero', '/'])('%s is refused', async (path) => {
  await expect(readPosterFile(path)).rejects.toMatchObject({ code: 'POSTER_NOT_USABLE' });
});
