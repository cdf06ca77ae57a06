import type { LogLine } from '../../contract/log.ts';
import { type LogLevelName, logLevels } from '../../contract/log-levels.ts';

/** A line of the log as it is told; null: it is none, such as one that was cut. */
export function readLogLine(text: string): LogLine | null {
  const { level, time, msg, pid: _, room = null, ...fields } = parsed(text);
  const atMs = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  if (typeof level !== 'number' || Number.isNaN(atMs)) return null;
  return {
    type: 'line',
    at: new Date(atMs).toISOString(),
    level: levelName(level),
    message: typeof msg === 'string' ? msg : '',
    room: typeof room === 'string' ? room : null,
    fields,
  };
}

/** Whether a line matters as much, or more. */
export function isAtLeast(line: LogLine, level: LogLevelName): boolean {
  return logLevels.indexOf(line.level) <= logLevels.indexOf(level);
}

/** As pino counts: 20 is debug, 60 fatal. */
function levelName(level: number): LogLevelName {
  if (level >= 50) return 'error';
  if (level >= 40) return 'warn';
  return level >= 30 ? 'info' : 'debug';
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
