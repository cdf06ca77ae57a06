import type { CallName, CallResult } from '../../contract/api.ts';
import type { Event } from '../../contract/events.ts';
import type { Status } from '../../contract/models.ts';
import { isAdmin, maySee, type Principal, roomsOf } from '../../contract/principal.ts';

/** What stands for what is no business of who asks. */
const hidden = '-';

/** The rooms of lists: each is about one. */
const roomOf: { readonly [N in CallName]?: (one: never) => string } = {
  listRooms: ({ name }: CallResult<'listRooms'>[number]) => name,
  listBroadcasts: ({ room }: CallResult<'listBroadcasts'>[number]) => room,
  listViewers: ({ room }: CallResult<'listViewers'>[number]) => room,
  listPublishers: ({ room }: CallResult<'listPublishers'>[number]) => room,
  listSchedules: ({ spec }: CallResult<'listSchedules'>[number]) => spec.room,
  nextOccurrences: ({ room }: CallResult<'nextOccurrences'>[number]) => room,
};

/** The answer to a call as somebody may see it: his rooms, and nothing of the machine for who is no admin. Pure. */
export function seenBy(caller: Principal, name: CallName, answer: unknown): unknown {
  if (isAdmin(caller)) return answer;
  if (name === 'status') return statusFor(caller, answer as Status);
  const of = roomOf[name] as ((one: unknown) => string) | undefined;
  if (roomsOf(caller) === null || of === undefined) return answer;
  return (answer as readonly unknown[]).filter((one) => maySee(caller, of(one)));
}

/** Whether somebody may see an event: of those of no room, who is bound to some sees how the stream itself is. Pure. */
export function seesEvent(caller: Principal, event: Event): boolean {
  if (roomsOf(caller) === null || event.type === 'events.open' || event.type === 'daemon.stopping')
    return true;
  return 'room' in event && typeof event.room === 'string' && maySee(caller, event.room);
}

function statusFor(caller: Principal, status: Status): Status {
  const sees = (room: string) => maySee(caller, room);
  const bound = roomsOf(caller) !== null;
  const rooms = status.rooms.filter(({ name }) => sees(name));
  const { newerBuild: _, worker: __, ...others } = status;
  const { nextRun } = status;
  return {
    ...others,
    ...{ socket: hidden, state: { ...status.state, folder: hidden }, log: { ...status.log, file: null } },
    ...{ rooms, broadcasts: status.broadcasts.filter(({ room }) => sees(room)) },
    ...(nextRun !== undefined && { nextRun: nextRun && sees(nextRun.room) ? nextRun : null }),
    ...(bound && {
      ...{ rtmp: null, publishers: 0, degraded: [], workers: [], ingest: [] },
      viewers: rooms.reduce((sum, { viewers }) => sum + viewers, 0),
      viewersWithoutPicture: 0,
    }),
  };
}
