import type { LogLevel } from '../ops/log-level.ts';
import { type LogReaderOptions, readLog } from '../ops/log-reader.ts';
import type { Handlers } from './handler-table.ts';

export interface LogHandlerOptions {
  readonly reader: LogReaderOptions;
  readonly level: Pick<LogLevel, 'state' | 'set'>;
}

/** What the calls for the log do. */
export function logHandlers({ reader, level }: LogHandlerOptions) {
  return {
    logs: ({ room = null, ...asked }, { gone }) => readLog(reader, { ...asked, room }, gone),
    getLogLevel: () => level.state,
    setLogLevel: ({ level: wanted, forMs }) => level.set(wanted, forMs),
  } satisfies Partial<Handlers>;
}
