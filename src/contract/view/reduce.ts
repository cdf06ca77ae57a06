import type { View } from './view.ts';
import type { ViewChanges, ViewLine } from './view-line.ts';

/** Things by their ids, and what becomes of them. */
type Table<T> = Readonly<Record<string, T>>;
type TableChanges<T> = Readonly<Record<string, Partial<T> | null>>;

/** What is seen after a line of `observe`; null: nothing yet. Pure, and takes every line. */
export function reduceLine(view: View | null, line: ViewLine): View | null {
  switch (line.type) {
    case 'snapshot':
      return line.view;
    case 'resumed':
      return view;
    case 'change':
      return view && reduce(view, line.changes);
  }
}

/** A view with what has changed of it. What has not stays the same object. Pure; a part of something that is not known is nothing. */
export function reduce(view: View, changes: ViewChanges): View {
  return {
    daemon: changes.daemon ? { ...view.daemon, ...changes.daemon } : view.daemon,
    machine: changes.machine ? { ...view.machine, ...changes.machine } : view.machine,
    processes: reduceTable(view.processes, changes.processes, 'pid'),
    rooms: reduceTable(view.rooms, changes.rooms, 'name'),
    viewers: reduceViewers(view.viewers, changes.viewers),
  };
}

/** Both changes as one, the later on top: `reduce` with it gives what it gives with one after the other. Pure. */
export function together(before: ViewChanges, after: ViewChanges): ViewChanges {
  const both = {
    daemon: piecesTogether(before.daemon, after.daemon),
    machine: piecesTogether(before.machine, after.machine),
    processes: tablesTogether(before.processes, after.processes, 'pid'),
    rooms: tablesTogether(before.rooms, after.rooms, 'name'),
    viewers: viewersTogether(before.viewers, after.viewers),
  };
  return Object.fromEntries(Object.entries(both).filter(([, changes]) => changes)) as ViewChanges;
}

function piecesTogether<T extends object>(before: T | undefined, after: T | undefined): T | undefined {
  return before && after ? { ...before, ...after } : (before ?? after);
}

function reduceTable<T extends object>(
  table: Table<T>,
  changes: TableChanges<T> | undefined,
  key: keyof T & string,
): Record<string, T> {
  if (!changes) return table;
  const changed = Object.entries(changes).flatMap(([id, change]): [string, T][] => {
    if (!change) return [];
    if (key in change) return [[id, change as T]];
    // Its own, since a room may be called `constructor`.
    const known = Object.hasOwn(table, id) ? table[id] : undefined;
    return known ? [[id, { ...known, ...change }]] : [];
  });
  const after = { ...table, ...Object.fromEntries(changed) };
  for (const [id, change] of Object.entries(changes)) if (!change) delete after[id];
  return after;
}

function reduceViewers(viewers: View['viewers'], changes: ViewChanges['viewers']): View['viewers'] {
  if (!changes) return viewers;
  const after = new Map(Object.entries(viewers));
  for (const [room, table] of Object.entries(changes)) {
    const here = reduceTable(after.get(room) ?? {}, table, 'id');
    if (Object.keys(here).length > 0) after.set(room, here);
    else after.delete(room);
  }
  return Object.fromEntries(after);
}

function tablesTogether<T extends object>(
  before: TableChanges<T> | undefined,
  after: TableChanges<T> | undefined,
  key: keyof T & string,
): Record<string, Partial<T> | null> | undefined {
  if (!before || !after) return before ?? after;
  const merged = new Map(Object.entries(before));
  for (const [id, later] of Object.entries(after)) {
    const earlier = merged.get(id);
    if (!merged.has(id) || !later || key in later) merged.set(id, later);
    // A part of what is gone is nothing.
    else if (earlier) merged.set(id, { ...earlier, ...later });
  }
  return Object.fromEntries(merged);
}

function viewersTogether(
  before: ViewChanges['viewers'],
  after: ViewChanges['viewers'],
): ViewChanges['viewers'] {
  if (!before || !after) return before ?? after;
  const rooms = new Set([...Object.keys(before), ...Object.keys(after)]);
  const of = (changes: NonNullable<ViewChanges['viewers']>, room: string) =>
    Object.hasOwn(changes, room) ? changes[room] : undefined;
  return Object.fromEntries(
    [...rooms].map((room) => [room, tablesTogether(of(before, room), of(after, room), 'id') ?? {}]),
  );
}
