import * as z from 'zod';
import { source } from './models.ts';
import { broadcastId, roomName } from './names.ts';
import { renditions } from './renditions.ts';
import { startPlace } from './start-place.ts';

/** What puts a source on air. */
export const startParams = z.strictObject({
  room: roomName,
  name: z.string().min(1).max(200).optional(),
  source,
  /** Qualities of the picture; default `plan.renditions` of the configuration. */
  renditions: renditions.optional(),
  /** Its id, which whoever asks has made up; default: the daemon does. */
  id: broadcastId.optional(),
  /** Where it begins; default: at its beginning. */
  place: startPlace.optional(),
  /** The broadcast that it comes in the place of, where that is on air: viewers see that until this one can be seen. */
  replaces: broadcastId.optional(),
  /** It goes on after a restart of the daemon, until it is stopped or over. */
  keep: z.boolean().default(false),
  /** Whether to answer only when it can be seen. */
  wait: z.boolean().default(true),
});
