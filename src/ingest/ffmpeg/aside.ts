/** The file descriptor 3 of ffmpeg, for execa: what it is told there, and nowhere else. */
export function asideOf(aside: string | undefined): Uint8Array | 'ignore' {
  return aside === undefined ? 'ignore' : Buffer.from(aside);
}
