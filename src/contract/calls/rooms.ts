import * as z from 'zod';
import { room } from '../models.ts';
import { roomName } from '../names.ts';
import { changedKey } from '../reloaded.ts';
import { roomDetails } from '../room-details.ts';
import { routes } from '../routes.ts';
import { still } from '../still.ts';
import { type Call, flag, none } from './call.ts';

/** Calls about rooms. */
export const roomsCalls = {
  listRooms: {
    ...routes.listRooms,
    needs: 'look',
    summary: 'Rooms that were made, or told how to be, or have a broadcast or viewers',
    params: none,
    result: z.array(room),
    errors: [],
  },
  getRoom: {
    ...routes.getRoom,
    needs: 'administer',
    summary: 'What holds in a room, key by key: what is set, by whom, and what the configuration says there',
    params: z.strictObject({ room: roomName }),
    result: roomDetails,
    errors: ['STATE_UNAVAILABLE'],
  },
  getStill: {
    ...routes.getStill,
    needs: 'look',
    summary: 'A still of what viewers see in a room, as a JPEG image; another one is made every few seconds',
    params: z.strictObject({ room: roomName }),
    result: still,
    errors: ['ROOM_IDLE', 'NO_POSTER'],
  },
  setRoom: {
    ...routes.setRoom,
    needs: 'administer',
    summary:
      'Set keys of a room over what the configuration says, or set them no more; answers with those that changed, and from when on they hold',
    params: z.strictObject({
      room: roomName,
      /** By their keys, such as `hold` or `slate.text`, in the words of the configuration; null: nothing is to be set any more. */
      set: z.record(z.string(), z.unknown()).nullable().default({}),
      /** Keys, or whole sections of them, for which the configuration is to hold again. */
      unset: z.array(z.string()).default([]),
    }),
    result: z.array(changedKey),
    errors: ['STATE_UNAVAILABLE', 'STATE_LOST'],
  },
  createRoom: {
    ...routes.createRoom,
    needs: 'administer',
    summary:
      'Make a room, which is there from now on whether anybody is in it or not, and say how it is to be',
    params: z.strictObject({
      room: roomName,
      /** By their keys, as `setRoom` takes them. */
      set: z.record(z.string(), z.unknown()).default({}),
    }),
    result: room,
    errors: ['ROOM_EXISTS', 'STATE_UNAVAILABLE', 'STATE_LOST'],
  },
  deleteRoom: {
    ...routes.deleteRoom,
    needs: 'administer',
    summary:
      'Delete a room that was made, with all that was set of it; what has happened there stays known. Refused while something is on air there, or leads there',
    params: z.strictObject({
      room: roomName,
      /** Its stream keys and watch links are revoked with it. */
      revoke: flag,
    }),
    result: z.strictObject({
      room: roomName,
      /** How many stream keys were revoked. */
      keys: z.int(),
      /** How many watch links were. */
      links: z.int(),
      /** How many viewers still wait at its address. */
      viewers: z.int(),
    }),
    errors: ['ROOM_NOT_FOUND', 'ROOM_IN_FILE', 'ROOM_IN_USE', 'STATE_UNAVAILABLE'],
  },
} as const satisfies Record<string, Call>;
