import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileProblem } from '../../src/cli/sources/local-file.ts';
import { pathBytes, textFromBytes } from '../../src/contract/path-bytes.ts';
import { loadPlaylist } from '../../src/files/load-playlist.ts';
import { checkSourceFile } from '../../src/ingest/probe/source-file.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const bytes = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))));

test.each([
  ['UTF-8', bytes('Café – 番組.mp4')],
  ['Latin-1', bytes('latin', 0xe9, '.mp4')],
  ['a sequence that is cut off', bytes('a', 0xe2, 0x82, 'b')],
  ['what is encoded too long', bytes(0xc0, 0xaf, 0xe0, 0x80, 0xaf)],
  ['a surrogate', bytes(0xed, 0xb3, 0xa9)],
  ['every byte', Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1))],
])('a name of %s is what it was, by way of JSON too', (_, name) => {
  const text = JSON.parse(JSON.stringify(textFromBytes(name)));
  expect(Buffer.from(pathBytes(text)).equals(name)).toBe(true);
});

test.each([
  { what: 'as VLC writes it', line: bytes('Caf%C3%A9.mp4'), there: bytes('Café.mp4') },
  { what: 'with a name that has a % itself', line: bytes('50%25.mp4'), there: bytes('50%25.mp4') },
  { what: 'with a % that stands for nothing', line: bytes('100%.mp4'), there: bytes('100%.mp4') },
  { what: 'of Windows, in its letters', line: bytes('Caf', 0xe9, '.mp4'), there: bytes('Café.mp4') },
  {
    what: 'of Windows, with quotes of its own',
    line: bytes(0x93, 'a', 0x94, '.mp4'),
    there: bytes('“a”.mp4'),
  },
  { what: 'of Windows, in a folder', line: bytes('talks\\one.mp4'), there: bytes('talks/one.mp4') },
  { what: 'of a Mac, with accents apart', line: bytes('Cafe\u0301.mp4'), there: bytes('Café.mp4') },
  { what: 'that came from a Mac', line: bytes('Café.mp4'), there: bytes('Cafe\u0301.mp4') },
  { what: 'whose name is no UTF-8', line: bytes('latin', 0xe9, '.mp4'), there: bytes('latin', 0xe9, '.mp4') },
])('a list names a file $what', async ({ line, there }) => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'talks'));
  await writeFile(Buffer.concat([Buffer.from(`${folder.path}/`), there]), 'talk');
  const list = join(folder.path, 'list.m3u');
  await writeFile(
    list,
    Buffer.concat([bytes('#EXTM3U\r\n#EXTINF:4,Caf', 0xe9, '\r\n'), line, bytes('\r\n')]),
  );
  const { items } = await loadPlaylist(list);
  const [item] = items;
  if (item?.source.kind !== 'file') throw new Error('expected a file');
  expect(item.title).toBe('Café');
  await checkSourceFile(item.source.path, { roots: [] });
  expect(await fileProblem(item.source.path)).toBeNull();
});

test.each([
  { asked: 'Talk.MP4', there: bytes('talk.mp4'), words: 'talk.mp4, which differs in upper and lower case' },
  { asked: 'my talk.mp4', there: bytes('my_talk.mp4'), words: 'my_talk.mp4, which differs in spaces' },
  { asked: 'Cafe.mp4', there: bytes('Café.mp4'), words: 'Café.mp4, which differs in accents' },
  { asked: 'talk.mp4', there: bytes('talk.mkv'), words: 'talk.mkv, which differs in its ending' },
  {
    asked: 'Caf%C3%A9.mp4',
    there: bytes('Café.mp4'),
    words: 'Café.mp4, which differs in what stands for its odd letters',
  },
  {
    asked: 'Café.mp4',
    there: bytes('Caf', 0xe9, '.mp4'),
    words: 'Caf\\xe9.mp4, which differs in how its letters are encoded',
  },
])('who asks for $asked is told of $words', async ({ asked, there, words }) => {
  await using folder = await temporaryFolder();
  await writeFile(Buffer.concat([Buffer.from(`${folder.path}/`), there]), 'talk');
  const path = join(folder.path, asked);
  expect((await fileProblem(path))?.message).toBe(`there is no file ${path}; there is ${words}`);
});

test('a mount that does not answer is asked once, outside of the look at the list', async () => {
  await using folder = await temporaryFolder();
  const list = join(folder.path, 'list.m3u');
  await writeFile(list, ['ascii.mp4', 'Übung.mp4', 'Café.mp4'].map((name) => `/mnt/nas/${name}\n`).join(''));
  const asked: string[] = [];
  let running = 0;
  const { items } = await loadPlaylist(list, async (path, act) => {
    asked.push(path);
    expect(running++).toBe(0);
    try {
      if (path !== list) throw new Error('it does not answer');
      return await act();
    } finally {
      running--;
    }
  });
  expect(asked).toEqual([list, '/mnt/nas/Übung.mp4']);
  expect(items.map(({ source }) => 'path' in source && source.path)).toEqual([
    ...['/mnt/nas/ascii.mp4', '/mnt/nas/Übung.mp4', '/mnt/nas/Café.mp4'],
  ]);
});

test('who asks for what nothing is like is told so', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'other.mp4'), 'other');
  const path = join(folder.path, 'talk.mp4');
  expect((await fileProblem(path))?.message).toBe(`there is no file ${path}`);
});
