import type { CallName, CallResult } from '../../contract/api.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { Event } from '../../contract/events.ts';
import { hiddenWord } from '../../contract/hidden-word.ts';
import type { Room, Status } from '../../contract/models.ts';
import { isAdmin, maySee, type Principal, roomsOf } from '../../contract/principal.ts';
import type { RoomHealth } from '../../contract/view/health.ts';

/** For who may not be told of other rooms. */
const idleHint = 'See what is on air: mirolive status';

/** The rooms of lists: each is about one. */
const roomOf: { readonly [N in CallName]?: (one: never) => string } = {
  listRooms: ({ name }: CallResult<'listRooms'>[number]) => name,
  listBroadcasts: ({ room }: CallResult<'listBroadcasts'>[number]) => room,
  listViewers: ({ room }: CallResult<'listViewers'>[number]) => room,
  listHands: ({ room }: CallResult<'listHands'>[number]) => room,
  listLinks: ({ room }: CallResult<'listLinks'>[number]) => room,
  listPublishers: ({ room }: CallResult<'listPublishers'>[number]) => room,
  listSchedules: ({ spec }: CallResult<'listSchedules'>[number]) => spec.room,
  nextOccurrences: ({ room }: CallResult<'nextOccurrences'>[number]) => room,
};

/** The answer to a call as somebody may see it: his rooms, and nothing of the machine for who is no admin. Pure. */
export function seenBy(caller: Principal, name: CallName, answer: unknown): unknown {
  if (isAdmin(caller)) return answer;
  if (name === 'status') return statusFor(caller, answer as Status);
  const of = roomOf[name] as ((one: unknown) => string) | undefined;
  const told = name === 'listRooms' ? roomsFor(answer as readonly Room[]) : answer;
  if (roomsOf(caller) === null || of === undefined) return told;
  return (told as readonly unknown[]).filter((one) => maySee(caller, of(one)));
}

/** Whether somebody may see an event: of those of no room, who is bound to some sees how the stream itself is. Pure. */
export function seesEvent(caller: Principal, event: Event): boolean {
  if (roomsOf(caller) === null || event.type === 'events.open' || event.type === 'daemon.stopping')
    return true;
  return 'room' in event && typeof event.room === 'string' && maySee(caller, event.room);
}

/** What went wrong as somebody may hear it: nothing of other rooms, and of where the state is for who is no admin. Pure. */
export function heardBy(caller: Principal, error: unknown): unknown {
  if (isAdmin(caller) || !(error instanceof MiroliveError)) return error;
  const { code, message } = error;
  if (code === 'STATE_UNAVAILABLE')
    return new MiroliveError(code, 'the state cannot be used for now', { cause: error });
  if (error.forAdmin)
    return new MiroliveError(code, message, {
      cause: error,
      hint: `Ask who runs this server: ${error.hint}`,
    });
  if (roomsOf(caller) === null || code !== 'ROOM_IDLE') return error;
  const [own = message, others] = message.split('; on air: ', 2);
  return others === undefined ? error : new MiroliveError(code, own, { hint: idleHint });
}

/** A path, or an address of a file, with all that follows: names have spaces. An address of a network is none. */
const path = /(?:file:\/\/|(?<![\w./:])\/(?=[^/\s])|(?<=\w:)\/(?=[^/\s]))[\s\S]*$/;

/** Why parts are missing, without the paths in it: what is where on the machine is no business of who has it not to look after. */
export function hiddenReasons<P extends { readonly reason: string }>(degraded: readonly P[]): P[] {
  return degraded.map((part) => ({ ...part, reason: hiddenPaths(part.reason) }));
}

/** How a room fares, as who has not the machine to look after may hear it. Pure. */
export function hiddenHealth({ word, reason }: RoomHealth): RoomHealth {
  return { word, reason: reason && hiddenPaths(reason) };
}

function roomsFor(rooms: readonly Room[]): readonly Room[] {
  const isTold = rooms.some(({ health }) => health);
  return isTold
    ? rooms.map((room) => (room.health ? { ...room, health: hiddenHealth(room.health) } : room))
    : rooms;
}

function hiddenPaths(reason: string): string {
  return reason.replace(path, '…');
}

/** That it cannot be used is told, and not why: that names files. Pure. */
export function hiddenState<S extends { readonly folder: string; readonly problem: string | null }>(
  state: S,
): S {
  return { ...state, folder: hiddenWord, problem: state.problem && 'it cannot be used' };
}

function statusFor(caller: Principal, status: Status): Status {
  const sees = (room: string) => maySee(caller, room);
  const bound = roomsOf(caller) !== null;
  const rooms = roomsFor(status.rooms.filter(({ name }) => sees(name)));
  const { newerBuild: _, worker: __, ...others } = status;
  const { nextRun } = status;
  return {
    ...others,
    ...{
      socket: hiddenWord,
      config: null,
      state: hiddenState(status.state),
      log: { ...status.log, file: null },
    },
    degraded: hiddenReasons(status.degraded),
    ...{ rooms: [...rooms], broadcasts: status.broadcasts.filter(({ room }) => sees(room)) },
    ...(nextRun !== undefined && { nextRun: nextRun && sees(nextRun.room) ? nextRun : null }),
    ...(bound && {
      ...{ rtmp: null, publishers: 0, degraded: [], workers: [], ingest: [] },
      viewers: rooms.reduce((sum, { viewers }) => sum + viewers, 0),
      viewersWithoutPicture: 0,
    }),
  };
}
