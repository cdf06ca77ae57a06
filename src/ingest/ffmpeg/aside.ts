/**
 * A file that is open here. ffmpeg and ffprobe open the same file once more by the descriptor that they inherit, and never by its
 * name, which may be another file's by then.
 */
export interface OpenedFile {
  readonly fd: number;
  /** As people call it. */
  readonly path: string;
  /** As ffmpeg calls it. */
  readonly location: string;
}

/** What ffmpeg finds at its file descriptor 3: words that others on this machine are not to see in its arguments, or a file. */
export type Aside = string | OpenedFile;

/** The same for execa. */
export function asideOf(aside: Aside | undefined): Uint8Array | 3 | 'ignore' {
  if (aside === undefined) return 'ignore';
  // It takes any descriptor, and its types the first ones.
  return typeof aside === 'string' ? Buffer.from(aside) : (aside.fd as 3);
}

/** What ffmpeg says, with the file called as people call it. */
export function named(words: string, aside: Aside | undefined): string {
  return typeof aside === 'object' ? words.replaceAll(aside.location, aside.path) : words;
}
