import * as z from 'zod';
import { viewer } from '../models.ts';
import { roomName } from '../names.ts';
import { routes } from '../routes.ts';
import type { Call } from './call.ts';

/** Calls about viewers. */
export const viewersCalls = {
  listViewers: {
    ...routes.listViewers,
    needs: 'look',
    summary: 'Viewers, of one room or of all',
    params: z.strictObject({ room: roomName.optional() }),
    result: z.array(viewer),
    errors: [],
  },
} as const satisfies Record<string, Call>;
