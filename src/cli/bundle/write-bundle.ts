import { open, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { packTar } from 'modern-tar';
import { MiroliveError } from '../../contract/errors.ts';
import { quoted } from '../../contract/quoted.ts';
import type { Gathered } from './bundle-part.ts';

/** Where a bundle goes, its folder's name in it, and when it was made. */
export interface BundleFile {
  readonly file: string;
  readonly name: string;
  readonly at: Date;
}

/** What was written. */
export interface Written {
  readonly file: string;
  readonly bytes: number;
}

/** Packs what was gathered: a .tar.gz with a folder of this name. */
export async function packBundle(
  { name, at }: Pick<BundleFile, 'name' | 'at'>,
  gathered: readonly Gathered[],
): Promise<Buffer> {
  const there = gathered.filter((one) => 'text' in one);
  const contents = there.map(({ name, text }) => ({ name, bytes: Buffer.from(text) }));
  const missing = gathered.flatMap((one) => ('missing' in one ? [`${one.name}: ${one.missing}\n`] : []));
  if (missing.length > 0) contents.push({ name: 'MISSING.txt', bytes: Buffer.from(missing.join('')) });
  const tar = await packTar(
    contents.map(({ name: of, bytes }) => ({
      header: { name: `${name}/${of}`, size: bytes.length, mode: 0o600, mtime: at },
      body: bytes,
    })),
  );
  return await promisify(gzip)(tar);
}

/** Packs it into a file that only its owner reads. @throws MiroliveError USAGE where there is such a file, or none can be made there */
export async function writeBundle(
  { file, ...named }: BundleFile,
  gathered: readonly Gathered[],
): Promise<Written> {
  const packed = await packBundle(named, gathered);
  try {
    await writeWhole(file, packed);
  } catch (cause) {
    throw new MiroliveError('USAGE', `cannot write the bundle: ${(cause as Error).message}`, {
      cause,
      hint: hintOf((cause as NodeJS.ErrnoException).code, file),
    });
  }
  return { file, bytes: packed.length };
}

/** All of it, or nothing: under its name stands what is whole, and never in place of another file. */
async function writeWhole(file: string, bytes: Buffer): Promise<void> {
  const part = `${file}.part`;
  await using target = await open(part, 'wx', 0o600);
  try {
    await target.writeFile(bytes);
    // Whoever makes it has its name; not all file systems know links.
    await using _named = await open(file, 'wx', 0o600);
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
}

function hintOf(code: string | undefined, file: string): string {
  return code === 'EEXIST'
    ? `Name a file that is not there yet: mirolive doctor --bundle ${quoted(`${file}.new`)}`
    : `Name a file in a folder that can be written, and has room: mirolive doctor --bundle ${quoted(join('/tmp', basename(file)))}`;
}
