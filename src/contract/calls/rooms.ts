import * as z from 'zod';
import { room } from '../models.ts';
import { roomName } from '../names.ts';
import { changedKey } from '../reloaded.ts';
import { roomDetails } from '../room-details.ts';
import { routes } from '../routes.ts';
import { still } from '../still.ts';
import { type Call, none } from './call.ts';

/** Calls about rooms. */
export const roomsCalls = {
  listRooms: {
    ...routes.listRooms,
    needs: 'look',
    summary: 'Rooms that have a broadcast or viewers',
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
} as const satisfies Record<string, Call>;
