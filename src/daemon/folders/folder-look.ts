import { readdir, realpath, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { pathBytes, shownBytes, textFromBytes } from '../../contract/path-bytes.ts';
import type { Ask } from '../../files/file-there.ts';
import { askOfMount, isInside } from '../../ingest/probe/source-file.ts';
import type { FileSight } from './folder-list.ts';
import { isMediaName } from './media-names.ts';

/** A folder itself, as a look has found it. */
export interface FolderFacts {
  /** Differs where it is another folder, as what lies below a mount is another one than what was mounted there. */
  readonly identity: string;
  /** Differs where names have come or gone; null: they may come and go just now. */
  readonly stamp: string | null;
}

/** How folders are looked at. */
export interface FolderEyes {
  /** @throws MiroliveError SOURCE_NOT_FOUND, SOURCE_FORBIDDEN, SOURCE_TIMEOUT */
  folder(path: string): Promise<FolderFacts>;
  /** Names of media in it, in no order. @throws as `folder` */
  names(path: string): Promise<string[]>;
  /** @throws MiroliveError SOURCE_TIMEOUT */
  files(path: string, names: readonly string[]): Promise<Map<string, FileSight | null>>;
  /** Whether the system tells of what changes there: of what others do on a network it does not, and to ask may wait for it. */
  isTold(path: string): Promise<boolean>;
}

/** Files that are asked for with one call, and how many of them at once: a call that waits for its mount holds so many threads. */
const together = 250;
const atOnce = 4;

/** A folder whose time is older than this, in ms, shows by it what comes and goes: times are as coarse as 2 s on some file systems. */
export const quietMs = 3000;

/** Of network file systems and FUSE, as statfs(2) and linux/magic.h have them. */
const untold = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997, 0x00c36400, 0x5346414f, 0x73757245,
]);

/** The eyes of this machine; a mount that is dead is asked by few at once, and waited for by nobody for long. */
export function folderEyes(
  roots: readonly string[],
  clock: Pick<Clock, 'wallMs'>,
  ask: Ask = askOfMount,
): FolderEyes {
  const asked = async <T>(path: string, act: () => Promise<T>): Promise<T> => {
    try {
      return await ask(path, act);
    } catch (error) {
      throw asFolderError(error, path);
    }
  };
  return {
    folder: (path) =>
      asked(path, async () => {
        const found = await stat(pathBytes(path), { bigint: true });
        if (!found.isDirectory())
          throw new MiroliveError('SOURCE_NOT_FOUND', `expected a folder, got a file: ${shownBytes(path)}`, {
            details: { path },
            hint: 'Play a file as one: mirolive stream --file FILE --room ROOM',
          });
        if (roots.length > 0 && !(await isInside(await realpath(pathBytes(path)), roots)))
          throw new MiroliveError(
            'SOURCE_FORBIDDEN',
            `${shownBytes(path)} is not below media.roots (${roots.join(', ')})`,
          );
        const { dev, ino, mtimeNs, mtimeMs } = found;
        const isQuiet = clock.wallMs() - Number(mtimeMs) > quietMs;
        return { identity: `${dev}:${ino}`, stamp: isQuiet ? `${dev}:${ino}:${mtimeNs}` : null };
      }),
    names: (path) =>
      asked(path, async () => {
        const names = await readdir(pathBytes(path), { encoding: 'buffer' });
        return names.map(textFromBytes).filter(isMediaName);
      }),
    files: async (path, names) => {
      const found = new Map<string, FileSight | null>();
      for (let from = 0; from < names.length; from += together) {
        const some = names.slice(from, from + together);
        await asked(path, async () => {
          const left = some[Symbol.iterator]();
          const look = async () => {
            for (const name of left) found.set(name, await sightOf(join(path, name)));
          };
          await Promise.all(Array.from({ length: atOnce }, look));
        });
      }
      return found;
    },
    isTold: (path) =>
      ask(path, async () => !untold.has(Number((await statfs(pathBytes(path))).type) >>> 0)).catch(
        () => false,
      ),
  };
}

/** Symbolic links are followed; what is empty is not written yet. */
async function sightOf(path: string): Promise<FileSight | null> {
  try {
    const found = await stat(pathBytes(path), { bigint: true });
    if (!found.isFile() || found.size === 0n) return null;
    const { dev, ino, size, mtimeNs, mtimeMs } = found;
    return { stamp: [dev, ino, size, mtimeNs].join(':'), writtenMs: Number(mtimeMs) };
  } catch {
    return null;
  }
}

function asFolderError(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const details = { path };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ELOOP':
    case 'ENAMETOOLONG':
      return new MiroliveError('SOURCE_NOT_FOUND', `there is no folder ${shownBytes(path)}`, {
        ...{ details, cause: error },
      });
    case 'EACCES':
    case 'EPERM':
      return new MiroliveError(
        'SOURCE_FORBIDDEN',
        `the folder ${shownBytes(path)} may not be read by the user of the daemon`,
        { details, cause: error },
      );
    case 'ESTALE':
    case 'EIO':
    case 'ENOTCONN':
    case 'EHOSTDOWN':
      return new MiroliveError('SOURCE_NOT_FOUND', `the folder ${shownBytes(path)} cannot be read: ${code}`, {
        ...{ details, cause: error },
      });
    default:
      return error;
  }
}
