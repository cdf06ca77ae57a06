import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { MiroliveError } from '../../contract/errors.ts';

/**
 * Makes sure that `path` is a regular file that this process may read, inside one of `roots` after all symbolic links.
 *
 * @param roots absolute folders; empty: anywhere
 * @returns its size in bytes, at least 1
 * @throws MiroliveError INVALID_REQUEST, SOURCE_NOT_FOUND, SOURCE_FORBIDDEN, SOURCE_NOT_A_FILE, SOURCE_NOT_MEDIA (empty)
 */
export async function checkSourceFile(path: string, roots: readonly string[]): Promise<number> {
  if (!isAbsolute(path) || path.includes('\0')) {
    throw new MiroliveError(
      'INVALID_REQUEST',
      `expected an absolute path of a file, got ${JSON.stringify(path)}`,
    );
  }
  try {
    const real = await realpath(path);
    if (!(await isInside(real, roots))) {
      throw new MiroliveError('SOURCE_FORBIDDEN', `${path} is not below media.roots (${roots.join(', ')})`);
    }
    const { size } = await regularFile(path, real);
    if (size === 0) throw new MiroliveError('SOURCE_NOT_MEDIA', `${path} is empty`, { details: { path } });
    return size;
  } catch (error) {
    throw asSourceError(error, path);
  }
}

/** Roots that do not exist hold nothing. */
async function isInside(real: string, roots: readonly string[]): Promise<boolean> {
  if (roots.length === 0) return true;
  for (const root of roots) {
    const way = relative(await realpath(root).catch(() => root), real);
    if (way !== '..' && !way.startsWith(`..${sep}`)) return true;
  }
  return false;
}

async function regularFile(path: string, real: string): Promise<{ size: number }> {
  const named = await stat(real);
  // Looked at before it is opened: opening a device or a FIFO may act, or wait without end.
  if (!named.isFile()) {
    const kind = named.isDirectory() ? 'a directory' : 'a device, FIFO or socket';
    throw new MiroliveError('SOURCE_NOT_A_FILE', `expected a regular file, but ${path} is ${kind}`);
  }
  await using file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK);
  return await file.stat();
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
