import { type FileHandle, open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { type Clock, pause } from '../../contract/clock.ts';
import { mayKeepAddresses } from './kept-addresses.ts';
import { readLogLine } from './log-line.ts';
import { scrubbedInPlace } from './log-privacy.ts';

/** Read at once, in bytes; what is longer is no line of ours. */
const chunkBytes = 256 * 1024;
/** The main thread has other things to do between two chunks, in ms. */
const restMs = 20;
/** Files of the log that are looked at beside it: those that were put under another name, and are not packed. */
const mostBeside = 50;
/** The first line of a log is no longer, in bytes. */
const firstLineBytes = 16 * 1024;
/** By which a file is told from what it was before, in bytes. */
const beginBytes = 64;
const newLine = 0x0a;

export interface LogScrubberOptions {
  /** Path of the log, of JSON. */
  readonly file: string;
  /** They may change. */
  readonly keepAddressesMs: () => number;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn'>;
}

/** Takes addresses out of a log's lines once they are too old, where they stand: each line stays as long as it was, so whoever writes or reads goes on. */
export class LogScrubber {
  readonly #options: LogScrubberOptions;
  /** Up to where each file is done, by its inode, as names change, and by how it begins, as it may be emptied and fill up again. */
  #done = new Map<string, number>();
  #looking: Promise<void> | undefined;
  #closed = false;

  constructor(options: LogScrubberOptions) {
    this.#options = options;
  }

  /** Resolves when all that is too old now is without addresses. */
  look(): Promise<void> {
    this.#looking ??= this.#lookAtAll().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#looking;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #lookAtAll(): Promise<void> {
    const { file, log } = this.#options;
    const done = new Map<string, number>();
    const { files, leftOut } = await filesOf(file);
    if (leftOut > 0) log.warn({ leftOut }, 'so many files of the log are not looked at for addresses');
    for (const path of files) {
      try {
        await using handle = await open(path, 'r+');
        if (path !== file && !(await isOurs(handle))) continue;
        const at = await this.#scrub(handle, this.#done.get(await nameOf(handle)) ?? 0);
        done.set(await nameOf(handle), at);
      } catch (error) {
        log.warn({ err: error, file: path }, 'addresses in the log that are too old stay there for now');
      }
    }
    this.#done = done;
  }

  /** @returns up to where it is done */
  async #scrub(handle: FileHandle, from: number): Promise<number> {
    const { keepAddressesMs, clock } = this.#options;
    const isKept = mayKeepAddresses(keepAddressesMs(), clock.wallMs());
    const { size } = await handle.stat();
    // One that is shorter has been emptied, and begun anew.
    let at = from > size ? 0 : from;
    while (!this.#closed) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(chunkBytes), 0, chunkBytes, at);
      const last = buffer.subarray(0, bytesRead).lastIndexOf(newLine) + 1;
      const whole = last > 0 ? last : bytesRead === chunkBytes ? bytesRead : 0;
      if (whole === 0) return at;
      const { text, bytes, isYoung } = scrubbedLines(buffer.toString('latin1', 0, whole), isKept);
      const scrubbed = Buffer.from(text, 'latin1');
      if (!scrubbed.equals(buffer.subarray(0, bytes))) await handle.write(scrubbed, 0, bytes, at);
      at += bytes;
      if (isYoung) return at;
      await pause(clock, restMs);
    }
    return at;
  }
}

/** Lines up to the first that may keep its addresses, without theirs. What has no time, such as what node says when it dies, is as old as what stands before it. */
function scrubbedLines(text: string, isKept: (atMs: number) => boolean) {
  let done = 0;
  while (done < text.length) {
    const end = text.indexOf('\n', done) + 1 || text.length;
    const at = readLogLine(text.slice(done, end))?.at;
    if (at !== undefined && isKept(Date.parse(at)))
      return { text: scrubbedInPlace(text.slice(0, done)), bytes: done, isYoung: true };
    done = end;
  }
  return { text: scrubbedInPlace(text), bytes: done, isYoung: false };
}

/** What a file is, whatever it is called: its time is in its first line. */
async function nameOf(handle: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(beginBytes), 0, beginBytes, 0);
  return `${(await handle.stat()).ino} ${buffer.toString('latin1', 0, bytesRead)}`;
}

/** Whether a file begins as our log does: nothing else is written into. */
async function isOurs(handle: FileHandle): Promise<boolean> {
  if (!(await handle.stat()).isFile()) return false;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(firstLineBytes), 0, firstLineBytes, 0);
  const end = buffer.subarray(0, bytesRead).indexOf(newLine);
  return end > 0 && readLogLine(buffer.toString('utf8', 0, end)) !== null;
}

/** The log, and what logrotate and the like have put beside it under a number or a date; the newest first. */
async function filesOf(file: string): Promise<{ files: string[]; leftOut: number }> {
  const [folder, name] = [dirname(file), basename(file)];
  const beside = (await readdir(folder).catch((): string[] => []))
    .filter((one) => one.startsWith(name) && /^[.-](?:[\d-]+|old)$/.test(one.slice(name.length)))
    .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  const taken = beside.slice(0, mostBeside).map((one) => join(folder, one));
  return { files: [file, ...taken], leftOut: beside.length - taken.length };
}
