import * as z from 'zod';
import { tokenId, tokenName } from '../names.ts';
import { tokenRoles, tokenRooms } from '../rights.ts';
import { routes } from '../routes.ts';
import { newToken, token } from '../tokens.ts';
import { type Call, flag } from './call.ts';

/** Calls about tokens: who may use the control API from elsewhere. */
export const tokensCalls = {
  createToken: {
    ...routes.createToken,
    needs: 'administer',
    summary: 'Make a token for somebody who uses this API from elsewhere; its secret is told this once',
    params: z
      .strictObject({
        /** What its bearer is called; default: its role with a number, the first that is free. */
        name: tokenName.optional(),
        role: z.enum(tokenRoles),
        /** The only rooms that its bearer sees and acts in; null: all. Not for an admin. */
        rooms: tokenRooms.default(null),
        /** Valid for so long, in ms, up to ten years; null: for ever. */
        expiresMs: z.int().min(1000).max(315_360_000_000).nullable().default(null),
      })
      .refine(({ role, rooms }) => role !== 'admin' || rooms === null, {
        path: ['rooms'],
        message: 'expected no rooms for an admin, whose rights are about all',
      }),
    result: newToken,
    errors: ['TOKEN_EXISTS', 'LIMIT_REACHED', 'STATE_UNAVAILABLE'],
  },
  listTokens: {
    ...routes.listTokens,
    needs: 'administer',
    summary: 'Tokens, without their secrets',
    /** `revoked`: those too that are. */
    params: z.strictObject({ revoked: flag }),
    result: z.array(token),
    errors: ['STATE_UNAVAILABLE'],
  },
  revokeToken: {
    ...routes.revokeToken,
    needs: 'administer',
    summary: 'Make a token void; what its bearer has open ends at once',
    params: z.strictObject({ id: tokenId }),
    result: token,
    errors: ['TOKEN_NOT_FOUND', 'STATE_UNAVAILABLE'],
  },
} as const satisfies Record<string, Call>;
