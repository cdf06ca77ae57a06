import { lstat, mkdir, readlink, symlink } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { asidePath, type OpenedFile } from '../ffmpeg/aside.ts';
import { openSourceFile, type SourceFileOptions } from '../probe/source-file.ts';
import { only } from './containers.ts';
import type { Input } from './input.ts';

/** A local file as ffmpeg opens it. */
export interface FileInput extends Input {
  readonly aside: OpenedFile;
  readonly sizeBytes: number;
  readonly identity: string;
}

export interface FileInputOptions extends SourceFileOptions {
  /** A folder for links, made where it is missing; where others may write in it, or none is told, ffmpeg knows a container by its bytes alone. */
  readonly linkFolder?: string;
}

/**
 * Raw sound, which ffmpeg knows by its name where its first bytes tell nothing, as behind a cover of more than 1 MiB
 * (libavformat/format.c, `av_probe_input_format3`).
 */
const tellingNames = ['mp2', 'mp3', 'm2a', 'mpa', 'aac', 'ac3', 'eac3', 'ec3', 'dts', 'flac', 'ape', 'tta'];

/** So much of a file is read for what a picture is like, in µs, where that is not known before: pictures may come seldom, or begin late. */
const analysisUs = 30_000_000;

/** The folder for links in a folder of our own. */
export function linkFolder(ownFolder: string): string {
  return join(ownFolder, 'opened');
}

/**
 * Opens a local file, and nothing that it refers to.
 *
 * @throws MiroliveError as `openSourceFile` does
 */
export async function openFile(
  path: string,
  options: FileInputOptions,
  signal?: AbortSignal,
): Promise<FileInput> {
  const { handle, sizeBytes, identity } = await openSourceFile(path, options, signal);
  // With its protocol, so that no name can be taken for another one.
  const location = `file:${await nameOf(path, options.linkFolder)}`;
  return {
    parts: [{ options: [...only(['file']), '-analyzeduration', `${analysisUs}`], location }],
    ...{ live: false, env: {}, explain: () => null },
    aside: { fd: handle.fd, path, location },
    sizeBytes,
    identity,
    // Nobody waits for it: on a mount that is dead by now it hangs.
    [Symbol.asyncDispose]: async () => void handle.close().catch(() => {}),
  };
}

/** A link to whatever ffmpeg inherits, the same for all files of that kind. */
async function nameOf(path: string, linkFolder: string | undefined): Promise<string> {
  const kind = extname(path).slice(1).toLowerCase();
  if (linkFolder === undefined || !tellingNames.includes(kind)) return asidePath;
  const link = join(linkFolder, `file.${kind}`);
  try {
    await mkdir(linkFolder, { mode: 0o700 }).catch(() => {});
    const { uid, mode } = await lstat(linkFolder);
    // Whoever may write there could lead a link elsewhere.
    if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return asidePath;
    await symlink(asidePath, link).catch(() => {});
    return (await readlink(link)) === asidePath ? link : asidePath;
  } catch {
    // A folder that cannot be written in keeps few files from being known, and none from being tried.
    return asidePath;
  }
}
