import * as z from 'zod';
import { logLevelName, logLevelState, toldOfLog } from '../log.ts';
import { roomName } from '../names.ts';
import { routes } from '../routes.ts';
import { type Call, flag, none } from './call.ts';

/** Up to a month. */
const whileMs = z.int().min(1000).max(2_592_000_000);

/** Calls about the daemon's log. */
export const logsCalls = {
  logs: {
    ...routes.logs,
    needs: 'administer',
    summary: "What the daemon's log says, line by line, and what it goes on to say",
    params: z.strictObject({
      /** Only lines of this room. */
      room: roomName.optional(),
      /** Only what matters as much, or more. */
      level: logLevelName.default('debug'),
      /** What was written in the last so many ms comes first. */
      sinceMs: z.coerce.number().int().min(0).default(3_600_000),
      /** Stay for what is written from now on. */
      follow: flag,
    }),
    result: toldOfLog,
    errors: ['LIMIT_REACHED'],
  },
  getLogLevel: {
    ...routes.getLogLevel,
    needs: 'administer',
    summary: 'How much the log says',
    params: none,
    result: logLevelState,
    errors: [],
  },
  setLogLevel: {
    ...routes.setLogLevel,
    needs: 'administer',
    summary: 'Have the log say more, or less, for a while',
    params: z.strictObject({
      /** null: what the configuration says. */
      level: logLevelName.nullable(),
      /** Back by itself after so long, in ms; null: with the next start, or when the configuration is read again. */
      forMs: whileMs.nullable().default(null),
    }),
    result: logLevelState,
    errors: [],
  },
} as const satisfies Record<string, Call>;
