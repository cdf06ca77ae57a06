import * as z from 'zod';
import { newKeyName, roomName, streamKeyId } from '../names.ts';
import { listedPublisher, newStreamKey, streamKey } from '../publishing.ts';
import { routes } from '../routes.ts';
import { type Call, flag } from './call.ts';

/** Up to ten years. */
const keyLifetimeMs = z.int().min(1000).max(315_360_000_000);

/** Calls about publishers and stream keys. */
export const publishingCalls = {
  listPublishers: {
    ...routes.listPublishers,
    needs: 'look',
    summary: 'Who publishes, into one room or all',
    params: z.strictObject({ room: roomName.optional() }),
    result: z.array(listedPublisher),
    errors: [],
  },
  createKey: {
    ...routes.createKey,
    needs: 'administer',
    summary: 'Make a stream key for a room; its secret is told this once',
    params: z.strictObject({
      room: roomName,
      /** Default: cam1, cam2 …, the first that is free. */
      name: newKeyName.optional(),
      /** Valid for so long, in ms; null: for ever. */
      expiresMs: keyLifetimeMs.nullable().default(null),
    }),
    result: newStreamKey,
    errors: ['KEY_EXISTS', 'STATE_UNAVAILABLE'],
  },
  listKeys: {
    ...routes.listKeys,
    needs: 'administer',
    summary: 'Stream keys, of one room or all',
    params: z.strictObject({
      room: roomName.optional(),
      /** Those too that are revoked. */
      revoked: flag,
    }),
    result: z.array(streamKey),
    errors: ['STATE_UNAVAILABLE'],
  },
  revokeKey: {
    ...routes.revokeKey,
    needs: 'administer',
    summary: 'Make a stream key void; who publishes with it is cut off',
    params: z.strictObject({ id: streamKeyId }),
    result: streamKey,
    errors: ['KEY_NOT_FOUND', 'STATE_UNAVAILABLE'],
  },
  rotateKey: {
    ...routes.rotateKey,
    needs: 'administer',
    summary: 'Give a stream key another secret; who publishes with the old one is cut off',
    params: z.strictObject({
      id: streamKeyId,
      /** Valid for so long from now on, in ms; default: as before. */
      expiresMs: keyLifetimeMs.optional(),
    }),
    result: newStreamKey,
    errors: ['KEY_NOT_FOUND', 'KEY_EXPIRED', 'STATE_UNAVAILABLE'],
  },
} as const satisfies Record<string, Call>;
