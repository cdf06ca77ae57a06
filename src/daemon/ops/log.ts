import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import pino, { type Logger } from 'pino';
import type { Config } from '../../contract/config.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { quoted } from '../../contract/quoted.ts';
import { folderHint } from '../folder-hint.ts';
import { LogMemory } from './log-memory.ts';
import { logLineWithoutAddresses } from './log-privacy.ts';
import { LogSink } from './log-sink.ts';

/** The log of a daemon, and the end of it. */
export interface DaemonLog {
  readonly log: Logger;
  readonly sink: LogSink;
  /** The newest lines. */
  readonly lines: LogMemory;
}

/**
 * Logs go to `log.file`, else to standard error: pretty on a terminal, one JSON object per line otherwise.
 *
 * @param keepAddressesMs for how long addresses are kept; it may change. A pretty file does not tell how old its lines are: it has none
 * @throws MiroliveError INVALID_CONFIG
 */
export async function createLog(
  { file, format, level }: Config['log'],
  stderr: typeof process.stderr,
  colors: boolean,
  keepAddressesMs: () => number = () => Infinity,
): Promise<DaemonLog> {
  const sink = openSink(file, stderr);
  const options = { level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime };
  const isPretty = format === 'pretty' || (format === 'auto' && file === null && stderr.isTTY === true);
  const lines = new LogMemory();
  const isForEver = file !== null && isPretty;
  const to = (write: (line: string) => void) => ({
    write(said: string) {
      const line = isForEver || keepAddressesMs() === 0 ? logLineWithoutAddresses(said) : said;
      lines.note(line);
      write(line);
    },
  });
  if (!isPretty)
    return {
      log: pino(
        options,
        to((line) => sink.write(line)),
      ),
      sink,
      lines,
    };
  const { prettyFactory } = await import('pino-pretty');
  const prettify = prettyFactory({
    colorize: colors && file === null && stderr.isTTY === true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname',
  });
  return {
    log: pino(
      options,
      to((line) => sink.write(prettify(line))),
    ),
    sink,
    lines,
  };
}

function hintFor(file: string): string {
  return existsSync(file)
    ? `Let the daemon's user write to it: ls -l ${quoted(file)}`
    : folderHint(dirname(file));
}

function openSink(file: string | null, stderr: typeof process.stderr): LogSink {
  try {
    return LogSink.open(file, stderr);
  } catch (cause) {
    throw new MiroliveError('INVALID_CONFIG', `log.file cannot be written: ${(cause as Error).message}`, {
      cause,
      hint: hintFor(file ?? ''),
    });
  }
}
