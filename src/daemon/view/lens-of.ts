import type { CallInput } from '../../contract/api.ts';
import { type Caller, isAdmin, roomsOf } from '../../contract/principal.ts';
import type { Lens } from './lens.ts';

/** What somebody sees who asks so. */
export function lensOf(
  { room, detail, viewers }: Pick<CallInput<'observe'>, 'room' | 'detail' | 'viewers'>,
  caller: Caller,
): Lens {
  return {
    allowed: roomsOf(caller),
    isAdmin: isAdmin(caller),
    room: room ?? null,
    detail: detail ?? (room === undefined ? 'glance' : 'whole'),
    viewers,
  };
}
