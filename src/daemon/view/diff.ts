import { isDeepStrictEqual } from 'node:util';
import type { View } from '../../contract/view/view.ts';
import type { ViewChanges } from '../../contract/view/view-line.ts';

type Table<T> = Readonly<Record<string, T>>;

/** What makes of one view the other, by `reduce`; null: they are the same. What is the same object costs nothing. Pure. */
export function diff(before: View, after: View): ViewChanges | null {
  const changes = {
    daemon: pieces(before.daemon, after.daemon),
    machine: pieces(before.machine, after.machine),
    processes: table(before.processes, after.processes),
    rooms: table(before.rooms, after.rooms),
    viewers: tables(before.viewers, after.viewers),
  };
  const told = Object.entries(changes).filter(([, change]) => change !== null);
  return told.length === 0 ? null : (Object.fromEntries(told) as ViewChanges);
}

/** The pieces that differ; null: none does. One that there is no more cannot be told. */
function pieces<T extends object>(before: T, after: T): Partial<T> | null {
  if (before === after) return null;
  const known = before as Readonly<Record<string, unknown>>;
  const told = Object.entries(after).filter(([key, value]) => !isSame(known[key], value));
  return told.length === 0 ? null : (Object.fromEntries(told) as Partial<T>);
}

/** One that has lost a piece is told as a whole, as is a new one. */
function change<T extends object>(before: T | undefined, after: T): Partial<T> | null {
  if (before === undefined || Object.keys(before).some((key) => !(key in after))) return after;
  return pieces(before, after);
}

function table<T extends object>(
  before: Table<T>,
  after: Table<T>,
): Record<string, Partial<T> | null> | null {
  if (before === after) return null;
  const gone = Object.keys(before).filter((id) => !Object.hasOwn(after, id));
  const told = Object.entries(after).flatMap(([id, one]) => {
    const changed = change(Object.hasOwn(before, id) ? before[id] : undefined, one);
    return changed === null ? [] : [[id, changed] as const];
  });
  if (gone.length === 0 && told.length === 0) return null;
  return Object.fromEntries<Partial<T> | null>([...gone.map((id) => [id, null] as const), ...told]);
}

function tables<T extends object>(before: Table<Table<T>>, after: Table<Table<T>>) {
  if (before === after) return null;
  const rooms = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const told = rooms.flatMap((room) => {
    const of = (all: Table<Table<T>>) => (Object.hasOwn(all, room) && all[room]) || {};
    const changed = table(of(before), of(after));
    return changed === null ? [] : [[room, changed] as const];
  });
  return told.length === 0 ? null : Object.fromEntries(told);
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || isDeepStrictEqual(one, other);
}
