import { hiddenWord } from '../../contract/hidden-word.ts';
import type { View, ViewedDaemon, ViewedMachine, ViewedProcess } from '../../contract/view/view.ts';
import type { ViewChanges, ViewDetail } from '../../contract/view/view-line.ts';
import type { ViewedRoom } from '../../contract/view/viewed-room.ts';
import { hiddenHealth, hiddenReasons, hiddenState } from '../access/seen.ts';

/** What of the view somebody sees. */
export interface Lens {
  /** Who looks may see only these; null: all. */
  readonly allowed: readonly string[] | null;
  /** He runs this machine too: its folders, files and programs are his business. */
  readonly isAdmin: boolean;
  /** He asked for this one alone; null: for all. */
  readonly room: string | null;
  readonly detail: ViewDetail;
  readonly viewers: boolean;
}

/** Those with the same key see the same. */
export const lensKey = ({ allowed, isAdmin, room, detail, viewers }: Lens): string =>
  JSON.stringify([allowed, isAdmin, room, detail, viewers]);

/** Whether a room is seen. */
export function sees({ allowed, room }: Pick<Lens, 'allowed' | 'room'>, name: string): boolean {
  return (room === null || room === name) && (allowed === null || allowed.includes(name));
}

/** The view as it is seen: as what has changed of one with nothing in it. Pure. */
export function through(lens: Lens, view: View): View {
  return { ...view, rooms: {}, viewers: {}, ...(changesThrough(lens, view) as Partial<View>) };
}

/** What has changed, as it is seen; null: nothing that is. The one place where rooms are left out; pure. */
export function changesThrough(lens: Lens, changes: ViewChanges): ViewChanges | null {
  const { daemon, machine, processes, rooms, viewers } = changes;
  const seen = {
    daemon: daemon && daemonThrough(lens, daemon),
    machine: machine && machineThrough(lens, machine),
    processes: processes && processesThrough(lens, processes),
    rooms: rooms && roomsThrough(lens, rooms),
    viewers: viewers && viewersThrough(lens, viewers),
  };
  const told = Object.entries(seen).filter(([, change]) => change !== undefined);
  return told.length === 0 ? null : (Object.fromEntries(told) as ViewChanges);
}

type RoomChanges = NonNullable<ViewChanges['rooms']>;

function roomsThrough(lens: Lens, rooms: RoomChanges): RoomChanges | undefined {
  const told = Object.entries(rooms).flatMap(([name, room]) => {
    if (!sees(lens, name)) return [];
    const seen = room && roomThrough(lens, room);
    return seen === null || Object.keys(seen).length > 0 ? [[name, seen] as const] : [];
  });
  return told.length === 0 ? undefined : Object.fromEntries(told);
}

function roomThrough({ detail, isAdmin }: Lens, all: Partial<ViewedRoom>): Partial<ViewedRoom> {
  const room = all.health && !isAdmin ? { ...all, health: hiddenHealth(all.health) } : all;
  if (detail === 'whole') return room;
  const { programme: _, playlist: __, ...rest } = room;
  return 'name' in room ? { ...rest, programme: null, playlist: null } : rest;
}

function viewersThrough(lens: Lens, viewers: NonNullable<ViewChanges['viewers']>) {
  if (!lens.viewers) return undefined;
  const told = Object.entries(viewers).filter(([name]) => sees(lens, name));
  return told.length === 0 ? undefined : Object.fromEntries(told);
}

/** Who may see some rooms only is not told of others, and who does not run the machine of nothing of it, as in a status. */
function daemonThrough({ allowed, isAdmin }: Lens, daemon: Partial<ViewedDaemon>): Partial<ViewedDaemon> {
  if (isAdmin) return daemon;
  const { socket, config, state, log, worker, nextRun } = daemon;
  const isBound = allowed !== null;
  return {
    ...daemon,
    ...(socket !== undefined && { socket: hiddenWord }),
    ...(config !== undefined && { config: null }),
    ...(state && { state: hiddenState(state) }),
    ...(log && { log: { ...log, file: null } }),
    ...(worker && { worker: { ...worker, path: hiddenWord } }),
    ...(isBound && daemon.rtmp && { rtmp: null }),
    ...(daemon.degraded && { degraded: isBound ? [] : hiddenReasons(daemon.degraded) }),
    ...(isBound && nextRun && { nextRun: allowed.includes(nextRun.room) ? nextRun : null }),
  };
}

function machineThrough({ isAdmin }: Lens, machine: Partial<ViewedMachine>): Partial<ViewedMachine> {
  if (isAdmin || machine.disks === undefined) return machine;
  return { ...machine, disks: machine.disks.map((disk) => ({ ...disk, path: hiddenWord })) };
}

function processesThrough({ allowed }: Lens, processes: NonNullable<ViewChanges['processes']>) {
  if (allowed === null) return processes;
  const of = (one: Partial<ViewedProcess> | null) =>
    one?.rooms ? { ...one, rooms: one.rooms.filter((room) => allowed.includes(room)) } : one;
  return Object.fromEntries(Object.entries(processes).map(([pid, one]) => [pid, of(one)]));
}
