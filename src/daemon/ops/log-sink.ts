import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { systemClock } from '../../contract/clock.ts';

/** A line that does not fit is dropped, whole: so much may wait for a reader who is slow, in bytes. */
const maxWaitingBytes = 1024 * 1024;
/** For the daemon and its group, as the control socket is. */
const fileMode = 0o640;

/** Where a log goes, and what was lost of it. */
export interface LogState {
  /** null: to standard error. */
  readonly file: string | null;
  /** Lines since the start that could not be written. */
  readonly dropped: number;
  /** Why the last one could not; null: it was written. */
  readonly problem: string | null;
}

/** Where lines go to. `write` never throws and never waits: it says why a line is lost, or null. */
interface Place {
  write(line: string): string | null;
  close(): void;
}

/** The end of every log: whatever becomes of its file or its reader, nothing else does. */
export class LogSink {
  readonly #file: string | null;
  #place: Place;
  #dropped = 0;
  #untold = 0;
  #problem: string | null = null;

  private constructor(file: string | null, place: Place) {
    this.#file = file;
    this.#place = place;
  }

  /**
   * @param file path; null: standard error
   * @throws Error if the file cannot be opened
   */
  static open(file: string | null, stderr: typeof process.stderr): LogSink {
    return new LogSink(file, file === null ? standardError(stderr) : openFile(file));
  }

  get state(): LogState {
    return { file: this.#file, dropped: this.#dropped, problem: this.#problem };
  }

  write(line: string): void {
    const told = this.#untold === 0 ? '' : lostLine(this.#untold, this.#problem);
    this.#problem = this.#place.write(told + line);
    if (this.#problem === null) {
      this.#untold = 0;
    } else {
      this.#dropped += 1;
      this.#untold += 1;
    }
  }

  /** Says that lines were lost, where that could not be said yet: whether it is had back is known before there is something to log. */
  retry(): void {
    if (this.#untold === 0) return;
    this.#problem = this.#place.write(lostLine(this.#untold, this.#problem));
    if (this.#problem === null) this.#untold = 0;
  }

  /**
   * Opens the file anew, by its name: what is there under another name now gets no more. Where that fails it goes on as before.
   *
   * @throws Error if the file cannot be opened
   */
  reopen(): void {
    if (this.#file === null) return;
    const fresh = openFile(this.#file);
    this.#place.close();
    this.#place = fresh;
  }

  close(): void {
    this.#place.close();
  }
}

function lostLine(lines: number, problem: string | null): string {
  const msg = `${lines} lines of the log before this one are lost: ${problem}`;
  return `${JSON.stringify({ level: 40, time: new Date(systemClock.wallMs()).toISOString(), pid: process.pid, msg })}\n`;
}

function openFile(path: string): Place {
  const fd = openSync(path, 'a', fileMode);
  return {
    ...descriptor(fd, (bytes) => takeOff(fd, bytes)),
    close: () => closeSync(fd),
  };
}

function takeOff(fd: number, bytes: number): boolean {
  try {
    ftruncateSync(fd, fstatSync(fd).size - bytes);
    return true;
  } catch {
    return false;
  }
}

/** A pipe or a socket may have a reader that stalls, and is written to by the stream, which waits elsewhere; a file has none. */
function standardError(stderr: typeof process.stderr): Place {
  const kind = fstatSync(stderr.fd);
  if (kind.isFile() || (kind.isCharacterDevice() && stderr.isTTY !== true)) return descriptor(stderr.fd);
  let gone: string | null = null;
  stderr.on('error', (error) => {
    gone = error.message;
  });
  return {
    write(line) {
      if (gone !== null) return gone;
      if (stderr.writableLength > maxWaitingBytes) return 'nobody reads it';
      stderr.write(line);
      return null;
    },
    close: () => {},
  };
}

/** @param takeBack takes so many bytes off the end, if it can: a line that is cut ends whoever reads the file as JSON */
function descriptor(fd: number, takeBack?: (bytes: number) => boolean): Place {
  /** A full disk has taken a part of a line: the next one must not stand behind it. */
  let torn = false;
  return {
    write(line) {
      let left = Buffer.from(torn ? `\n${line}` : line);
      const total = left.length;
      const wasTorn = torn;
      try {
        while (left.length > 0) {
          const bytes = writeSync(fd, left);
          torn = true;
          left = left.subarray(bytes);
        }
        torn = false;
        return null;
      } catch (error) {
        if (left.length < total && takeBack?.(total - left.length)) torn = wasTorn;
        return (error as Error).message;
      }
    },
    close: () => {},
  };
}
