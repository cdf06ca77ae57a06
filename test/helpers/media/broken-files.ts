import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { ErrorCode } from '../../../src/contract/errors.ts';
import { sample } from './sample-files.ts';
import type { SampleName } from './samples.ts';

/** A file that cannot be played, or that only looks so. */
export interface BrokenFile {
  readonly title: string;
  /** Makes it in an empty folder of its own and returns its path. */
  readonly make: (folder: string) => Promise<string>;
  readonly code: ErrorCode;
  /** The message or its beginning where ffprobe's words differ from version to version; `PATH` stands for its path. */
  readonly message: string;
}

/** What must be refused, and in which words. */
export const brokenFiles: readonly BrokenFile[] = [
  {
    title: 'a missing file',
    make: async (folder) => join(folder, 'missing.mp4'),
    code: 'SOURCE_NOT_FOUND',
    message: 'there is no file PATH',
  },
  {
    title: 'a file below a file',
    make: async (folder) => join(await written(folder, 'file', 'x'), 'talk.mp4'),
    code: 'SOURCE_NOT_FOUND',
    message: 'there is no file PATH',
  },
  {
    title: 'a symbolic link to itself',
    make: async (folder) => await linked(folder, 'loop.mp4', 'loop.mp4'),
    code: 'SOURCE_NOT_FOUND',
    message: 'there is no file PATH',
  },
  {
    title: 'an address in a name',
    make: async (folder) => join(folder, 'http:', '127.0.0.1', 'talk.mp4'),
    code: 'SOURCE_NOT_FOUND',
    message: 'there is no file PATH',
  },
  {
    title: 'a concat list in a name',
    make: async (folder) => join(folder, 'concat:talk.mp4|talk.mp4'),
    code: 'SOURCE_NOT_FOUND',
    message: 'there is no file PATH',
  },
  {
    title: 'an encrypted file',
    make: async (folder) => await encrypted(folder, 'talk.mp4'),
    code: 'SOURCE_NOT_MEDIA',
    message:
      'expected something that anybody can play, got PATH, which is encrypted (DRM: Common Encryption)',
  },
  {
    title: 'an encrypted file in a codec that is transcoded',
    make: async (folder) => await encrypted(folder, 'hevc-10bit.mkv'),
    code: 'SOURCE_NOT_MEDIA',
    message:
      'expected something that anybody can play, got PATH, which is encrypted (DRM: Common Encryption)',
  },
  {
    title: 'a directory',
    make: async (folder) => folder,
    code: 'SOURCE_NOT_A_FILE',
    message: 'expected a regular file, but PATH is a directory',
  },
  {
    title: 'a FIFO',
    make: async (folder) => {
      await execa('mkfifo', [join(folder, 'fifo.mp4')]);
      return join(folder, 'fifo.mp4');
    },
    code: 'SOURCE_NOT_A_FILE',
    message: 'expected a regular file, but PATH is a device, FIFO or socket',
  },
  {
    title: 'a device',
    make: async () => '/dev/zero',
    code: 'SOURCE_NOT_A_FILE',
    message: 'expected a regular file, but PATH is a device, FIFO or socket',
  },
  {
    title: 'an empty file',
    make: (folder) => written(folder, 'empty.mp4', ''),
    code: 'SOURCE_NOT_MEDIA',
    message: 'PATH is empty',
  },
  {
    title: 'an MP4 that ends before its index',
    make: async (folder) => await cut(await sample('index-at-end.mp4'), join(folder, 'cut.mp4'), 0.5),
    code: 'SOURCE_NOT_MEDIA',
    message: 'ffprobe cannot read PATH: moov atom not found',
  },
  {
    title: 'a text that is called MP4',
    make: (folder) => written(folder, 'text.mp4', '<p>Not found</p>\n'.repeat(200)),
    code: 'SOURCE_NOT_MEDIA',
    message: 'ffprobe cannot read PATH: ',
  },
  {
    title: 'a playlist that names another file',
    make: (folder) =>
      written(
        folder,
        'list.m3u8',
        '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n/etc/passwd\n#EXT-X-ENDLIST\n',
      ),
    code: 'SOURCE_NOT_MEDIA',
    message: 'ffprobe cannot read PATH: format hls is not taken',
  },
  {
    title: 'a concat script',
    make: (folder) => written(folder, 'script.mp4', "ffconcat version 1.0\nfile '/etc/passwd'\n"),
    code: 'SOURCE_NOT_MEDIA',
    message: 'ffprobe cannot read PATH: format concat is not taken',
  },
  {
    title: 'subtitles without a picture',
    make: async (folder) => {
      const text = await written(folder, 'words.srt', '1\n00:00:00,000 --> 00:00:02,000\nHello\n');
      await execa('ffmpeg', ['-v', 'error', '-i', text, join(folder, 'words.mkv')]);
      return join(folder, 'words.mkv');
    },
    code: 'SOURCE_NOT_MEDIA',
    message: 'PATH holds neither picture nor sound',
  },
];

/** Names that must work like any other. */
export const oddNames: readonly string[] = [
  `it's "quoted".mp4`,
  'two  words.mp4',
  '100%d %03d.mp4',
  'line\nbreak.mp4',
  '-i.mp4',
  'concat:talk.mp4|talk.mp4',
  'http:talk.mp4',
  'größe ☃.mp4',
  '$(id);`id`&.mp4',
];

/** Copies the first part of a file. */
export async function cut(from: string, to: string, part: number): Promise<string> {
  const bytes = await readFile(from);
  await writeFile(to, bytes.subarray(0, Math.floor(bytes.length * part)));
  return to;
}

/** Copies a sample under another name. */
export async function named(folder: string, name: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await copyFile(await sample('h264-baseline.mp4'), join(folder, name));
  return join(folder, name);
}

async function written(folder: string, name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

async function linked(folder: string, name: string, target: string): Promise<string> {
  await symlink(target, join(folder, name));
  return join(folder, name);
}

/** A sample with all its tracks encrypted, as shops for films do. */
async function encrypted(folder: string, name: SampleName): Promise<string> {
  const path = join(folder, 'encrypted.mp4');
  await execa('ffmpeg', [
    ...['-v', 'error', '-t', '1', '-i', await sample(name), '-c', 'copy', '-strict', '-2'],
    ...['-encryption_scheme', 'cenc-aes-ctr', '-encryption_key', '76a6c65c5ea762046bd749a2e632ccbb'],
    ...['-encryption_kid', 'a7e61c373e219033c21091fa607bf3b8', path],
  ]);
  return path;
}
