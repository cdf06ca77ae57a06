import { withoutSecretsIn } from '../../contract/source-words.ts';
import { masked } from '../masked.ts';

/** What people call a source, and ffmpeg. */
export interface Called {
  readonly path: string;
  readonly location: string;
  /** Names of it that servers repeat in their answers, and nobody is to read. */
  readonly secrets?: readonly string[];
}

/**
 * A file that is open here. ffmpeg and ffprobe open the same file once more by the descriptor that they inherit, and never by its
 * name, which may be another file's by then.
 */
export interface OpenedFile extends Called {
  readonly fd: number;
}

/** The descriptor behind the standard streams, and the same as a file that is opened anew. */
export const asideFd = 3;
export const asidePath = `/proc/self/fd/${asideFd}`;

/** What ffmpeg finds at `asideFd`: words that others on this machine are not to see in its arguments, or a file. */
export type Aside = string | OpenedFile;

/** The same for execa. */
export function asideOf(aside: Aside | undefined): Uint8Array | 3 | 'ignore' {
  if (aside === undefined) return 'ignore';
  // It takes any descriptor, and its types the first ones.
  return typeof aside === 'string' ? Buffer.from(aside) : (aside.fd as 3);
}

/** What ffmpeg says, with everything called as people call it, and nothing of it secret. */
export function named(words: string, aside: Aside | undefined, called: Called | undefined): string {
  const calls = [called, typeof aside === 'object' ? aside : undefined].filter((one) => one !== undefined);
  const told = calls.reduce((text, { location, path }) => text.replaceAll(location, path), words);
  return withoutSecretsIn(masked(told, called?.secrets ?? []));
}
