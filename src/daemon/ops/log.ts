import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from '../../contract/config.ts';

/** Logs go to standard error: pretty on a terminal, one JSON object per line otherwise. */
export function createLog(config: Config['log'], terminal: boolean, colors: boolean): Logger {
  const isPretty = config.format === 'pretty' || (config.format === 'auto' && terminal);
  const options = {
    level: config.level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  if (!isPretty) return pino(options, pino.destination({ dest: 2, sync: true }));
  const stream = pretty({
    destination: 2,
    sync: true,
    colorize: colors,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname',
  });
  return pino(options, stream);
}
