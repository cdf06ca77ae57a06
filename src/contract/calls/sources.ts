import * as z from 'zod';
import { devices, stdinPlace, stdinToken } from '../devices.ts';
import { source } from '../models.ts';
import { roomName } from '../names.ts';
import { plan, probe } from '../plan.ts';
import { renditions } from '../renditions.ts';
import { routes } from '../routes.ts';
import { scanLine } from '../scan.ts';
import { type Call, none, sourceErrors } from './call.ts';

/** Calls about sources. */
export const sourcesCalls = {
  listDevices: {
    ...routes.listDevices,
    needs: 'administer',
    summary: "Cameras, sound devices, X displays and windows of the daemon's machine",
    params: none,
    result: devices,
    errors: ['INGEST_UNAVAILABLE'],
  },
  openStdin: {
    ...routes.openStdin,
    needs: 'administer',
    summary: 'A Unix socket to write a container into, to be played in a room as a source of kind stdin',
    params: z.strictObject({ room: roomName }),
    result: stdinPlace,
    errors: ['LIMIT_REACHED', 'INGEST_UNAVAILABLE'],
  },
  writeStdin: {
    ...routes.writeStdin,
    needs: 'administer',
    summary: 'Write a container to where openStdin gave a socket, from elsewhere: the body, as it comes',
    params: z.strictObject({ token: stdinToken }),
    /** `bytes`: so many were taken, until the body ended, or whoever reads did. */
    result: z.strictObject({ bytes: z.int() }),
    errors: ['SOURCE_NOT_FOUND'],
  },
  probe: {
    ...routes.probe,
    needs: 'operate',
    summary: 'What is in a source, and how it would be played',
    params: z.strictObject({ source, renditions: renditions.optional() }),
    /** `live`: it comes at its own pace, and is connected to again at its end. */
    result: z.strictObject({ probe, plan, live: z.boolean(), picture: z.literal(true).optional() }),
    errors: [...sourceErrors, 'FFMPEG_NOT_FOUND'],
  },
  scan: {
    ...routes.scan,
    needs: 'operate',
    summary: 'Read all of a file, and say what viewers would complain of',
    params: z.strictObject({ path: z.string(), audioTrack: z.int().min(0).nullable().default(null) }),
    /** Each half second how far it is, then what was found; ends with its caller. */
    result: scanLine,
    errors: [...sourceErrors, 'FFMPEG_NOT_FOUND', 'LIMIT_REACHED'],
  },
} as const satisfies Record<string, Call>;
