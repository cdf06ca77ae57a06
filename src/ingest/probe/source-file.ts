import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { type Clock, systemClock } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { pathBytes } from '../../contract/path-bytes.ts';
import { noFileWords } from '../../contract/source-words.ts';
import { MountCalls } from './mount-calls.ts';

/** Finds a file without opening it (open(2), `O_PATH`); Node has no name for it. */
const O_PATH = 0o10000000;

/** A root that has not answered for so long, in ms, is taken by its name: it may be on a mount that is dead. */
const rootMs = 2000;

/** All that this process asks the kernel of files: its threads are shared too. */
const mountCalls = new MountCalls();
/** Roots that are being resolved: whatever hangs there is asked once. */
const resolving = new Map<string, Promise<string>>();

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
 * @param signal whoever waits for a mount does so no longer
 * @throws MiroliveError INVALID_REQUEST, SOURCE_NOT_FOUND, SOURCE_FORBIDDEN, SOURCE_NOT_A_FILE, SOURCE_NOT_MEDIA (empty),
 *   SOURCE_TIMEOUT (its mount does not answer)
 */
export async function openSourceFile(
  path: string,
  { roots }: SourceFileOptions,
  signal?: AbortSignal,
): Promise<SourceFile> {
  if (!isAbsolute(path) || path.includes('\0')) {
    throw new MiroliveError(
      'INVALID_REQUEST',
      `expected an absolute path of a file, got ${JSON.stringify(path)}`,
    );
  }
  const onLate = ({ handle }: SourceFile) => void handle.close().catch(() => {});
  return await mountCalls.run(path, () => openBelow(path, roots), { signal, onLate });
}

/**
 * The first bytes of such a file, at most so many: what holds up its mount holds up nobody else.
 *
 * @throws MiroliveError as `openSourceFile` does
 */
export async function readSourceFile(
  path: string,
  most: number,
  signal?: AbortSignal,
  calls: Pick<MountCalls, 'run'> = mountCalls,
): Promise<Buffer> {
  const read = async () => {
    await using file = (await openBelow(path, [])).handle;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(most), 0, most, 0);
    return buffer.subarray(0, bytesRead);
  };
  return await calls.run(path, read, { signal });
}

/** Asks the kernel something else of a path, as one of the few calls that its mount may hold up. @throws MiroliveError SOURCE_TIMEOUT */
export function askOfMount<T>(path: string, act: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  return mountCalls.run(path, act, { signal });
}

async function openBelow(path: string, roots: readonly string[]): Promise<SourceFile> {
  try {
    // Looked at before it is opened: opening a device or a FIFO may act, or wait without end.
    await using found = await open(pathBytes(path), O_PATH);
    const here = `/proc/self/fd/${found.fd}`;
    if (!(await isInside(await readlink(here), roots))) {
      throw new MiroliveError('SOURCE_FORBIDDEN', `${path} is not below media.roots (${roots.join(', ')})`);
    }
    const stats = await found.stat({ bigint: true });
    if (!stats.isFile()) {
      const kind = stats.isDirectory() ? 'a directory' : 'a device, FIFO or socket';
      throw new MiroliveError('SOURCE_NOT_A_FILE', `expected a regular file, but ${path} is ${kind}`, {
        ...(stats.isDirectory() && {
          hint: 'Name a file in it; to play all of them: mirolive stream --folder FOLDER',
        }),
      });
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

/** Whether a path lies below one of the roots. Those that do not exist hold nothing, and none waits for another. */
export async function isInside(
  real: string,
  roots: readonly string[],
  resolve: (root: string) => Promise<string> = realpath,
  clock: Clock = systemClock,
): Promise<boolean> {
  if (roots.length === 0) return true;
  // What no path leads to has none in /proc either.
  if (!isAbsolute(real)) return false;
  const found = Promise.withResolvers<boolean>();
  const late = Promise.withResolvers<void>();
  const timer = clock.after(rootMs, late.resolve);
  const looks = roots.map(async (root) => {
    const resolved = (await Promise.race([resolvedOnce(root, resolve), late.promise])) ?? root;
    const way = relative(resolved, real);
    if (way !== '..' && !way.startsWith(`..${sep}`)) found.resolve(true);
  });
  void Promise.all(looks).then(() => found.resolve(false));
  try {
    return await found.promise;
  } finally {
    timer.cancel();
  }
}

function resolvedOnce(root: string, resolve: (root: string) => Promise<string>): Promise<string> {
  const known = resolving.get(root);
  if (known) return known;
  const asked = resolve(root)
    .catch(() => root)
    .finally(() => resolving.delete(root));
  resolving.set(root, asked);
  return asked;
}

function asSourceError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const details = { path };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return new MiroliveError('SOURCE_NOT_FOUND', noFileWords(path), { details, cause: error });
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
