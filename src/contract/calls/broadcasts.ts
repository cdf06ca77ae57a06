import * as z from 'zod';
import { control } from '../control.ts';
import { broadcast } from '../models.ts';
import { broadcastId, roomName } from '../names.ts';
import { programmeState } from '../programme-state.ts';
import { routes } from '../routes.ts';
import { startParams } from '../start-params.ts';
import { type Call, flag, sourceErrors } from './call.ts';

/** Whether to answer only when it can be seen. */
const wait = z.boolean().default(true);

/** Calls about what is on air. */
export const broadcastsCalls = {
  listBroadcasts: {
    ...routes.listBroadcasts,
    needs: 'look',
    summary: 'Broadcasts that are on air',
    params: z.strictObject({ room: roomName.optional() }),
    result: z.array(broadcast),
    errors: [],
  },
  getBroadcast: {
    ...routes.getBroadcast,
    needs: 'look',
    summary: 'One broadcast',
    params: z.strictObject({ id: broadcastId }),
    result: broadcast,
    errors: ['BROADCAST_NOT_FOUND'],
  },
  startBroadcast: {
    ...routes.startBroadcast,
    needs: 'operate',
    summary:
      'Put a source on air; answers when its first pictures have been sent, or without `wait` when the room is its own',
    params: startParams,
    result: broadcast,
    errors: [
      'ROOM_BUSY',
      'SUPERSEDED',
      'NO_WORKER',
      'NOT_ON_AIR_YET',
      ...sourceErrors,
      'PIPELINE_FAILED',
      'FFMPEG_NOT_FOUND',
      'LIMIT_REACHED',
      'SHUTTING_DOWN',
    ],
  },
  stopBroadcast: {
    ...routes.stopBroadcast,
    needs: 'operate',
    summary: 'Take a broadcast off air',
    params: z.strictObject({ id: broadcastId }),
    result: broadcast,
    errors: ['BROADCAST_NOT_FOUND', 'ROOM_IDLE'],
  },
  stopRoom: {
    ...routes.stopRoom,
    needs: 'operate',
    summary: 'Take off air what is on air in a room',
    params: z.strictObject({ room: roomName }),
    result: broadcast,
    errors: ['ROOM_IDLE', 'STATE_UNAVAILABLE'],
  },
  keepBroadcast: {
    ...routes.keepBroadcast,
    needs: 'operate',
    summary: 'Say whether what is on air in a room goes on after a restart of the daemon',
    params: z.strictObject({ room: roomName, on: z.boolean() }),
    result: broadcast,
    errors: ['ROOM_IDLE', 'STATE_UNAVAILABLE'],
  },
  getProgramme: {
    ...routes.getProgramme,
    needs: 'look',
    summary: 'What is on air in a room, what could be, and its playlist',
    params: z.strictObject({
      room: roomName,
      /** All items of a long playlist; else those around what plays. */
      all: flag,
    }),
    result: programmeState,
    errors: ['ROOM_IDLE', 'STATE_UNAVAILABLE'],
  },
  control: {
    ...routes.control,
    needs: 'operate',
    summary:
      'Change what is on air: playlist, pause, seek, take, slate, volume; answers when it is wanted, and with `wait` when what was taken, or the programme, is on air',
    params: z.strictObject({ room: roomName, command: control, wait }),
    result: programmeState,
    errors: [
      'ROOM_IDLE',
      'STATE_UNAVAILABLE',
      'SUPERSEDED',
      'NOT_ON_AIR_YET',
      'NOT_SEEKABLE',
      'NO_PLAYLIST',
      'PLAYLIST_ITEM_NOT_FOUND',
      'PUBLISHER_NOT_FOUND',
      ...sourceErrors,
      'PIPELINE_FAILED',
      'FFMPEG_NOT_FOUND',
      'LIMIT_REACHED',
    ],
  },
} as const satisfies Record<string, Call>;
