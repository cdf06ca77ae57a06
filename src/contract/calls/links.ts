import * as z from 'zod';
import { link, newLink } from '../links.ts';
import { linkId, linkName, roomName } from '../names.ts';
import { routes } from '../routes.ts';
import { type Call, flag } from './call.ts';

/** Calls about watch links: who comes into a room that is not open to everybody. */
export const linksCalls = {
  createLink: {
    ...routes.createLink,
    needs: 'operate',
    summary: 'Make a link by which somebody may watch a room; its address is told this once',
    params: z.strictObject({
      room: roomName,
      /** Whom it is for; default: nobody in particular. */
      name: linkName.nullable().default(null),
      /** Somebody may come by it for so long, in ms, up to ten years; null: until it is revoked. */
      expiresMs: z.int().min(1000).max(315_360_000_000).nullable().default(null),
      /** So many browsers may come by it; null: as many as like. */
      maxUses: z.int().min(1).max(1_000_000).nullable().default(null),
    }),
    result: newLink,
    errors: ['LIMIT_REACHED', 'STATE_UNAVAILABLE'],
  },
  listLinks: {
    ...routes.listLinks,
    needs: 'operate',
    summary: 'Watch links, without their secrets',
    /** `room`: of this one alone. `revoked`: those too that are. */
    params: z.strictObject({ room: roomName.optional(), revoked: flag }),
    result: z.array(link),
    errors: ['STATE_UNAVAILABLE'],
  },
  revokeLink: {
    ...routes.revokeLink,
    needs: 'operate',
    summary: 'Make a link void, and put out who came by it',
    params: z.strictObject({ id: linkId }),
    result: link,
    errors: ['LINK_NOT_FOUND', 'STATE_UNAVAILABLE'],
  },
} as const satisfies Record<string, Call>;
