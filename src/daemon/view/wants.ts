import type { Lens } from './lens.ts';

/** Rooms by name, or all. */
type Rooms = ReadonlySet<string> | 'all';

/** What somebody wants to see beside what is always looked at. */
export interface Wants {
  /** Programmes and playlists of these rooms. */
  readonly whole: Rooms;
  /** Each viewer of these rooms. */
  readonly viewers: Rooms;
}

export const noWants: Wants = { whole: new Set(), viewers: new Set() };

/** What all of them want together. */
export function wantsOf(lenses: readonly Lens[]): Wants {
  return {
    whole: roomsOf(lenses.filter(({ detail }) => detail === 'whole')),
    viewers: roomsOf(lenses.filter(({ viewers }) => viewers)),
  };
}

/** Whether a room is among them. */
export function wants(rooms: Rooms, room: string): boolean {
  return rooms === 'all' || rooms.has(room);
}

/** Whether there is something in it that was not wanted before. */
export function isMore(now: Wants, before: Wants): boolean {
  return exceeds(now.whole, before.whole) || exceeds(now.viewers, before.viewers);
}

function roomsOf(lenses: readonly Lens[]): Rooms {
  if (lenses.some(({ room, allowed }) => room === null && allowed === null)) return 'all';
  return new Set(lenses.flatMap(({ room, allowed }) => (room === null ? (allowed ?? []) : [room])));
}

function exceeds(now: Rooms, before: Rooms): boolean {
  if (before === 'all') return false;
  return now === 'all' || [...now].some((room) => !before.has(room));
}
