import { statSync } from 'node:fs';
import type { Clock } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { LogLine, ToldOfLog } from '../../contract/log.ts';
import type { LogLevelName } from '../../contract/log-levels.ts';
import { logFileLines } from './log-file-lines.ts';
import { isAtLeast, readLogLine } from './log-line.ts';
import type { LogMemory } from './log-memory.ts';

/** Lines that wait for a reader who is slow, in characters; one who is further behind is told no more. */
const maxWaiting = 4 * 1024 * 1024;

export interface LogReaderOptions {
  readonly memory: LogMemory;
  /** Path of the log where it is a file of JSON; null: what is in memory is all that can be told. */
  readonly file: string | null;
  readonly clock: Clock;
}

/** What somebody wants to read of the log. */
export interface LogAsked {
  /** What was written in the last so many ms. */
  readonly sinceMs: number;
  readonly level: LogLevelName;
  readonly room: string | null;
  readonly follow: boolean;
}

/** Tells what the log says, and what it goes on to say. */
export async function* readLog(
  { memory, file, clock }: LogReaderOptions,
  { sinceMs, level, room, follow }: LogAsked,
  gone: AbortSignal,
): AsyncGenerator<ToldOfLog> {
  const sinceWallMs = clock.wallMs() - sinceMs;
  const waiting: string[] = [];
  let waitingLength = 0;
  let wake = () => {};
  // In the same moment: what is written from now on is told by who listens.
  const before = memory.lines;
  const endBytes = file === null ? 0 : (statSync(file, { throwIfNoEntry: false })?.size ?? 0);
  const stop = memory.listen((line) => {
    // Who is too far behind is told so, once he reads on.
    if (!follow || waitingLength > maxWaiting || asked(line) === null) return;
    waiting.push(line);
    waitingLength += line.length;
    wake();
  });
  gone.addEventListener('abort', () => wake(), { once: true });
  const asked = (text: string): LogLine | null => {
    const line = readLogLine(text);
    return line && isAtLeast(line, level) && (room === null || line.room === room) ? line : null;
  };
  const isBefore = (text: string) => Date.parse(readLogLine(text)?.at ?? '') < sinceWallMs;
  try {
    const first = before.map((line) => readLogLine(line)?.at).find((at) => at !== undefined) ?? null;
    yield { type: 'open', file, from: file === null ? first : null };
    if (sinceMs > 0) {
      const past =
        file === null ? before.filter((line) => !isBefore(line)) : logFileLines(file, endBytes, isBefore);
      for await (const text of past) {
        if (gone.aborted) return;
        const line = asked(text);
        if (line) yield line;
      }
    }
    while (follow && !gone.aborted) {
      if (waitingLength > maxWaiting)
        throw new MiroliveError('LIMIT_REACHED', 'this reader of the log reads too slowly', {
          hint: 'Ask for less: --level warn, --room ROOM',
        });
      const text = waiting.shift();
      if (text === undefined) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
        continue;
      }
      waitingLength -= text.length;
      const line = asked(text);
      if (line) yield line;
    }
  } finally {
    stop();
  }
}
