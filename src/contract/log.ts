import * as z from 'zod';
import { logLevels } from './log-levels.ts';
import { time } from './models.ts';

export const logLevelName = z.enum(logLevels);

/** One line of the log. */
export const logLine = z.strictObject({
  type: z.literal('line'),
  at: time,
  /** What ends more than itself is an error too. */
  level: logLevelName,
  message: z.string(),
  /** null: it is of none, or of several. */
  room: z.string().nullable(),
  /** What else it says. */
  fields: z.record(z.string(), z.unknown()),
});
export type LogLine = z.infer<typeof logLine>;

/** What a reader of the log is told. */
export const toldOfLog = z.discriminatedUnion('type', [
  /** First of all: where the lines come from, and since when they are there; `file` null: from memory, as the log goes to standard error, or is no JSON. */
  z.strictObject({ type: z.literal('open'), file: z.string().nullable(), from: time.nullable() }),
  logLine,
  /** The daemon cannot go on telling. */
  z.strictObject({
    type: z.literal('failed'),
    error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }),
  }),
]);
export type ToldOfLog = z.infer<typeof toldOfLog>;

/** How much the log says now. */
export const logLevelState = z.strictObject({
  level: logLevelName,
  /** What the configuration says. */
  configured: logLevelName,
  /** Until when it differs from that; null: until it is set again, or the configuration is read. */
  until: time.nullable(),
});
export type LogLevelState = z.infer<typeof logLevelState>;
