import * as z from 'zod';
import { roomEntry } from './models.ts';
import { roomName } from './names.ts';

/** A setting of a room, in the words of the configuration file. */
const roomSetting = z.strictObject({
  /** Such as `hold` or `slate.text`. */
  key: z.string(),
  /** What holds. */
  value: z.unknown(),
  /** Where it comes from. */
  from: z.enum(['default', 'file', 'set']),
  /** What the configuration file says, where something else was set. */
  file: z.unknown().optional(),
  /** Who set it, where that is known: a user, or the name of the file that was applied. */
  by: z.string().optional(),
  /** When it was set, as far as that is known. */
  at: z.iso.datetime().optional(),
});

/** What holds in a room, key by key, and how it is. */
export const roomDetails = z.strictObject({
  name: roomName,
  /** Whether the configuration file has it. */
  inFile: z.boolean(),
  /** Whether somebody made it by a command. A daemon that was started before an upgrade does not tell. */
  made: z.boolean().optional(),
  /** The name of the file that was applied, and declares it; null: none does. */
  appliedBy: z.string().nullable(),
  entry: roomEntry,
  state: z.enum(['idle', 'live']),
  viewers: z.int(),
  watchUrl: z.string(),
  settings: z.array(roomSetting),
  /** What was set and does not hold, since it is wrong. */
  problems: z.array(z.strictObject({ key: z.string(), message: z.string() })),
});
export type RoomDetails = z.infer<typeof roomDetails>;
