import { type FileHandle, open } from 'node:fs/promises';

/** Read at once, in bytes. */
const chunkBytes = 256 * 1024;
/** No more of a log is read, from its end on, in bytes. */
const maxBytes = 64 * 1024 * 1024;

/**
 * The lines of a file up to a place in it, from the first on that is to be told.
 *
 * @param endBytes what stands behind it is told by somebody else
 * @param isBefore whether a line is too old; those of a log come in their order
 */
export async function* logFileLines(
  path: string,
  endBytes: number,
  isBefore: (line: string) => boolean,
): AsyncGenerator<string> {
  await using file = await open(path, 'r');
  let rest = '';
  const decoder = new TextDecoder();
  for (let at = await begin(file, endBytes, isBefore); at < endBytes; ) {
    const bytes = await read(file, at, Math.min(chunkBytes, endBytes - at));
    if (bytes.length === 0) break;
    at += bytes.length;
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '' && !isBefore(line)) yield line;
  }
}

/** A place before which all lines are too old, chunk by chunk from the end. */
async function begin(
  file: FileHandle,
  endBytes: number,
  isBefore: (line: string) => boolean,
): Promise<number> {
  const least = Math.max(0, endBytes - maxBytes);
  for (let at = endBytes; at > least; ) {
    at = Math.max(least, at - chunkBytes);
    const text = (await read(file, at, Math.min(chunkBytes, endBytes - at))).toString('latin1');
    // A chunk begins within a line, which is no whole one.
    const [, first] = text.split('\n', 2);
    if (first !== undefined && isBefore(first)) return at;
  }
  return least;
}

async function read(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}
