import * as z from 'zod';
import { tokenId, tokenName } from './names.ts';
import { type Rights, rights, type TokenRole, tokenRoles } from './rights.ts';
import type { RunEntry } from './snapshot.ts';

/** What a call needs: to see how things are; to change what goes out; to change who may do so, and how the daemon runs. */
export const needs = ['look', 'operate', 'administer'] as const;
export type Needs = (typeof needs)[number];

/** Somebody who may use the control socket. */
export const socketPrincipal = z.strictObject({
  kind: z.literal('socket'),
  /** The user of the process at its other end; null: not known. */
  user: z.string().nullable(),
});
/** The daemon itself. */
export const daemonPrincipal = z.strictObject({ kind: z.literal('daemon') });

/** The bearer of a token. */
export const tokenPrincipal = z.strictObject({
  kind: z.literal('token'),
  id: tokenId,
  name: tokenName,
  ...rights.shape,
});
export type TokenPrincipal = z.infer<typeof tokenPrincipal>;

/** Whose rights a schedule has. */
const maker = z.discriminatedUnion('kind', [socketPrincipal, daemonPrincipal, tokenPrincipal]);

/** Who calls. */
export const principal = z.discriminatedUnion('kind', [
  ...maker.options,
  /** A schedule, with the rights of who made it, as far as they are about what goes out. */
  z.strictObject({ kind: z.literal('schedule'), name: z.string(), maker }),
]);
export type Principal = z.infer<typeof principal>;

/** Who calls now. With `entry`, which the daemon alone can give, a `take` or `release` puts or removes that run, and is no person's. */
export type Caller = Principal & { readonly entry?: RunEntry };

/** Who that is, whatever he calls for. */
export function principalOf(caller: Caller): Principal {
  const { entry: _, ...principal } = caller;
  return principal as Principal;
}

/** What each role may. */
const may: Readonly<Record<TokenRole, readonly Needs[]>> = {
  read: ['look'],
  operator: ['look', 'operate'],
  admin: needs,
};

/** Whether the rights of somebody are enough. The clock is nobody who may change keys or settings, nor is who is bound to rooms. */
export function mayCall(caller: Principal, needed: Needs): boolean {
  switch (caller.kind) {
    case 'socket':
    case 'daemon':
      return true;
    case 'token':
      return may[caller.role].includes(needed) && (caller.rooms === null || needed !== 'administer');
    case 'schedule':
      return needed !== 'administer' && mayCall(caller.maker, needed);
  }
}

/** What somebody may: who is bound to rooms is at most an operator there. */
export function rightsOf(caller: Principal): Rights {
  const role = tokenRoles.findLast((one) => may[one].every((needed) => mayCall(caller, needed))) ?? 'read';
  return { role, rooms: roomsOf(caller)?.slice() ?? null };
}

/** Whether what the machine has is his too: all its files, devices and networks. A schedule has what its maker has. */
export function isAdmin(caller: Principal): boolean {
  return caller.kind === 'schedule' ? isAdmin(caller.maker) : mayCall(caller, 'administer');
}

/** Whether somebody may see a room, and act in it as far as he may act. */
export function maySee(caller: Principal, room: string): boolean {
  return roomsOf(caller)?.includes(room) ?? true;
}

/** The rooms that somebody is bound to; null: to none. */
export function roomsOf(caller: Principal): readonly string[] | null {
  if (caller.kind === 'schedule') return roomsOf(caller.maker);
  return caller.kind === 'token' ? caller.rooms : null;
}

/** The token with which somebody came, or what acts for him was made; null: none. */
export function tokenOf(caller: Principal): string | null {
  if (caller.kind === 'schedule') return tokenOf(caller.maker);
  return caller.kind === 'token' ? caller.id : null;
}
