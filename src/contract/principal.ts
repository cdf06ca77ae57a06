import * as z from 'zod';
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

/** Who calls. */
export const principal = z.discriminatedUnion('kind', [
  socketPrincipal,
  daemonPrincipal,
  /** A schedule, with the rights of who made it, as far as they are about what goes out. */
  z.strictObject({
    kind: z.literal('schedule'),
    name: z.string(),
    maker: z.discriminatedUnion('kind', [socketPrincipal, daemonPrincipal]),
  }),
]);
export type Principal = z.infer<typeof principal>;

/** Who calls now. With `entry`, which the daemon alone can give, a `take` or `release` puts or removes that run, and is no person's. */
export type Caller = Principal & { readonly entry?: RunEntry };

/** Who that is, whatever he calls for. */
export function principalOf(caller: Caller): Principal {
  const { entry: _, ...principal } = caller;
  return principal as Principal;
}

/** Whether the rights of somebody are enough. The clock is nobody who may change keys or settings. */
export function mayCall(caller: Principal, needed: Needs): boolean {
  switch (caller.kind) {
    case 'socket':
    case 'daemon':
      return true;
    case 'schedule':
      return needed !== 'administer' && mayCall(caller.maker, needed);
  }
}
