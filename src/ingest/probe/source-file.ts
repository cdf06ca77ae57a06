import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { MiroliveError } from '../../contract/errors.ts';

/** Finds a file without opening it (open(2), `O_PATH`); Node has no name for it. */
const O_PATH = 0o10000000;

export interface SourceFileOptions {
  /** Absolute folders that files may lie in; empty: anywhere. */
  readonly roots: readonly string[];
}

/** A file that may be played, open for reading. */
export interface SourceFile {
  readonly handle: FileHandle;
  /** At least 1. */
  readonly sizeBytes: number;
  /** Differs where the file is another one, or was written since. */
  readonly identity: string;
}

/**
 * Opens a regular file that this process may read, and that lies inside one of `roots` after all symbolic links. Its name is followed
 * once: what is checked is what is opened, whatever the name means later. Whoever opens it closes its handle.
 *
 * @throws MiroliveError INVALID_REQUEST, SOURCE_NOT_FOUND, SOURCE_FORBIDDEN, SOURCE_NOT_A_FILE, SOURCE_NOT_MEDIA (empty)
 */
export async function openSourceFile(path: string, { roots }: SourceFileOptions): Promise<SourceFile> {
  if (!isAbsolute(path) || path.includes('\0')) {
    throw new MiroliveError(
      'INVALID_REQUEST',
      `expected an absolute path of a file, got ${JSON.stringify(path)}`,
    );
  }
  try {
    // Looked at before it is opened: opening a device or a FIFO may act, or wait without end.
    await using found = await open(path, O_PATH);
    const here = `/proc/self/fd/${found.fd}`;
    if (!(await isInside(await readlink(here), roots))) {
      throw new MiroliveError('SOURCE_FORBIDDEN', `${path} is not below media.roots (${roots.join(', ')})`);
    }
    const stats = await found.stat({ bigint: true });
    if (!stats.isFile()) {
      const kind = stats.isDirectory() ? 'a directory' : 'a device, FIFO or socket';
      throw new MiroliveError('SOURCE_NOT_A_FILE', `expected a regular file, but ${path} is ${kind}`);
    }
    if (stats.size === 0n) {
      throw new MiroliveError('SOURCE_NOT_MEDIA', `${path} is empty`, { details: { path } });
    }
    // Its change time tells what was written in place and given its old time.
    const { dev, ino, size, mtimeNs, ctimeNs } = stats;
    const identity = [dev, ino, size, mtimeNs, ctimeNs].join(':');
    return { handle: await open(here, constants.O_RDONLY), sizeBytes: Number(size), identity };
  } catch (error) {
    throw asSourceError(error, path);
  }
}

/** The same, without keeping it open. */
export async function checkSourceFile(path: string, options: SourceFileOptions): Promise<void> {
  const { handle } = await openSourceFile(path, options);
  await handle.close();
}

/** Roots that do not exist hold nothing. */
async function isInside(real: string, roots: readonly string[]): Promise<boolean> {
  if (roots.length === 0) return true;
  // What no path leads to has none in /proc either.
  if (!isAbsolute(real)) return false;
  for (const root of roots) {
    const way = relative(await realpath(root).catch(() => root), real);
    if (way !== '..' && !way.startsWith(`..${sep}`)) return true;
  }
  return false;
}

function asSourceError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const details = { path };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return new MiroliveError('SOURCE_NOT_FOUND', `there is no file ${path}`, { details, cause: error });
    case 'EACCES':
    case 'EPERM':
      return new MiroliveError('SOURCE_FORBIDDEN', `${path} may not be read by the user of this process`, {
        details,
        cause: error,
      });
    default:
      return error;
  }
}
