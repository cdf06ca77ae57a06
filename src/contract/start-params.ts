import * as z from 'zod';
import { source } from './models.ts';
import { roomName } from './names.ts';
import { renditions } from './renditions.ts';

/** What puts a source on air. */
export const startParams = z.strictObject({
  room: roomName,
  name: z.string().min(1).max(200).optional(),
  source,
  /** Qualities of the picture; default `plan.renditions` of the configuration. */
  renditions: renditions.optional(),
  /** It goes on after a restart of the daemon, until it is stopped or over. */
  keep: z.boolean().default(false),
  /** Whether to answer only when it can be seen. */
  wait: z.boolean().default(true),
});
