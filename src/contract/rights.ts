import * as z from 'zod';
import { roomName } from './names.ts';

/** What the bearer of a token may: look; look and operate; all. */
export const tokenRoles = ['read', 'operator', 'admin'] as const;
export type TokenRole = (typeof tokenRoles)[number];
/** The rooms that a token is bound to; null: it is bound to none. */
export const tokenRooms = z.array(roomName).min(1).max(100).nullable();

/** What whoever calls may, as he is told it. */
export const rights = z.strictObject({ role: z.enum(tokenRoles), rooms: tokenRooms });
export type Rights = z.infer<typeof rights>;
